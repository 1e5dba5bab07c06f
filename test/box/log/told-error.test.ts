import test from 'ava'
import { toldError } from '../../../src/box/log/told-error.ts'
import { P2pShareError } from '../../../src/index.ts'

test('an error that names an address is told with its host alone, and without what caused it', t => {
  const cause = new Error('https://zoo.example.org/rss/key')
  const error = new P2pShareError('ERR_FETCH_FAILED', 'Cannot fetch https://zoo.example.org/rss/key: 404', {
    cause,
  })
  const told = toldError(error, []) as P2pShareError
  t.is(told.code, 'ERR_FETCH_FAILED')
  t.is(told.message, 'Cannot fetch https://zoo.example.org/…: 404')
  t.is(told.cause, undefined)
})

test('an error that names none stays as it is', t => {
  const error = new Error('The disk is full')
  t.is(toldError(error, ['secret']), error)
})
