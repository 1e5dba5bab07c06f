import test from 'ava'
import fc from 'fast-check'
import {
  type PieceBuffer,
  PieceBuffers,
} from '../../../../../src/swarm/engine/native/storage/piece-buffers.ts'

const kibibyte = 1024

test('a buffer takes its piece, and is a power of two of 16 KiB at least', t => {
  const buffers = new PieceBuffers(() => {})
  for (const [length, size] of [
    [1, 16],
    [16, 16],
    [17, 32],
    [256, 256],
    [300, 512],
  ] as const)
    t.is(buffers.take(length * kibibyte)?.bytes.length, size * kibibyte)
})

test('what comes back is handed out again, for pieces of its size only', t => {
  const buffers = new PieceBuffers(() => t.fail('nothing is dropped within the budget'))
  const first = buffers.take(64 * kibibyte)!
  buffers.giveBack(first)
  t.not(buffers.take(32 * kibibyte), first)
  t.is(buffers.take(50 * kibibyte), first)
  t.not(buffers.take(50 * kibibyte), first)
})

test('nothing is handed out beyond the budget, but four pieces always are', t => {
  const buffers = new PieceBuffers(() => {}, 100 * kibibyte)
  const taken = Array.from({ length: 6 }, () => buffers.take(16 * kibibyte)!)
  t.true(taken.every(Boolean))
  t.false(buffers.hasRoom(16 * kibibyte))
  t.is(buffers.take(16 * kibibyte), undefined)
  const large = new PieceBuffers(() => {}, 100 * kibibyte)
  for (let count = 0; count < 4; count++) t.truthy(large.take(1024 * kibibyte))
  t.is(large.take(1024 * kibibyte), undefined)
})

test('who waits is called once, after something came back, and the same function only once', async t => {
  const buffers = new PieceBuffers(() => {}, 0)
  const taken = Array.from({ length: 4 }, () => buffers.take(16 * kibibyte)!)
  let calls = 0
  const retry = () => {
    calls++
    // It may take what came free, and wait again, without being called in the same breath.
    if (buffers.take(16 * kibibyte)) buffers.whenFree(retry)
  }
  buffers.whenFree(retry)
  buffers.whenFree(retry)
  await Promise.resolve()
  t.is(calls, 0)
  buffers.giveBack(taken[0]!)
  t.is(calls, 0, 'not while the one who gives back is at work')
  await Promise.resolve()
  t.is(calls, 1)
  buffers.giveBack(taken[1]!)
  await Promise.resolve()
  t.is(calls, 2)
})

test('once no piece was begun for half a minute all that is not handed out goes, and nothing else', t => {
  const dropped: number[] = []
  const buffers = new PieceBuffers(id => dropped.push(id))
  const [kept, ...free] = Array.from({ length: 4 }, () => buffers.take(16 * kibibyte)!)
  for (const buffer of free) buffers.giveBack(buffer)
  for (let second = 1; second < 30; second++) buffers.onSecond()
  buffers.giveBack(buffers.take(16 * kibibyte)!)
  for (let second = 1; second < 30; second++) buffers.onSecond()
  t.deepEqual(dropped, [])
  buffers.onSecond()
  t.deepEqual(
    dropped.toSorted(),
    free.map(({ id }) => id),
  )
  t.is(buffers.usedBytes, kept!.bytes.length)
})

test('no buffer is handed out twice, what is held stays within the budget, and dropped ones do not come again', t => {
  const budget = 1024 * kibibyte
  const steps = fc.oneof(
    fc.integer({ min: 1, max: 400 * kibibyte }),
    fc.nat(50).map(at => -1 - at),
  )
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 150 }), all => {
      const dropped = new Set<number>()
      const sizes = new Map<number, number>()
      const buffers = new PieceBuffers(id => dropped.add(id), budget)
      const out: PieceBuffer[] = []
      for (const step of all) {
        if (step < 0) {
          const [buffer] = out.splice((-1 - step) % Math.max(out.length, 1), 1)
          if (buffer) buffers.giveBack(buffer)
        } else {
          const hadRoom = buffers.hasRoom(step)
          const buffer = buffers.take(step)
          t.is(buffer !== undefined, hadRoom)
          if (!buffer) continue
          t.true(buffer.bytes.length >= step && !out.includes(buffer) && !dropped.has(buffer.id))
          out.push(buffer)
          sizes.set(buffer.id, buffer.bytes.length)
        }
        const used = out.reduce((sum, { bytes }) => sum + bytes.length, 0)
        let held = 0
        for (const [id, size] of sizes) if (!dropped.has(id)) held += size
        t.is(buffers.usedBytes, used)
        t.true(held <= Math.max(budget, used), `${held} held, ${used} of it used`)
      }
    }),
  )
})
