import test from 'ava'
import { parseSlowHours } from '../../../src/box/schedule/slow-hours.ts'

const days = (text: string) => [...parseSlowHours(`${text} 08:00-18:00`, 'hours').days].sort()

test('days are one, several, a stretch or all', t => {
  t.deepEqual(days('sun'), [0])
  t.deepEqual(days('mon-fri'), [1, 2, 3, 4, 5])
  t.deepEqual(days('sat,sun'), [0, 6])
  t.deepEqual(days('mon,wed-fri'), [1, 3, 4, 5])
  t.deepEqual(days('DAILY'), [0, 1, 2, 3, 4, 5, 6])
})

test('a stretch of days may go over the end of the week', t => {
  t.deepEqual(days('fri-mon'), [0, 1, 5, 6])
})

test('hours are minutes after midnight, and may end at midnight', t => {
  const { from, to } = parseSlowHours(' mon  8:05 - 24:00 ', 'hours')
  t.deepEqual([from, to], [485, 1440])
})

for (const text of [
  '',
  'mon-fri',
  '08:00-18:00',
  'monday 08:00-18:00',
  'mon- 08:00-18:00',
  'mon-tue-wed 08:00-18:00',
  'mon, 08:00-18:00',
  'mon 08:60-18:00',
  'mon 25:00-26:00',
  'mon 08:00-24:01',
  'mon 24:00-08:00',
  'mon 0800-1800',
  'mon 08:00',
  'daily,mon 08:00-18:00',
])
  test(`"${text}" is not hours`, t => {
    const error = t.throws(() => parseSlowHours(text, 'slow.hours'), { code: 'ERR_INVALID_ARGUMENT' })
    t.true(error?.message.startsWith(`slow.hours: "${text}"`), error?.message)
  })

test('hours that end as they begin are refused: they may be meant as none or as all', t => {
  t.throws(() => parseSlowHours('mon 08:00-08:00', 'slow.hours'), { message: /daily 00:00-24:00/ })
})
