import test from 'ava'
import { SessionIds } from '../../../../src/box/server/transmission/session-ids.ts'

const hourMs = 3_600_000

test('an id is good for an hour, and for another one beside the next', t => {
  let nowMs = 0
  const ids = new SessionIds(() => nowMs)
  const first = ids.current
  t.true(ids.isGood(first))
  nowMs = hourMs - 1
  t.is(ids.current, first)
  nowMs = hourMs
  t.true(ids.isGood(first))
  const second = ids.current
  t.not(second, first)
  t.true(ids.isGood(second))
  nowMs = 2 * hourMs
  t.false(ids.isGood(first))
  t.true(ids.isGood(second))
})

test('an id that nobody asked after for hours is not good any more', t => {
  let nowMs = 0
  const ids = new SessionIds(() => nowMs)
  const first = ids.current
  nowMs = 2 * hourMs
  t.false(ids.isGood(first))
})

test('no id and a made-up one are not good', t => {
  const ids = new SessionIds()
  t.false(ids.isGood(undefined))
  t.false(ids.isGood(''))
  t.false(ids.isGood('a'.repeat(43)))
  t.not(new SessionIds().current, ids.current)
})
