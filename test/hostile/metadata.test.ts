import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import test, { type ExecutionContext } from 'ava'
import { loadNative } from '../kit/engines.ts'
import { watchMemory } from '../kit/hostile/memory.ts'
import { type RawSeedInit, startRawSeed } from '../kit/hostile/raw-seed.ts'
import { say } from '../kit/hostile/speech.ts'
import { facts, joinTorrent, serve, startEngine } from '../kit/hostile/victim.ts'
import { makeTorrent } from '../kit/made-torrent.ts'
import { sampleBytes } from '../kit/sample-files.ts'
import { waitUntil } from '../kit/wait-until.ts'

const native = await loadNative()
const mebibyte = 1024 * 1024
/** 2,500 pieces: the metadata is four pieces of 16 KiB itself. */
const content = sampleBytes(2_500 * 16_384)
const metainfo = makeTorrent('clip.avi', content, 16_384)
const size = metainfo.infoBytes.length

type Bad = Pick<RawSeedInit, 'infoBytes' | 'metadataSize' | 'onPeer'>

const flipped = Buffer.from(metainfo.infoBytes)
flipped[size - 5]! ^= 1

const bad: Record<string, Bad> = {
  'another metadata of the same length': { infoBytes: randomBytes(size) },
  'a metadata with one bit turned': { infoBytes: flipped },
  'a metadata that is cut short': { infoBytes: metainfo.infoBytes.subarray(0, 20_000) },
  'less than it said': { infoBytes: metainfo.infoBytes.subarray(0, 100), metadataSize: size },
  'a metadata with more behind it': { infoBytes: Buffer.concat([metainfo.infoBytes, randomBytes(40_000)]) },
  'a claim of ten megabytes': { metadataSize: 10_000_000 },
  'a claim of two gigabytes': { metadataSize: 2 ** 31 - 1 },
  'a claim of nothing': { metadataSize: 0 },
  'a claim of less than nothing': { metadataSize: -1 },
  'a metadata of one byte': { infoBytes: Buffer.from('d') },
  'the metadata of another torrent': {
    infoBytes: makeTorrent('other.avi', sampleBytes(50_000), 16_384).infoBytes,
  },
}

/** An engine that knows a torrent by its info-hash alone, and notes what it takes for its metadata. */
async function start(t: ExecutionContext) {
  const engine = await startEngine(t, native.factory)
  const torrent = joinTorrent(engine, metainfo)
  const taken: Uint8Array[] = []
  torrent.on('metadata', bytes => taken.push(bytes))
  return { torrent, taken }
}

async function addHonest(t: ExecutionContext, torrent: { addPeer(address: string, source: 'manual'): void }) {
  const source = await startEngine(t, native.factory)
  serve(source, metainfo, content)
  torrent.addPeer(`127.0.0.1:${source.port}`, 'manual')
}

for (const [what, init] of Object.entries(bad))
  test(`${native.name}: ${what} is not taken for the metadata, and the true one is`, async t => {
    const { torrent, taken } = await start(t)
    const seed = await startRawSeed(t, { metainfo, content, ...init })
    torrent.addPeer(seed.address, 'manual')
    await waitUntil('the liar was met', () => seed.peers.length > 0)
    const known = once(torrent, 'metadata')
    await addHonest(t, torrent)
    await known
    t.is(taken.length, 1)
    t.true(Buffer.from(metainfo.infoBytes).equals(taken[0]!))
  })

test.serial(`${native.name}: ten liars at once do not keep the true metadata away`, async t => {
  const { torrent, taken } = await start(t)
  const known = once(torrent, 'metadata')
  const memory = watchMemory()
  for (const [index, init] of Object.values(bad).entries()) {
    const seed = await startRawSeed(t, { metainfo, content, host: `127.0.0.${index + 2}`, ...init })
    torrent.addPeer(seed.address, 'manual')
  }
  await addHonest(t, torrent)
  await known
  t.true(Buffer.from(metainfo.infoBytes).equals(taken[0]!))
  const grown = memory.end()
  t.true(grown < 64 * mebibyte, `${grown} bytes`)
})

test(`${native.name}: a peer that promises metadata and never sends it is passed by`, async t => {
  const { torrent, taken } = await start(t)
  const silent = await startRawSeed(t, {
    metainfo,
    content,
    onPeer: peer => {
      peer.say(say.extended(0, { m: { ut_metadata: 7 }, metadata_size: size }))
    },
    infoBytes: Buffer.alloc(0),
    metadataSize: size,
  })
  torrent.addPeer(silent.address, 'manual')
  await waitUntil('it was met', () => silent.peers.length > 0)
  const known = once(torrent, 'metadata')
  await addHonest(t, torrent)
  await known
  t.is(taken.length, 1)
})

test(`${native.name}: fake metadata alone is never taken, and its sender not asked without end`, async t => {
  const { torrent, taken } = await start(t)
  const seed = await startRawSeed(t, { metainfo, content, infoBytes: randomBytes(size) })
  torrent.addPeer(seed.address, 'manual')
  let asked = 0
  await waitUntil(
    'it was asked and found out',
    () => {
      asked = Math.max(asked, seed.peers.length)
      return torrent.peers().length === 0 && asked > 0
    },
    { state: () => facts(torrent) },
  )
  t.deepEqual(taken, [])
  t.true(seed.peers.length <= 3, `${seed.peers.length} connections to a liar`)
})
