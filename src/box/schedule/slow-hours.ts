import { P2pShareError } from '../../core/index.ts'

/** Hours of days of the week, by the clock of this machine. */
export interface SlowHours {
  /** As it was written. */
  readonly text: string
  /** On which they begin, 0 being Sunday. */
  readonly days: ReadonlySet<number>
  /** Minutes after midnight. */
  readonly from: number
  /** Minutes after midnight; not above `from` where they end on the next day. */
  readonly to: number
}

const names = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const form = /^([a-z,-]+)\s+(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})$/
const dayMinutes = 24 * 60

/**
 * Reads hours such as `mon-fri 08:00-18:00`, `sat,sun 20:00-02:00` or `daily 00:00-24:00`.
 *
 * @param name what the hours are for, as it stands in the error
 * @throws {P2pShareError} `ERR_INVALID_ARGUMENT`
 */
export function parseSlowHours(text: string, name: string): SlowHours {
  const [, dayText = '', ...digits] = form.exec(text.trim().toLowerCase()) ?? []
  const [fromHour, fromMinute, toHour, toMinute] = digits.map(Number)
  const days = readDays(dayText)
  const from = minuteOf(fromHour, fromMinute)
  const to = minuteOf(toHour, toMinute)
  if (!days || from === undefined || to === undefined || from === dayMinutes)
    throw invalid(name, `"${text.slice(0, 100)}" is not hours; write it as mon-fri 08:00-18:00`)
  if (from === to)
    throw invalid(
      name,
      `"${text.slice(0, 100)}" ends as it begins; a whole day is written as daily 00:00-24:00`,
    )
  return { text, days, from, to }
}

/** `mon-fri`, `sat,sun`, `fri-mon` or `daily`. */
function readDays(text: string): ReadonlySet<number> | undefined {
  if (text === 'daily') return new Set(names.keys())
  const days = new Set<number>()
  for (const part of text.split(',')) {
    const [first, last, ...more] = part.split('-').map(day => names.indexOf(day))
    if (first === undefined || first < 0 || (last ?? 0) < 0 || more.length > 0) return undefined
    for (let day = first; ; day = (day + 1) % names.length) {
      days.add(day)
      if (day === (last ?? first)) break
    }
  }
  return days
}

function minuteOf(hour = Number.NaN, minute = Number.NaN): number | undefined {
  const sum = hour * 60 + minute
  return minute < 60 && sum <= dayMinutes ? sum : undefined
}

function invalid(name: string, what: string): P2pShareError {
  return new P2pShareError('ERR_INVALID_ARGUMENT', `${name}: ${what}`)
}
