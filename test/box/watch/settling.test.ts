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

test('those whose time has come are told once, and when that of the next comes', t => {
  const settling = new Settling(() => 100)
  settling.isSettled('a', '', 0)
  settling.isSettled('b', '', 50)
  settling.isSettled('c', '', 70)
  t.is(settling.nextMs, 100)
  t.deepEqual(settling.takeDue(150), ['a', 'b'])
  t.deepEqual(settling.takeDue(150), [])
  t.is(settling.nextMs, 170)
  t.true(settling.isSettled('a', '', 150))
  t.is(new Settling(() => 100).nextMs, Number.POSITIVE_INFINITY)
})

test('what has changed while it waited comes after those that have not', t => {
  const settling = new Settling(() => 100)
  settling.isSettled('a', 'one', 0)
  settling.isSettled('b', '', 50)
  settling.isSettled('a', 'two', 60)
  t.is(settling.nextMs, 150)
  t.deepEqual(settling.takeDue(150), ['b'])
  t.deepEqual(settling.takeDue(160), ['a'])
})
