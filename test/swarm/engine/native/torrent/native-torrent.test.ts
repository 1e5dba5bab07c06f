import { once } from 'node:events'
import test, { type ExecutionContext } from 'ava'
import { Bitfield } from '../../../../../src/core/index.ts'
import type { NativeTorrent } from '../../../../../src/swarm/engine/native/torrent/native-torrent.ts'
import { nativeEngine } from '../../../../../src/swarm/engine/native.ts'
import type { Engine } from '../../../../../src/swarm/index.ts'
import { makeTorrent } from '../../../../kit/made-torrent.ts'
import { MemoryStore } from '../../../../kit/memory-store.ts'
import { sampleBytes } from '../../../../kit/sample-files.ts'
import { waitUntil } from '../../../../kit/wait-until.ts'

const pieceLength = 16_384
const pieces = 8
const content = sampleBytes(pieces * pieceLength, 'rest')
const metainfo = makeTorrent('clip.avi', content, pieceLength)

async function start(t: ExecutionContext): Promise<Engine> {
  const engine = nativeEngine({
    ...{ port: 0, dht: false, pex: false, nat: false, maxPeers: 20, iceServers: [], limits: {} },
  })
  t.teardown(() => engine.stop())
  await engine.start()
  return engine
}

function join(engine: Engine, store: MemoryStore, have: Bitfield, wanted: Bitfield): NativeTorrent {
  const torrent = engine.join({ infoHash: metainfo.infoHash!, trackers: [], peers: [], isPrivate: false })
  torrent.begin({ metainfo, store, have, wanted, webSeeds: [] })
  return torrent as NativeTorrent
}

/** Fetches everything from a port, and leaves. */
async function fetchFrom(t: ExecutionContext, port: number): Promise<Buffer> {
  const store = new MemoryStore(content.length)
  const torrent = join(await start(t), store, new Bitfield(pieces), Bitfield.full(pieces))
  const complete = once(torrent, 'complete')
  torrent.addPeer(`127.0.0.1:${port}`, 'manual')
  await complete
  await torrent.leave()
  return store.content
}

const rests = (torrent: NativeTorrent) =>
  waitUntil('it rests', () => {
    torrent.tick(performance.now())
    return !torrent.isActive && torrent.peers().length === 0
  })

test('a torrent that is all here rests until somebody comes, serves, rests again, and counts on', async t => {
  const source = await start(t)
  const seeding = join(source, new MemoryStore(content), Bitfield.full(pieces), Bitfield.full(pieces))
  let completions = 0
  seeding.on('complete', () => completions++)
  t.false(seeding.isActive)
  t.true(seeding.isSeeding)
  for (const times of [1, 2]) {
    t.true((await fetchFrom(t, source.port)).equals(content))
    await rests(seeding)
    t.true(seeding.stats().uploadedBytes >= times * content.length)
  }
  t.is(completions, 1)
})

test('a torrent that rests fetches what is wanted besides', async t => {
  const source = await start(t)
  join(source, new MemoryStore(content), Bitfield.full(pieces), new Bitfield(pieces))
  const half = new Bitfield(pieces, Uint8Array.of(0xf0))
  const store = new MemoryStore(
    Buffer.concat([content.subarray(0, content.length / 2), Buffer.alloc(content.length / 2)]),
  )
  const torrent = join(await start(t), store, new Bitfield(pieces, half.bytes), half)
  await once(torrent, 'complete')
  t.true(torrent.isSeeding)
  torrent.addPeer(`127.0.0.1:${source.port}`, 'manual')
  const complete = once(torrent, 'complete')
  torrent.want(Bitfield.full(pieces))
  t.false(torrent.isSeeding)
  await complete
  t.true(store.content.equals(content))
})

test('a limit that was set at rest holds when somebody comes', async t => {
  const source = await start(t)
  const seeding = join(source, new MemoryStore(content), Bitfield.full(pieces), new Bitfield(pieces))
  seeding.setLimits({ uploadBytesPerSecond: 0 })
  const store = new MemoryStore(content.length)
  const have = new Bitfield(pieces)
  const torrent = join(await start(t), store, have, Bitfield.full(pieces))
  torrent.addPeer(`127.0.0.1:${source.port}`, 'manual')
  await waitUntil('it is asked', () => seeding.peers()[0]?.flags.includes('U'))
  t.true(have.count < pieces)
  const complete = once(torrent, 'complete')
  seeding.setLimits({})
  await complete
  t.true(store.content.equals(content))
})
