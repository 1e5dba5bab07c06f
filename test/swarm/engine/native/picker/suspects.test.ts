import test from 'ava'
import { Suspects } from '../../../../../src/swarm/engine/native/picker/suspects.ts'

const block = (sender: string, text: string) => ({ sender, bytes: Buffer.from(text) })

test('whoever sent all of a piece that failed is a liar at once', t => {
  const suspects = new Suspects()
  t.deepEqual(suspects.failed(3, [block('a', 'x'), block('a', 'y')]), ['a'])
  t.false(suspects.isSuspected(3))
})

test('of several the one whose block was another is found once the piece is had, and nobody else', t => {
  const suspects = new Suspects()
  t.deepEqual(suspects.failed(3, [block('a', '1'), block('b', 'lie'), block('c', '3')]), [])
  t.true(suspects.isSuspected(3))
  t.deepEqual(suspects.verified(3, [block('c', '1'), block('c', '2'), block('c', '3')]), ['b'])
  t.false(suspects.isSuspected(3))
  t.deepEqual(suspects.verified(3, [block('c', '1'), block('c', 'other'), block('c', '3')]), [])
})

test('a peer that sent right and false blocks is found by its false one', t => {
  const suspects = new Suspects()
  suspects.failed(0, [block('a', '1'), block('b', '2'), block('a', 'lie')])
  t.deepEqual(suspects.verified(0, [block('d', '1'), block('d', '2'), block('d', '3')]), ['a'])
})

test('the liars of two failures are found together, and a third failure lets go of the first', t => {
  const suspects = new Suspects()
  suspects.failed(0, [block('old', 'lie'), block('x', '2')])
  suspects.failed(0, [block('a', 'lie'), block('x', '2')])
  suspects.failed(0, [block('x', '1'), block('b', 'lie')])
  t.deepEqual(suspects.verified(0, [block('x', '1'), block('x', '2')]).sort(), ['a', 'b'])
})

test('nobody is blamed for a block of unknown origin', t => {
  const suspects = new Suspects()
  t.deepEqual(suspects.failed(0, [block('', 'lie')]), [])
  suspects.failed(0, [block('', 'lie'), block('a', '2')])
  t.deepEqual(suspects.verified(0, [block('a', '1'), block('a', '2')]), [])
})

test('a piece of no blocks, or of another number of them, blames nobody and does not throw', t => {
  const suspects = new Suspects()
  t.deepEqual(suspects.failed(0, []), [])
  suspects.failed(1, [block('a', '1'), block('b', '2')])
  t.deepEqual(suspects.verified(1, [block('a', '1')]), [])
})

test('the oldest is forgotten beyond 64 pieces', t => {
  const suspects = new Suspects()
  for (let piece = 0; piece < 65; piece++) suspects.failed(piece, [block('a', '1'), block('b', '2')])
  t.false(suspects.isSuspected(0))
  t.true(suspects.isSuspected(1))
  t.true(suspects.isSuspected(64))
})

test('the oldest is forgotten beyond 65,536 blocks of all pieces', t => {
  const suspects = new Suspects()
  const blocks = Array.from({ length: 20_000 }, (_, at) => block(at % 2 ? 'a' : 'b', ''))
  for (let piece = 0; piece < 4; piece++) suspects.failed(piece, blocks)
  t.deepEqual(
    [0, 1, 2, 3].map(piece => suspects.isSuspected(piece)),
    [false, true, true, true],
  )
})
