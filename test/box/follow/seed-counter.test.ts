import test from 'ava'
import { seedCounter } from '../../../src/box/follow/seed-counter.ts'
import { startTracker } from '../../kit/tracker.ts'

const infoHash = 'c12fe1c06bba254a9dc9f519b335aa7c1367a88a'

test('seeds are those that the DHT or a tracker knows, whichever knows more, and no tracker at a private address is asked', async t => {
  const { announce: url } = await startTracker(t, 'http')
  const hash = infoHash.replace(/../g, pair => `%${pair}`)
  for (const port of [1, 2])
    await fetch(`${url}?info_hash=${hash}&peer_id=${'a'.repeat(20)}&port=${port}&left=0`)
  const torrent = { infoHash, trackers: [url] }
  const asked: string[] = []
  const inDht = (peers: number) => async (looked: string) => {
    asked.push(looked)
    return peers
  }
  const seeds = async (peers: number, allowsPrivate: boolean) =>
    (await seedCounter(inDht(peers))({ ...torrent, allowsPrivate }, {}))?.seeds
  t.is(await seeds(0, true), 2)
  t.is(await seeds(5, true), 5)
  t.is(await seeds(0, false), undefined)
  t.is(await seeds(1, false), 1)
  t.deepEqual(new Set(asked), new Set([infoHash]))
})
