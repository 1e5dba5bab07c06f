import test from 'ava'
import { DhtLookups } from '../../../src/swarm/discovery/dht-lookups.ts'
import { FakeClock } from '../../kit/fake-clock.ts'
import { waitUntil } from '../../kit/wait-until.ts'

interface Walk {
  readonly infoHash: string
  readonly onPeer: (address: string) => void
  readonly signal: AbortSignal
  readonly end: () => void
}

/** A DHT whose walks end when a test says so. */
function fakeDht() {
  const walks: Walk[] = []
  const announced: [string, number][] = []
  return {
    walks,
    announced,
    findPeers: (
      infoHash: string,
      onPeer: (address: string) => void,
      { signal }: { signal?: AbortSignal } = {},
    ) =>
      new Promise<void>((resolve, reject) => {
        walks.push({ infoHash, onPeer, signal: signal!, end: resolve })
        signal!.addEventListener('abort', () => reject(signal!.reason))
      }),
    announcePeer: async (infoHash: string, port: number) => {
      announced.push([infoHash, port])
      return 1
    },
  }
}

const hash = (index: number) => index.toString(16).padStart(40, '0')
const soon = { intervalMs: 1 }

test('A torrent is looked up when it is added, announced, and looked up ever more seldom while nobody is found', async t => {
  const [dht, clock] = [fakeDht(), new FakeClock()]
  const lookups = new DhtLookups(dht, () => 6881, clock)
  const peers: string[] = []
  lookups.add(hash(1), { onPeers: addresses => peers.push(...addresses) })
  t.is(dht.walks.length, 0, 'it is not started')
  lookups.start()
  const waits: number[] = []
  for (let count = 1; count <= 10; count++) {
    await waitUntil('it is looked up', () => dht.walks.length === count, soon)
    dht.walks.at(-1)!.end()
    waits.push(await waitUntil('it waits', () => clock.nextMs, soon))
    clock.move(waits.at(-1)!)
  }
  t.deepEqual(
    waits.map(ms => ms / 1_000),
    [5, 10, 20, 40, 80, 160, 320, 640, 900, 900],
  )
  t.deepEqual(dht.announced, Array(10).fill([hash(1), 6881]))
  await lookups.stop()
})

test('Once a peer was found a torrent is looked up every 15 minutes', async t => {
  const [dht, clock] = [fakeDht(), new FakeClock()]
  const lookups = new DhtLookups(dht, () => 0, clock)
  const peers: string[] = []
  lookups.start()
  lookups.add(hash(1), { onPeers: addresses => peers.push(...addresses) })
  dht.walks[0]!.onPeer('192.0.2.1:1')
  t.deepEqual(peers, ['192.0.2.1:1'])
  dht.walks[0]!.end()
  t.is(await waitUntil('it waits', () => clock.nextMs, soon), 900_000)
  t.deepEqual(dht.announced, [], 'there is no port')
  await lookups.stop()
  t.is(clock.nextMs, undefined)
})

test('Of 5,000 torrents eight are looked up at once, and those that are new before those that were', async t => {
  const [dht, clock] = [fakeDht(), new FakeClock()]
  const lookups = new DhtLookups(dht, () => 6881, clock)
  lookups.start()
  for (let index = 0; index < 5_000; index++) lookups.add(hash(index), { onPeers: () => {} })
  t.is(dht.walks.length, 8)
  for (let ended = 0; ended < 4_999; ended++) {
    await waitUntil('there is one', () => dht.walks.length > ended, { intervalMs: 0 })
    dht.walks[ended]!.end()
    // Those that were looked up are due again long before the last one was.
    if (ended === 2_000) {
      await waitUntil('some wait', () => clock.nextMs !== undefined, soon)
      clock.move(5_000)
    }
  }
  await waitUntil('the first ones come again', () => dht.walks.length >= 5_000, soon)
  t.is(new Set(dht.walks.slice(0, 5_000).map(({ infoHash }) => infoHash)).size, 5_000)
  await lookups.stop()
})

test('A torrent that is removed is not looked up any more, and tells of nobody', async t => {
  const [dht, clock] = [fakeDht(), new FakeClock()]
  const lookups = new DhtLookups(dht, () => 6881, clock)
  const onPeers = () => t.fail()
  lookups.start()
  for (let index = 0; index < 9; index++) lookups.add(hash(index), { onPeers })
  lookups.remove(hash(8))
  lookups.remove(hash(9))
  lookups.remove(hash(0))
  t.true(dht.walks[0]!.signal.aborted)
  dht.walks[0]!.onPeer('192.0.2.1:1')
  for (const { end } of dht.walks) end()
  await waitUntil('the others are announced', () => dht.announced.length === 7, soon)
  t.is(dht.walks.length, 8)
  await lookups.stop()
  t.is(clock.nextMs, undefined)
})

test('A walk that fails is one that found nobody', async t => {
  const clock = new FakeClock()
  const failing = async () => {
    throw new Error('no network')
  }
  const lookups = new DhtLookups({ findPeers: failing, announcePeer: failing }, () => 1, clock)
  lookups.start()
  lookups.add(hash(1), { onPeers: () => {} })
  t.is(await waitUntil('it waits', () => clock.nextMs, soon), 5_000)
  await lookups.stop()
})
