import test from 'ava'
import fc from 'fast-check'
import { parseSlowHours } from '../../../src/box/schedule/slow-hours.ts'
import { SlowWeek } from '../../../src/box/schedule/slow-week.ts'

// Where the clock is put forward on 29 March 2026 at 2:00, and back on 25 October at 3:00.
process.env.TZ = 'Europe/Berlin'

const minuteMs = 60_000
const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const week = (...texts: string[]) => new SlowWeek(texts.map(text => parseSlowHours(text, 'hours')))
const two = (number: number) => String(number).padStart(2, '0')

const someHours = fc
  .record({
    day: fc.integer({ min: 0, max: 6 }),
    last: fc.integer({ min: 0, max: 6 }),
    from: fc.integer({ min: 0, max: 1439 }),
    to: fc.integer({ min: 1, max: 1440 }),
  })
  .filter(({ from, to }) => from !== to)

const written = ({ day, last, from, to }: { day: number; last: number; from: number; to: number }) =>
  `${dayNames[day]}-${dayNames[last]} ${two(Math.floor(from / 60))}:${two(from % 60)}-${two(Math.floor(to / 60))}:${two(to % 60)}`

/** From 2025 to 2028, changes of the clock among them. */
const someDate = fc
  .integer({ min: Date.UTC(2025, 0) / minuteMs, max: Date.UTC(2028, 0) / minuteMs })
  .map(minutes => new Date(minutes * minuteMs + 17_000))

test('hours of a day are slow from their first minute to the one before their last', t => {
  const office = week('mon-fri 08:00-18:00')
  t.false(office.isSlow(new Date('2026-11-30T07:59:59')))
  t.true(office.isSlow(new Date('2026-11-30T08:00:00')))
  t.true(office.isSlow(new Date('2026-11-30T17:59:59')))
  t.false(office.isSlow(new Date('2026-11-30T18:00:00')))
  t.false(office.isSlow(new Date('2026-11-29T12:00:00')))
})

test('hours over midnight are slow into the next day, from Saturday into Sunday too', t => {
  const party = week('sat 20:00-02:00')
  t.true(party.isSlow(new Date('2026-11-28T23:59:00')))
  t.true(party.isSlow(new Date('2026-11-29T01:59:00')))
  t.false(party.isSlow(new Date('2026-11-29T02:00:00')))
  t.false(party.isSlow(new Date('2026-11-28T01:00:00')))
})

test('a minute is slow exactly where one of the hours says so', t => {
  fc.assert(
    fc.property(fc.array(someHours, { maxLength: 4 }), someDate, (hours, date) => {
      const minute = date.getHours() * 60 + date.getMinutes()
      const isOn = (day: number, first: number, last: number) =>
        (day - first + 7) % 7 <= (last - first + 7) % 7
      const expected = hours.some(({ day, last, from, to }) => {
        const today = date.getDay()
        const yesterday = (today + 6) % 7
        if (to > from) return isOn(today, day, last) && minute >= from && minute < to
        return (isOn(today, day, last) && minute >= from) || (isOn(yesterday, day, last) && minute < to)
      })
      return week(...hours.map(written)).isSlow(date) === expected
    }),
  )
  t.pass()
})

test('the next change is the first minute that is otherwise', t => {
  fc.assert(
    fc.property(fc.array(someHours, { minLength: 1, maxLength: 3 }), someDate, (hours, date) => {
      const slow = week(...hours.map(written))
      const next = slow.nextChange(date)
      const now = slow.isSlow(date)
      const end = next?.getTime() ?? date.getTime() + 9 * 1440 * minuteMs
      const first = date.getTime() - (date.getTime() % minuteMs)
      for (let at = first + minuteMs; at < end; at += minuteMs)
        if (slow.isSlow(new Date(at)) !== now) return false
      return (
        next === undefined || (slow.isSlow(next) !== now && next.getTime() % minuteMs === 0 && next > date)
      )
    }),
    { numRuns: 50 },
  )
  t.pass()
})

test('what is always or never slow never changes', t => {
  t.is(week('daily 00:00-24:00').nextChange(new Date()), undefined)
  t.is(week().nextChange(new Date()), undefined)
  t.is(week('daily 00:00-12:00', 'daily 12:00-24:00').nextChange(new Date()), undefined)
})

test('where the clock is put forward, hours that begin in the hour left out begin with the next', t => {
  const slow = week('sun 02:30-04:00')
  t.deepEqual(slow.nextChange(new Date('2026-03-29T00:30:00Z')), new Date('2026-03-29T01:00:00Z'))
  t.deepEqual(slow.nextChange(new Date('2026-03-29T01:00:00Z')), new Date('2026-03-29T02:00:00Z'))
})

test('where the clock is put back, the hour that comes twice is slow twice', t => {
  const slow = week('sun 02:30-04:00')
  const changes: string[] = []
  for (
    let date = slow.nextChange(new Date('2026-10-24T12:00:00Z'));
    changes.length < 4;
    date = slow.nextChange(date!)
  )
    changes.push(date!.toISOString())
  t.deepEqual(changes, [
    '2026-10-25T00:30:00.000Z',
    '2026-10-25T01:00:00.000Z',
    '2026-10-25T01:30:00.000Z',
    '2026-10-25T03:00:00.000Z',
  ])
})
