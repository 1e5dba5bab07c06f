import test from 'ava'
import { type HeldLimits, LimitKeeper, type LimitSettings } from '../../../src/box/schedule/limit-keeper.ts'
import { parseSlowHours } from '../../../src/box/schedule/slow-hours.ts'
import { FakeBoxClock } from '../../kit/box-clock.ts'

const minuteMs = 60_000
const hours = [parseSlowHours('daily 08:00-18:00', 'hours')]

function keeping(wall: string, settings: LimitSettings) {
  const clock = new FakeBoxClock(new Date(wall))
  const set: HeldLimits[] = []
  const live = { settings }
  const keeper = new LimitKeeper({ settings: () => live.settings, clock, set: limits => set.push(limits) })
  keeper.start()
  return { clock, set, keeper, live }
}

const usual: LimitSettings = { limits: { upload: 900, download: 800 }, slow: { hours, upload: 90 } }

test('the limits of the hour hold from its first minute, and those of other hours once it is over', t => {
  const { clock, set } = keeping('2026-11-30T07:58:30', usual)
  t.deepEqual(set, [{ upload: 900, download: 800, isSlow: false }])
  clock.move(89_000)
  t.is(set.length, 1)
  clock.move(1_000)
  t.deepEqual(set[1], { upload: 90, download: 800, isSlow: true })
  clock.move(10 * 60 * minuteMs)
  t.deepEqual(set[2], { upload: 900, download: 800, isSlow: false })
  t.is(set.length, 3)
})

test('a clock that jumps is noticed within a minute, back and forth', t => {
  const { clock, set } = keeping('2026-11-30T07:00:00', usual)
  clock.setWall(new Date('2026-11-30T12:00:00'))
  clock.move(minuteMs)
  t.is(set.at(-1)?.isSlow, true)
  clock.setWall(new Date('2026-11-29T06:00:00'))
  clock.move(minuteMs)
  t.is(set.at(-1)?.isSlow, false)
})

test('new settings hold at once, and what has not changed is not set again', t => {
  const { set, keeper, live } = keeping('2026-11-30T12:00:00', usual)
  keeper.apply()
  t.is(set.length, 1)
  live.settings = { limits: { upload: 900 }, slow: { hours: [] } }
  keeper.apply()
  t.deepEqual(set[1], { upload: 900, download: undefined, isSlow: false })
  t.deepEqual(keeper.held, set[1])
})

test('it tells when the hours change next', t => {
  const { keeper } = keeping('2026-11-30T12:00:00', usual)
  t.deepEqual(keeper.nextChange(), new Date('2026-11-30T18:00:00'))
})

test('once it is stopped it does nothing more', t => {
  const { clock, set, keeper } = keeping('2026-11-30T07:00:00', usual)
  keeper.stop()
  clock.move(24 * 60 * minuteMs)
  t.is(set.length, 1)
})
