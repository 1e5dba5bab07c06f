import test from 'ava'
import { Settling } from '../../../src/box/watch/settling.ts'

test('a thing is settled once it has been the same for the whole wait, and a change begins the wait anew', t => {
  const settling = new Settling(() => 100)
  t.false(settling.isSettled('a', 'one', 0))
  t.false(settling.isSettled('a', 'one', 99))
  t.false(settling.isSettled('a', 'two', 99))
  t.false(settling.isSettled('a', 'two', 198))
  t.true(settling.isSettled('a', 'two', 199))
  settling.forget('a')
  t.false(settling.isSettled('a', 'two', 300))
})

test('those whose time has come are due, and when the next is', t => {
  const settling = new Settling(() => 100)
  settling.isSettled('a', '', 0)
  settling.isSettled('b', '', 50)
  settling.isSettled('c', '', 70)
  t.deepEqual(settling.due(150), { paths: ['a', 'b'], nextMs: 170 })
  t.deepEqual(settling.due(0), { paths: [], nextMs: 100 })
  t.deepEqual(new Settling(() => 100).due(0), { paths: [], nextMs: Number.POSITIVE_INFINITY })
})
