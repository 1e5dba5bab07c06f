import type { BoxClock } from '../clock.ts'
import type { SlowHours } from './slow-hours.ts'
import { SlowWeek } from './slow-week.ts'

/** Bytes a second; `undefined` is without limit. */
interface Limits {
  readonly upload?: number | undefined
  readonly download?: number | undefined
}

export interface LimitSettings {
  readonly limits: Limits
  /** A limit that is left out here is as in other hours. */
  readonly slow: Limits & { readonly hours: readonly SlowHours[] }
}

/** Which limits hold, over all transfers. */
export interface HeldLimits {
  readonly upload: number | undefined
  readonly download: number | undefined
  readonly isSlow: boolean
}

export interface LimitKeeperInit {
  readonly settings: () => LimitSettings
  readonly clock: BoxClock
  /** Lets limits hold. */
  readonly set: (limits: HeldLimits) => void
}

const minuteMs = 60_000

/**
 * Lets the limits of the hour hold. It looks at the clock each minute, however that jumps, and never trusts how long it is until the
 * next change.
 */
export class LimitKeeper {
  readonly #init: LimitKeeperInit
  #settings: LimitSettings
  #week: SlowWeek
  #held: HeldLimits
  /** Found once, for whoever asks each second. */
  #next: { readonly from: Date; readonly to: Date | undefined } | undefined
  #cancel: (() => void) | undefined

  constructor(init: LimitKeeperInit) {
    this.#init = init
    this.#settings = init.settings()
    this.#week = new SlowWeek(this.#settings.slow.hours)
    this.#held = this.#now()
  }

  get held(): HeldLimits {
    return this.#held
  }

  /** When the hours change next; `undefined` where they never do. */
  nextChange(): Date | undefined {
    const date = this.#init.clock.now()
    const { from, to } = this.#next ?? {}
    const isKnown = from !== undefined && from <= date && (to === undefined || date < to)
    if (!isKnown) this.#next = { from: date, to: this.#week.nextChange(date) }
    return this.#next?.to
  }

  start(): void {
    this.#init.set(this.#held)
    this.#wait()
  }

  /** The settings have changed. */
  apply(): void {
    this.#settings = this.#init.settings()
    this.#week = new SlowWeek(this.#settings.slow.hours)
    this.#next = undefined
    this.#look()
  }

  stop(): void {
    this.#cancel?.()
  }

  #wait(): void {
    const intoMinuteMs = this.#init.clock.now().getTime() % minuteMs
    this.#cancel = this.#init.clock.after(minuteMs - intoMinuteMs, () => {
      this.#look()
      this.#wait()
    })
  }

  #look(): void {
    const before = this.#held
    this.#held = this.#now()
    const { upload, download, isSlow } = this.#held
    if (upload !== before.upload || download !== before.download || isSlow !== before.isSlow)
      this.#init.set(this.#held)
  }

  #now(): HeldLimits {
    const { limits, slow } = this.#settings
    const isSlow = this.#week.isSlow(this.#init.clock.now())
    return {
      upload: (isSlow ? slow.upload : undefined) ?? limits.upload,
      download: (isSlow ? slow.download : undefined) ?? limits.download,
      isSlow,
    }
  }
}
