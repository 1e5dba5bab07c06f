import test from 'ava'
import fc from 'fast-check'
import { readByteRange } from '../../src/http/index.ts'

const sizes = fc.integer({ min: 1, max: 2 ** 40 })

test('a range, an open one and a suffix are cut to what is there', t => {
  t.deepEqual(readByteRange('bytes=0-0', 10), { start: 0, end: 1 })
  t.deepEqual(readByteRange('bytes=2-4', 10), { start: 2, end: 5 })
  t.deepEqual(readByteRange('bytes=2-4000', 10), { start: 2, end: 10 })
  t.deepEqual(readByteRange('bytes=9-', 10), { start: 9, end: 10 })
  t.deepEqual(readByteRange('bytes=-3', 10), { start: 7, end: 10 })
  t.deepEqual(readByteRange('bytes=-300', 10), { start: 0, end: 10 })
  t.deepEqual(readByteRange('Bytes = 2 - 4', 10), { start: 2, end: 5 })
  t.deepEqual(readByteRange(`bytes=1-${'9'.repeat(400)}`, 10), { start: 1, end: 10 })
})

test('a range past the end cannot be satisfied, nor can the last zero bytes', t => {
  for (const header of ['bytes=10-', 'bytes=10-12', 'bytes=-0', `bytes=${'9'.repeat(400)}-`])
    t.is(readByteRange(header, 10), 'unsatisfiable', header)
  t.is(readByteRange('bytes=0-', 0), 'unsatisfiable')
  t.is(readByteRange('bytes=-5', 0), 'unsatisfiable')
})

test('no range, several, another unit and nonsense stand for the whole', t => {
  const headers = [
    '',
    'bytes',
    'bytes=',
    'bytes=-',
    'bytes=4-2',
    'bytes=0-1,4-5',
    'items=0-1',
    'bytes=a-b',
    'bytes=1.5-3',
  ]
  for (const header of [undefined, ...headers]) t.is(readByteRange(header, 10), 'whole', header)
})

test('whatever a header says, a range lies within the content and is not empty', t => {
  const part = fc.oneof(fc.nat().map(String), fc.constant(''), fc.string({ maxLength: 4 }))
  const header = fc.oneof(
    fc.string(),
    fc.tuple(part, part).map(([from, to]) => `bytes=${from}-${to}`),
  )
  fc.assert(
    fc.property(header, fc.nat(), (text, sizeBytes) => {
      const range = readByteRange(text, sizeBytes)
      return (
        typeof range === 'string' || (range.start >= 0 && range.start < range.end && range.end <= sizeBytes)
      )
    }),
  )
  t.pass()
})

test('the range that is written is the range that is read', t => {
  fc.assert(
    fc.property(sizes, fc.nat(), fc.nat(), (sizeBytes, one, other) => {
      const start = one % sizeBytes
      const last = start + (other % (sizeBytes - start))
      const expected = { start, end: last + 1 }
      t.deepEqual(readByteRange(`bytes=${start}-${last}`, sizeBytes), expected)
      t.deepEqual(readByteRange(`bytes=-${sizeBytes - start}`, sizeBytes), { start, end: sizeBytes })
    }),
  )
})
