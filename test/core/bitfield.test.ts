import test from 'ava'
import fc from 'fast-check'
import { Bitfield } from '../../src/core/bitfield.ts'

test('it behaves like a set of indexes, whatever is added and taken away', t => {
  const steps = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: -2, max: 45 })))
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40 }), steps, (length, steps) => {
      const bitfield = new Bitfield(length)
      const model = new Set<number>()
      for (const [isAdd, index] of steps) {
        if (isAdd) bitfield.add(index)
        else bitfield.delete(index)
        if (index < 0 || index >= length) continue
        if (isAdd) model.add(index)
        else model.delete(index)
      }
      t.is(bitfield.count, model.size)
      t.is(bitfield.isFull, model.size === length)
      for (let index = 0; index < length; index++) t.is(bitfield.has(index), model.has(index))
      t.deepEqual(new Bitfield(length, bitfield.bytes), bitfield)
    }),
  )
})

test('the first piece is the highest bit, and spare bits are cleared', t => {
  const bitfield = new Bitfield(10, Uint8Array.of(0b1000_0001, 0b0111_1111))
  t.deepEqual([bitfield.has(0), bitfield.has(7), bitfield.has(8), bitfield.has(9)], [true, true, false, true])
  t.deepEqual([...bitfield.bytes], [0b1000_0001, 0b0100_0000])
  t.is(Bitfield.full(10).count, 10)
})

test('bytes of the wrong length are refused', t => {
  t.throws(() => new Bitfield(9, new Uint8Array(1)), { instanceOf: RangeError })
})
