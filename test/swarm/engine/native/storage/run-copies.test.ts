import test from 'ava'
import { frameLength } from '../../../../../src/swarm/engine/native/storage/frame-pool.ts'
import { RunCopies } from '../../../../../src/swarm/engine/native/storage/run-copies.ts'
import { sampleBytes } from '../../../../kit/sample-files.ts'

test('a copy is what it was made of, whatever becomes of that', t => {
  const copies = new RunCopies()
  const bytes = sampleBytes(4 * frameLength, 'run')
  const copy = copies.copy(bytes)
  t.true(copy.equals(bytes))
  bytes.fill(0)
  t.false(copy.equals(bytes))
})

test('memory that came back is used again, also for a longer run, and memory in use is not', t => {
  const copies = new RunCopies()
  const first = copies.copy(sampleBytes(frameLength, 'a'))
  const other = copies.copy(sampleBytes(frameLength, 'b'))
  t.not(first.buffer, other.buffer)
  copies.giveBack(first)
  const long = copies.copy(sampleBytes(4 * frameLength, 'c'))
  t.is(long.buffer, first.buffer)
  t.is(long.length, 4 * frameLength)
})

test('no more than 64 are kept', t => {
  const copies = new RunCopies()
  const make = () => Array.from({ length: 70 }, () => copies.copy(new Uint8Array(1)))
  const made = make()
  for (const copy of made) copies.giveBack(copy)
  const before = new Set(made.map(({ buffer }) => buffer))
  t.is(make().filter(({ buffer }) => before.has(buffer)).length, 64)
})
