import test from 'ava'
import { Parole } from '../../../../../src/swarm/engine/native/torrent/parole.ts'

test('anybody may begin, and then nobody else goes on', t => {
  const parole = new Parole()
  t.true(parole.allows(1, false) && parole.allows(2, false))
  t.false(parole.allows(3, true), 'but not who lets us wait already')
  parole.take(1)
  t.deepEqual([parole.only, parole.allows(1, false), parole.allows(2, false)], [1, true, false])
})

test('who gives up is not chosen again, and others are', t => {
  const parole = new Parole()
  parole.take(1)
  parole.leave(2)
  t.is(parole.only, 1)
  parole.leave(1)
  t.deepEqual([parole.only, parole.allows(1, false), parole.allows(2, false)], [undefined, false, true])
})

test('who sends nothing for three seconds has to give way; every block begins them anew', t => {
  const parole = new Parole()
  parole.take(1)
  for (let received = 1; received < 20; received++) t.is(parole.onSecond(received, 2), undefined)
  t.is(parole.onSecond(19, 2), undefined)
  t.is(parole.onSecond(19, 2), undefined)
  t.is(parole.onSecond(19, 2), 1)
  t.is(parole.only, undefined)
})

test('where everybody gave up, it is hopeless after three more seconds', t => {
  const parole = new Parole()
  parole.take(1)
  parole.leave(1)
  t.deepEqual(
    [1, 2, 3].map(() => parole.onSecond(0, 1)),
    [undefined, undefined, 'hopeless'],
  )
})
