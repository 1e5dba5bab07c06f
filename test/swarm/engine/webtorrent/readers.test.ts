import test from 'ava'
import { Readers } from '../../../../src/swarm/engine/webtorrent/readers.ts'

test('readers take turns, each with its most urgent piece first', t => {
  const readers = new Readers()
  readers.set(Symbol('one'), [5, 6, 7])
  readers.set(Symbol('two'), [9, 5])
  t.deepEqual([...readers.inOrder(() => true)], [5, 9, 6, 7])
  t.deepEqual([...readers.inOrder(piece => piece !== 5)], [9, 6, 7])
})

test('no more than 16 readers and 1,000 pieces of each are kept', t => {
  const readers = new Readers()
  for (let reader = 0; reader < 20; reader++)
    readers.set(
      Symbol(),
      Array.from({ length: 1_500 }, (_, index) => reader * 10_000 + index),
    )
  t.is(readers.inOrder(() => true).size, 16_000)
})
