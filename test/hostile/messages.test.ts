import { randomBytes } from 'node:crypto'
import test from 'ava'
import fc from 'fast-check'
import { loadNative } from '../kit/engines.ts'
import { type Attack, testAttacks } from '../kit/hostile/attacks.ts'
import { watchMemory } from '../kit/hostile/memory.ts'
import { allPieces, claimed, message, numbers, say } from '../kit/hostile/speech.ts'
import { startVictim } from '../kit/hostile/victim.ts'
import { waitUntil } from '../kit/wait-until.ts'

const native = await loadNative()
const mebibyte = 1024 * 1024
const far = 0xffffffff
/** Of BEP 3, 5, 6, 10 and 52, and some that are nobody's. */
const ids = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 14, 15, 16, 17, 20, 21, 22, 23, 24, 99, 255]

const saying =
  (...parts: readonly Uint8Array[]): Attack =>
  peer =>
    peer.sayAll(Buffer.concat(parts))

const tooLong: Record<string, Attack> = {
  'a length of four gigabytes': saying(claimed(far)),
  'a length of one byte past a mebibyte': saying(claimed(mebibyte + 1, Buffer.from([5]))),
  'an extension of two mebibytes': saying(claimed(2 * mebibyte, Buffer.from([20, 0]))),
  'a block of half a mebibyte': saying(claimed(mebibyte / 2, Buffer.from([7]), numbers(1, 0))),
  'a block shorter than its own header': saying(claimed(5, Buffer.from([7]), numbers(1))),
}
testAttacks(native, tooLong, { endsIt: true })

const harmless: Record<string, Attack> = {
  'every message without a body': saying(...ids.map(id => message(id))),
  'every message with one byte': saying(...ids.filter(id => id !== 7).map(id => message(id, randomBytes(1)))),
  'every message with three bytes': saying(
    ...ids.filter(id => id !== 7).map(id => message(id, Buffer.alloc(3, 0xff))),
  ),
  'every message with five bytes': saying(
    ...ids.filter(id => id !== 7).map(id => message(id, Buffer.alloc(5, 0xff))),
  ),
  'every message with thirteen bytes': saying(...ids.map(id => message(id, Buffer.alloc(13, 0xff)))),
  'every message with 40 bytes': saying(...ids.map(id => message(id, Buffer.alloc(40)))),
  'every message with 60 kB': saying(...ids.map(id => message(id, Buffer.alloc(60_000, 0x41)))),
  'messages that nobody knows': saying(
    ...[10, 11, 12, 18, 19, 24, 100, 200, 255].map(id => message(id, randomBytes(50))),
  ),
  'a hundred thousand keep-alives': saying(Buffer.alloc(400_000)),
  'thousands of chokes and unchokes': saying(
    ...Array.from({ length: 5_000 }, () => Buffer.concat([say.choke, say.unchoke])),
  ),
  'thousands of interested and not': saying(
    ...Array.from({ length: 5_000 }, () => Buffer.concat([say.interested, say.notInterested])),
  ),
  'a have past the end': saying(say.have(24), say.have(far), say.have(0x80000000)),
  'the same have ten thousand times': saying(...Array.from({ length: 10_000 }, () => say.have(1))),
  'a bitfield that is too short': saying(say.bitfield(Buffer.alloc(2, 0xff))),
  'a bitfield that is too long': saying(say.bitfield(Buffer.alloc(500_000, 0xff))),
  'a bitfield with spare bits': saying(
    say.bitfield(Buffer.alloc(3, 0xff)),
    say.bitfield(Buffer.alloc(3, 0xff)),
  ),
  'a bitfield after other messages': saying(say.have(1), say.interested, say.bitfield(allPieces(24))),
  'have all, have none and a bitfield by turns': saying(
    ...Array.from({ length: 500 }, () =>
      Buffer.concat([say.haveAll, say.haveNone, say.bitfield(allPieces(24))]),
    ),
  ),
  'a block that nobody asked for': saying(say.unchoke, say.block(1, 0, randomBytes(16_384))),
  'a block past the end': saying(
    say.block(24, 0, randomBytes(16_384)),
    say.block(far, far, randomBytes(16_384)),
    say.block(1, far, randomBytes(16_384)),
    say.block(1, 32_760, randomBytes(16_384)),
    say.block(23, 16_384, randomBytes(16_384)),
  ),
  'an empty block': saying(say.block(1, 0, Buffer.alloc(0))),
  'a block of a piece that is held': saying(say.block(0, 0, randomBytes(16_384))),
  'a block at an offset that is none': saying(say.block(1, 7, randomBytes(100))),
  'a hundred thousand bytes of noise': saying(randomBytes(100_000)),
  'DHT ports without end': saying(
    ...Array.from({ length: 3_000 }, (_, port) => message(9, Buffer.from([port >> 8, port & 255]))),
  ),
  'suggestions and allowances of pieces that are none': saying(
    ...Array.from({ length: 3_000 }, (_, piece) => [
      message(13, numbers(piece + 24)),
      message(17, numbers(piece + 24)),
    ]).flat(),
  ),
  'rejects of what was never asked': saying(
    ...Array.from({ length: 3_000 }, (_, piece) => message(16, numbers(piece, 0, 16_384))),
  ),
  'questions for hashes that are none': saying(
    ...[0, 1, 31, 32, far].map(n => message(21, Buffer.alloc(32, 0xab), numbers(n, n, n, n))),
  ),
  'hashes that nobody asked for': saying(
    message(22, Buffer.alloc(32), numbers(0, 0, 2, 0), Buffer.alloc(64)),
    message(22, Buffer.alloc(32), numbers(0, 0, far, far), Buffer.alloc(32 * 1_000)),
    message(23, Buffer.alloc(32), numbers(far, far, far, far)),
  ),
}
testAttacks(native, harmless)

test(`${native.name}: any series of messages does no harm`, async t => {
  const victim = await startVictim(t, native.factory)
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc
      .array(fc.oneof(fc.constantFrom(0, 1, 23, 24, far, 16_384), fc.nat()), { maxLength: 5 })
      .map(list => numbers(...list)),
  )
  const messages = fc.array(fc.tuple(fc.oneof(fc.constantFrom(...ids), fc.nat(255)), body), {
    minLength: 1,
    maxLength: 30,
  })
  await fc.assert(
    fc.asyncProperty(messages, async series => {
      const peer = await victim.greet()
      await peer.sayAll(Buffer.concat(series.map(([id, bytes]) => message(id, bytes))))
      peer.socket.end()
      await peer.ended
    }),
    { numRuns: 60 },
  )
  await victim.survives()
})

test.serial(
  `${native.name}: what many messages claim to be long costs nothing until it has come`,
  async t => {
    const victim = await startVictim(t, native.factory, { init: { maxPeers: 300 } })
    const memory = watchMemory()
    const peers = await Promise.all(Array.from({ length: 40 }, () => victim.greet()))
    await Promise.all(peers.map(peer => peer.sayAll(claimed(mebibyte, Buffer.from([20, 1])))))
    await Promise.all(peers.map(peer => peer.sayAll(Buffer.alloc(100))))
    await waitUntil('it has heard of it', () => peers.every(peer => peer.isOver || peer.bytesHeard > 68))
    t.true(memory.end() < 16 * mebibyte, `${memory.end()} bytes for 40 claims of a mebibyte`)
    for (const peer of peers) peer.destroy()
    await victim.survives()
  },
)
