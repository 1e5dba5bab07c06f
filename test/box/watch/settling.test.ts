import test from 'ava'
import { Settling } from '../../../src/box/watch/settling.ts'

test('a thing is settled once it has been the same for the whole wait, and a change begins the wait anew', t => {
  const settling = new Settling()
  t.false(settling.isSettled('a', 'one', 0, 100))
  t.false(settling.isSettled('a', 'one', 99, 100))
  t.false(settling.isSettled('a', 'two', 99, 100))
  t.false(settling.isSettled('a', 'two', 198, 100))
  t.true(settling.isSettled('a', 'two', 199, 100))
  settling.forget('a')
  t.false(settling.isSettled('a', 'two', 300, 100))
})

test('those whose time has come are due, and when the next is', t => {
  const settling = new Settling()
  settling.isSettled('a', '', 0, 100)
  settling.isSettled('b', '', 50, 100)
  settling.isSettled('c', '', 70, 100)
  t.deepEqual(settling.due(150, 100), { paths: ['a', 'b'], nextMs: 170 })
  t.deepEqual(settling.due(0, 100), { paths: [], nextMs: 100 })
  t.deepEqual(new Settling().due(0, 100), { paths: [], nextMs: Number.POSITIVE_INFINITY })
})
