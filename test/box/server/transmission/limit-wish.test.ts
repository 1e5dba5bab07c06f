import test from 'ava'
import { type LimitWish, limitAfter } from '../../../../src/box/server/transmission/limit-wish.ts'
import { RememberedAmounts } from '../../../../src/box/server/transmission/remembered-amounts.ts'

const whose = {}

/** Sets limits as clients do, one after the other. */
function limiter() {
  const memory = new RememberedAmounts()
  return (wish: LimitWish, of: object, direction: 'upload' | 'download', now: number | undefined) =>
    limitAfter(wish, direction, { of, now, memory })
}

test('a limit holds where it is said to, at as much as was said', t => {
  const after = limiter()
  t.is(after({ kiloBytes: 50, isOn: true }, whose, 'upload', undefined), 50_000)
  t.is(after({ kiloBytes: 70, isOn: undefined }, whose, 'upload', 50_000), 70_000)
  t.is(after({ kiloBytes: undefined, isOn: false }, whose, 'upload', 70_000), undefined)
  t.is(after({ kiloBytes: undefined, isOn: true }, whose, 'upload', undefined), 70_000, 'as before')
  t.is(after({ kiloBytes: undefined, isOn: true }, whose, 'download', undefined), 100_000, 'as Transmission')
})

test('how much may be said before it holds', t => {
  const after = limiter()
  t.is(after({ kiloBytes: 20, isOn: undefined }, whose, 'download', undefined), undefined)
  t.is(after({ kiloBytes: undefined, isOn: true }, whose, 'download', undefined), 20_000)
  t.is(after({ kiloBytes: undefined, isOn: true }, {}, 'download', undefined), 100_000, 'each has its own')
})

test('absurd limits are bounded', t => {
  const after = limiter()
  t.is(after({ kiloBytes: 0, isOn: true }, whose, 'upload', undefined), 1)
  t.is(after({ kiloBytes: -5, isOn: true }, whose, 'upload', undefined), 1)
  t.true(Number.isSafeInteger(after({ kiloBytes: 1e300, isOn: true }, whose, 'upload', undefined)))
})
