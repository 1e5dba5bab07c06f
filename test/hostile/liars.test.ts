import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { createTorrent } from '../../src/index.ts'
import { completed } from '../kit/completed.ts'
import { loadNative } from '../kit/engines.ts'
import { RawPeer } from '../kit/hostile/raw-peer.ts'
import { actAsSeed, type RawSeedInit, startRawSeed } from '../kit/hostile/raw-seed.ts'
import { facts, fetchInto, serve, startEngine } from '../kit/hostile/victim.ts'
import { makeTorrent } from '../kit/made-torrent.ts'
import { sameContent, sampleBytes, writeSampleFile } from '../kit/sample-files.ts'
import { addressOf, startSwarm } from '../kit/swarm.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'
import { waitUntil } from '../kit/wait-until.ts'

const native = await loadNative()
const pieceLength = 131_072
const sizeBytes = 6_000_000
/** Slow enough that the liar gets its share of what is asked for. */
const honestBytesPerSecond = 3_000_000

type Lie = NonNullable<RawSeedInit['block']>

const flipped = (block: Buffer) => {
  block[block.length >> 1]! ^= 1
  return block
}

const lies: Record<string, Lie> = {
  'lies in every block': (_piece, _begin, block) => flipped(block),
  'lies in one block of each piece': (_piece, begin, block) => (begin === 32_768 ? flipped(block) : block),
  'lies in every third piece': (piece, _begin, block) => (piece % 3 === 0 ? flipped(block) : block),
  'sends zeros': (_piece, _begin, block) => Buffer.alloc(block.length),
  'sends the bytes of the piece before': (_piece, begin, block) =>
    begin === 0 ? Buffer.from(block).reverse() : block,
}

/** An honest engine and liars that have the same torrent, and an engine that begins to fetch it. */
async function meet(t: ExecutionContext, liars: readonly RawSeedInit[], options: { honest: boolean }) {
  const content = sampleBytes(sizeBytes, t.title)
  const metainfo = makeTorrent('clip.avi', content, pieceLength)
  const seeds = await Promise.all(liars.map(init => startRawSeed(t, { ...init, metainfo, content })))
  const sink = await startEngine(t, native.factory)
  const fetching = fetchInto(sink, metainfo)
  const banned: string[] = []
  fetching.torrent.on('banned', address => banned.push(address))
  for (const { address } of seeds) fetching.torrent.addPeer(address, 'manual')
  if (options.honest) {
    const source = await startEngine(t, native.factory, {
      limits: { uploadBytesPerSecond: honestBytesPerSecond },
    })
    serve(source, metainfo, content)
    fetching.torrent.addPeer(`127.0.0.1:${source.port}`, 'manual')
  }
  return { content, metainfo, seeds, sink, ...fetching, banned }
}

/** What a raw seed is made of; `meet` fills in the rest. */
const liar = (block: Lie, host?: string) => ({ block, ...(host ? { host } : {}) }) as RawSeedInit

for (const [what, lie] of Object.entries(lies))
  test(`${native.name}: a seed that ${what} is banned, and a quarter is not wasted with an honest one there`, async t => {
    const { have, store, content, torrent, banned, seeds } = await meet(t, [liar(lie)], { honest: true })
    await waitUntil('all is here', () => have.isFull, { state: () => facts(torrent) })
    t.true(store.content.equals(content))
    t.true(seeds[0]!.sentBytes() > 0, 'the liar had its chance')
    const { wastedBytes, bannedPeers } = torrent.stats()
    t.true(wastedBytes < sizeBytes / 4, `${wastedBytes} of ${sizeBytes} bytes were wasted`)
    t.deepEqual(banned.map(hostOf), ['127.0.0.66'])
    t.is(bannedPeers, 1)
    t.true(
      torrent.peers().every(({ address }) => address.startsWith('127.0.0.1:')),
      'only the honest one is still there',
    )
  })

test(`${native.name}: five liars beside an honest seed are found one by one`, async t => {
  const hosts = [2, 3, 4, 5, 6].map(host => `127.0.0.${host}`)
  const { have, store, content, torrent, banned } = await meet(
    t,
    hosts.map((host, index) => liar(Object.values(lies)[index]!, host)),
    { honest: true },
  )
  await waitUntil('all is here', () => have.isFull, { state: () => facts(torrent) })
  t.true(store.content.equals(content))
  t.true(
    banned.every(address => hosts.includes(hostOf(address))),
    `banned: ${banned}`,
  )
  t.true(torrent.stats().wastedBytes < sizeBytes, `${torrent.stats().wastedBytes} bytes were wasted`)
})

test(`${native.name}: liars alone waste no more than a few pieces each`, async t => {
  const hosts = [2, 3, 4].map(host => `127.0.0.${host}`)
  const { torrent, have, banned, seeds } = await meet(
    t,
    hosts.map(host => liar(lies['lies in every block']!, host)),
    { honest: false },
  )
  await waitUntil('all are banned', () => new Set(banned.map(hostOf)).size === 3, {
    state: () => facts(torrent),
  })
  t.is(have.count, 0)
  t.deepEqual(torrent.peers(), [])
  t.is(torrent.stats().bannedPeers, 3)
  const sent = seeds.reduce((sum, seed) => sum + seed.sentBytes(), 0)
  t.true(
    torrent.stats().wastedBytes <= 3 * 8 * pieceLength,
    `${torrent.stats().wastedBytes} bytes were wasted`,
  )
  t.true(torrent.stats().wastedBytes > 0 && sent < 3 * 24 * pieceLength, `${sent} bytes were sent`)
})

test(`${native.name}: who was banned does not come back by connecting itself`, async t => {
  const { torrent, banned, sink, metainfo, content } = await meet(t, [liar(lies['sends zeros']!)], {
    honest: false,
  })
  await waitUntil('it is banned', () => banned.length === 1, { state: () => facts(torrent) })
  const wasted = torrent.stats().wastedBytes
  for (let attempt = 0; attempt < 5; attempt++) {
    const peer = await RawPeer.dial(t, `127.0.0.1:${sink.port}`)
    actAsSeed(peer, { metainfo, content, block: lies['sends zeros']! })
    await peer.ended
  }
  t.is(torrent.stats().wastedBytes, wasted)
})

test(`${native.name}: an incoming liar is banned as well`, async t => {
  const { torrent, banned, sink, metainfo, content } = await meet(t, [], { honest: false })
  const peer = await RawPeer.dial(t, `127.0.0.1:${sink.port}`)
  actAsSeed(peer, { metainfo, content, block: lies['lies in every block']! })
  await peer.ended
  await waitUntil('it is banned', () => banned.length === 1, { state: () => facts(torrent) })
  t.is(hostOf(banned[0]!), '127.0.0.66')
})

test(`${native.name}: a piece of which a liar and an honest peer each gave a part costs the honest one nothing`, async t => {
  // The last block of each piece is refused by the liar, so that somebody else has to give it.
  const withhold: Lie = (_piece, begin, block) =>
    begin === pieceLength - 16_384 ? undefined : begin === 0 ? flipped(block) : block
  const { have, store, content, torrent, banned } = await meet(t, [liar(withhold)], { honest: true })
  await waitUntil('all is here', () => have.isFull, { state: () => facts(torrent) })
  t.true(store.content.equals(content))
  t.true(
    banned.every(address => hostOf(address) === '127.0.0.66'),
    `banned: ${banned}`,
  )
})

function hostOf(address: string): string {
  return address.slice(0, address.lastIndexOf(':')) || address
}

test(`${native.name}: a transfer that meets liars alone says that it is because of them`, async t => {
  const path = await writeSampleFile(join(await temporaryFolder(t), 'clip.avi'), sizeBytes)
  const { metainfo } = await createTorrent(path, { pieceLength })
  const content = await readFile(path)
  const seed = await startRawSeed(t, { metainfo, content, block: lies['lies in every block']! })
  const swarm = await startSwarm(t, { engine: native.factory })
  const out = await temporaryFolder(t)
  const copy = await swarm.get(metainfo, { out, peers: [seed.address] })
  await waitUntil('it says so', () => copy.stats().trouble === 'only-liars', { state: () => copy.stats() })
  t.is(copy.stats().bannedPeers, 1)
  t.is(copy.stats().haveBytes, 0)
  const honest = await startSwarm(t, { engine: native.factory })
  await honest.seed(path, { pieceLength })
  copy.addPeer(addressOf(honest))
  await completed(copy)
  t.is(copy.stats().trouble, undefined)
  await sameContent(t, copy.path!, path)
})

test(`${native.name}: a hybrid torrent that contradicts itself fails, and nobody is banned for it`, async t => {
  const path = await writeSampleFile(join(await temporaryFolder(t), 'clip.avi'), 300_000)
  const { metainfo } = await createTorrent(path, { format: 'hybrid', pieceLength: 65_536 })
  const pieces = Buffer.from(metainfo.pieces)
  pieces[0]! ^= 1
  const torn = { ...metainfo, pieces }
  const [source, sink] = [await startEngine(t, native.factory), await startEngine(t, native.factory)]
  serve(source, torn, await readFile(path))
  const { torrent, have } = fetchInto(sink, torn)
  torrent.on('banned', () => t.fail('somebody was banned'))
  torrent.on('corrupt', () => t.fail('a piece was asked for again'))
  torrent.addPeer(`127.0.0.1:${source.port}`, 'manual')
  const [error] = await once(torrent, 'failed')
  t.is(error.code, 'ERR_INVALID_TORRENT')
  t.regex(error.message, /contradict/)
  t.false(have.has(0))
})
