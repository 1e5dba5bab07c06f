import type { SlowHours } from './slow-hours.ts'

const dayMinutes = 24 * 60
const weekMinutes = 7 * dayMinutes
const minuteMs = 60_000
/** A week may be an hour longer than it is. */
const scanMinutes = weekMinutes + dayMinutes

/**
 * Which minutes of the week are slow, by the clock on the wall: where that is put forward, an hour is left out as it is for everybody,
 * and where it is put back one comes twice.
 */
export class SlowWeek {
  /** A minute of the week each, from Sunday. */
  readonly #isSlow = new Uint8Array(weekMinutes)

  constructor(hours: readonly SlowHours[]) {
    for (const { days, from, to } of hours)
      for (const day of days) {
        const start = day * dayMinutes + from
        const end = day * dayMinutes + to + (to <= from ? dayMinutes : 0)
        for (let minute = start; minute < end; minute++) this.#isSlow[minute % weekMinutes] = 1
      }
  }

  isSlow(date: Date): boolean {
    return this.#isSlow[date.getDay() * dayMinutes + date.getHours() * 60 + date.getMinutes()] === 1
  }

  /** When it is next otherwise than at `date`; `undefined` where it never is. */
  nextChange(date: Date): Date | undefined {
    const isSlow = this.isSlow(date)
    if (this.#isSlow.every(minute => minute === Number(isSlow))) return undefined
    const first = date.getTime() - (date.getTime() % minuteMs)
    for (let minute = 1; minute <= scanMinutes; minute++) {
      const then = new Date(first + minute * minuteMs)
      if (this.isSlow(then) !== isSlow) return then
    }
    return undefined
  }
}
