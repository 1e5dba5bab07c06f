import test from 'ava'
import fc from 'fast-check'
import { Bitfield } from '../../../../src/core/index.ts'
import { fetchingOrder } from '../../../../src/swarm/engine/webtorrent/selection.ts'

const piecesOf = (runs: readonly (readonly [number, number])[]) =>
  runs.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, index) => from + index))

test('every wanted piece is in the order once, the urgent first and then by level', t => {
  const pieces = fc.array(fc.record({ isWanted: fc.boolean(), level: fc.nat(9), isUrgent: fc.boolean() }))
  fc.assert(
    fc.property(pieces, pieces => {
      const wanted = new Bitfield(pieces.length)
      for (const [index, { isWanted }] of pieces.entries()) if (isWanted) wanted.add(index)
      const urgent = [...pieces.keys()].filter(index => pieces[index]!.isWanted && pieces[index]!.isUrgent)
      const levels = Uint8Array.from(pieces, ({ level }) => level)
      const order = piecesOf(fetchingOrder(wanted, levels, new Set(urgent)))
      t.deepEqual(
        [...order].sort((a, b) => a - b),
        [...pieces.keys()].filter(index => wanted.has(index)),
      )
      t.deepEqual(order.slice(0, urgent.length), urgent)
      const rest = order.slice(urgent.length).map(index => Math.min(Math.max(levels[index]!, 1), 7))
      t.deepEqual(
        rest,
        [...rest].sort((a, b) => b - a),
      )
    }),
  )
})

test('without levels the wanted pieces are few runs', t => {
  t.deepEqual(fetchingOrder(Bitfield.full(1_000), undefined, new Set()), [[0, 999]])
  t.deepEqual(fetchingOrder(Bitfield.full(10), undefined, new Set([7, 8, 3])), [
    [7, 8],
    [3, 3],
    [0, 2],
    [4, 6],
    [9, 9],
  ])
})
