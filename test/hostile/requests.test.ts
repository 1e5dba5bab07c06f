import test from 'ava'
import { loadNative } from '../kit/engines.ts'
import { type Attack, testAttacks } from '../kit/hostile/attacks.ts'
import { watchLoop } from '../kit/hostile/loop.ts'
import { heldBytes } from '../kit/hostile/memory.ts'
import { say } from '../kit/hostile/speech.ts'
import { startVictim } from '../kit/hostile/victim.ts'
import { waitUntil } from '../kit/wait-until.ts'

const native = await loadNative()
const far = 0xffffffff
const block = 16_384
const mebibyte = 1024 * 1024

/** Comes as far as being allowed to ask, then asks. */
const asking =
  (...requests: readonly (readonly [piece: number, begin: number, length: number])[]): Attack =>
  async peer => {
    peer.say(say.interested)
    await peer.next(1)
    await peer.sayAll(
      Buffer.concat(requests.map(([piece, begin, length]) => say.request(piece, begin, length))),
    )
  }

const many = <T>(count: number, one: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => one(index))

testAttacks(native, {
  'a request for a piece past the end': asking([24, 0, block], [far, 0, block], [0x80000000, 0, block]),
  'a request that begins past the end of its piece': asking(
    [0, 32_768, block],
    [0, far, block],
    [0, far - block + 1, block],
  ),
  'a request that ends past the end of its piece': asking([0, 32_767, block], [0, block, block + 1]),
  'a request past the end of the torrent': asking([23, block, block]),
  'a request for nothing': asking([0, 0, 0]),
  'a request for four gigabytes': asking([0, 0, far]),
  'a request for a whole piece of 128 KiB': asking([0, 0, 131_072]),
  'a request for a piece that is not held': asking([1, 0, block]),
  'requests before it is allowed to': peer =>
    peer.sayAll(Buffer.concat(many(1_000, index => say.request(index % 24, 0, block)))),
  'requests for single bytes': asking(...many(2_000, index => [0, index, 1] as const)),
  'the same request a thousand times': asking(...many(1_000, () => [0, 0, block] as const)),
  'requests that are taken back at once': async peer => {
    peer.say(say.interested)
    await peer.next(1)
    const pairs = many(2_000, index => [say.request(index % 24, 0, block), say.cancel(index % 24, 0, block)])
    await peer.sayAll(Buffer.concat(pairs.flat()))
  },
  'cancels of what was never asked': peer =>
    peer.sayAll(Buffer.concat(many(5_000, index => say.cancel(index, far, far)))),
  'a request, and hangs up': async (peer, victim) => {
    await asking([0, 0, block], [2, 0, block])(peer, victim)
    peer.destroy()
  },
})

test.serial(`${native.name}: whoever asks without end and reads nothing costs little memory`, async t => {
  const victim = await startVictim(t, native.factory, { init: { maxPeers: 100 } })
  const peers = await Promise.all(many(8, () => victim.greet()))
  for (const peer of peers) peer.say(say.interested)
  const isAllowed = await Promise.all(
    peers.map(peer =>
      Promise.race([peer.next(1).then(() => true), peer.ended.then(() => false)]).catch(() => false),
    ),
  )
  t.true(isAllowed.some(Boolean), 'somebody may ask')
  const before = heldBytes()
  for (const peer of peers) peer.socket.pause()
  const requests = Buffer.concat(
    many(20_000, index => say.request((index % 12) * 2, (index % 2) * block, block)),
  )
  for (const peer of peers) peer.say(requests)
  await victim.survives()
  // What waits for them is held until they read; garbage is not meant.
  const grown = heldBytes() - before
  // What is read is kept in one cache for all: docs/limits.md has its size.
  t.true(grown < 96 * mebibyte, `${grown} bytes for 160,000 requests of 16 KiB`)
})

test.serial(`${native.name}: peers that ask and never read keep nobody from being served`, async t => {
  const pieceCount = 2_000
  const victim = await startVictim(t, native.factory, {
    init: { maxPeers: 100 },
    pieceCount,
    holds: () => true,
  })
  const greedy = await Promise.all(many(45, index => victim.greet({ peerId: Buffer.alloc(20, index + 1) })))
  const asked = greedy.map(async (peer, index) => {
    peer.say(say.interested)
    await peer.next(1)
    peer.socket.pause()
    const first = index * 32
    for (let piece = first; piece < first + 32; piece++)
      peer.say(say.request(piece, 0, block), say.request(piece, block, block))
  })
  await Promise.race([
    Promise.all(asked),
    waitUntil('most of them may ask', () => greedy.filter(peer => peer.socket.isPaused()).length > 35),
  ])
  await victim.survives()
})

test.serial(
  `${native.name}: who has a long list searched over and over is hung up on, and who takes all of it back is not`,
  async t => {
    const victim = await startVictim(t, native.factory, {
      init: { limits: { uploadBytesPerSecond: 20_000 } },
    })
    const ask = async () => {
      const peer = await victim.greet()
      peer.say(say.interested)
      await peer.next(1)
      await peer.sayAll(Buffer.concat(many(1_900, index => say.request(0, index, 1))))
      return peer
    }
    const honest = await ask()
    await honest.sayAll(Buffer.concat(many(1_900, index => say.cancel(0, 1_899 - index, 1))))
    const hostile = await ask()
    const flood = Buffer.concat(many(60_000, index => say.cancel(0, far, index)))
    const loop = watchLoop()
    await hostile.sayAll(flood)
    await hostile.ended
    t.true(loop.end() < 150)
    honest.say(say.request(2, 0, 1))
    await honest.next(7)
    t.false(honest.isOver)
  },
)
