import { randomBytes } from 'node:crypto'
import test from 'ava'
import { Bitfield, type Metainfo } from '../../src/core/index.ts'
import { loadNative } from '../kit/engines.ts'
import { watchLoop } from '../kit/hostile/loop.ts'
import { RawPeer } from '../kit/hostile/raw-peer.ts'
import { allPieces, hello, message, numbers, say } from '../kit/hostile/speech.ts'
import { fetchInto, joinTorrent, serve, startEngine, startVictim } from '../kit/hostile/victim.ts'
import { makeTorrent } from '../kit/made-torrent.ts'
import { sampleBytes } from '../kit/sample-files.ts'
import { waitUntil } from '../kit/wait-until.ts'

const native = await loadNative()
const manyPieces = 100_000
/** The threat table says 50 ms; the rest is for the attackers, who run in the same thread, and for its collector. */
const longestTurnMs = 150

test(`${native.name}: what happens to one torrent does not reach another of the same engine`, async t => {
  const victim = await startVictim(t, native.factory)
  const content = sampleBytes(8_000_000)
  const metainfo = makeTorrent('other.avi', content, 65_536)
  const source = await startEngine(t, native.factory, { limits: { uploadBytesPerSecond: 4_000_000 } })
  serve(source, metainfo, content)
  const other = fetchInto(victim.engine, metainfo)
  other.torrent.addPeer(`127.0.0.1:${source.port}`, 'manual')
  let isDone = false
  const attack = async () => {
    while (!isDone) {
      const peer = await victim.greet().catch(() => undefined)
      await peer?.sayAll(Buffer.concat([say.unchoke, say.bitfield(allPieces(24)), randomBytes(20_000)]))
      peer?.destroy()
    }
  }
  const attacks = [attack(), attack(), attack()]
  await other.complete
  isDone = true
  await Promise.all(attacks)
  t.true(other.store.content.equals(content))
  t.deepEqual(
    other.torrent.peers().map(({ source }) => source),
    ['manual'],
  )
  await victim.survives()
})

/** A torrent of nothing but zeros, so that a hundred thousand pieces need one hash. */
function zeroTorrent(pieceCount: number): Metainfo {
  const pieceLength = 16_384
  const one = makeTorrent('zeros.bin', Buffer.alloc(pieceLength), pieceLength)
  const sizeBytes = pieceLength * pieceCount
  const pieces = Buffer.alloc(20 * pieceCount)
  for (let piece = 0; piece < pieceCount; piece++) pieces.set(one.pieces!, piece * 20)
  const files = [{ ...one.files[0]!, sizeBytes }]
  return { ...one, pieceCount, pieces, contentLength: sizeBytes, sizeBytes, files }
}

test.serial(
  `${native.name}: peers that say much of a hundred thousand pieces do not hold up the loop`,
  async t => {
    const engine = await startEngine(t, native.factory, { maxPeers: 100 })
    const metainfo = zeroTorrent(manyPieces)
    const torrent = joinTorrent(engine, metainfo)
    const nothing = async () => {}
    const store = {
      read: nothing,
      readInto: nothing,
      write: nothing,
      writeFrom: nothing,
      flush: nothing,
      close: nothing,
    }
    const [have, wanted] = [new Bitfield(manyPieces), Bitfield.full(manyPieces)]
    torrent.begin({ metainfo, store, have, wanted, webSeeds: [] })
    const half = allPieces(manyPieces).map((byte, index) => (index % 2 === 0 ? byte : 0))
    const haves = Buffer.concat(
      Array.from({ length: 5_000 }, (_, index) => say.have((index * 7_919) % manyPieces)),
    )
    const rejects = Buffer.concat(
      Array.from({ length: 500 }, (_, index) => message(16, numbers(index, 0, 16_384))),
    )
    const loop = watchLoop()
    const peers: RawPeer[] = []
    for (let index = 0; index < 60; index++) {
      const peer = await RawPeer.dial(t, `127.0.0.1:${engine.port}`, `127.0.4.${index + 1}`)
      peers.push(peer)
      peer.say(hello({ infoHash: metainfo.infoHash! }))
      await peer.hello
      await peer.sayAll(say.bitfield(half))
      await peer.sayAll(Buffer.concat([haves, say.unchoke, say.choke, say.unchoke]))
    }
    await waitUntil('some of them are asked', () => peers.some(peer => peer.bytesHeard > 68 + 17 * 10))
    for (const peer of peers) peer.say(rejects)
    for (const peer of peers) peer.destroy()
    await waitUntil('all have gone', () => torrent.peers().length === 0)
    const longest = loop.end()
    t.log(`${Math.round(longest)} ms at most`)
    t.true(longest < longestTurnMs, `the loop was held up for ${Math.round(longest)} ms`)
  },
)
