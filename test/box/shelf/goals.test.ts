import test from 'ava'
import { hasGivenEnough } from '../../../src/box/shelf/goals.ts'

const none = { ratio: undefined, seedMs: undefined }
const given = (uploaded: number, seedingMs: number) => ({ uploaded, seedingMs, sizeBytes: 1_000 })

test('without a goal nothing is ever enough', t => {
  t.false(hasGivenEnough(none, { ratio: 0, seedMs: 0 }, given(1e9, 1e12)))
})

test('one goal that is reached is enough', t => {
  const settings = { ratio: 2, seedMs: 60_000 }
  t.false(hasGivenEnough(none, settings, given(1_999, 59_999)))
  t.true(hasGivenEnough(none, settings, given(2_000, 0)))
  t.true(hasGivenEnough(none, settings, given(0, 60_000)))
})

test('its own goals go before the settings, also to lift them', t => {
  const settings = { ratio: 1, seedMs: 1_000 }
  t.false(hasGivenEnough({ ratio: 0, seedMs: 0 }, settings, given(1e6, 1e6)))
  t.true(hasGivenEnough({ ratio: 0.5, seedMs: 0 }, settings, given(500, 0)))
  t.false(hasGivenEnough({ ratio: 3, seedMs: 0 }, settings, given(2_999, 1e6)))
})

test('of nothing no ratio is reached', t => {
  t.false(hasGivenEnough(none, { ratio: 1, seedMs: 0 }, { uploaded: 5, seedingMs: 0, sizeBytes: 0 }))
})
