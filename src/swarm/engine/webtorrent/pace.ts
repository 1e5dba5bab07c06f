import type { Wire } from 'webtorrent'

/** What an idle while may be made up for at once. */
const burstMs = 100

/** Spreads bytes over time, so that they keep to a rate. */
export class Pace {
  /** Bytes per second; `undefined` means without limit. */
  rate: number | undefined
  readonly #now: () => number
  #freeAtMs = 0

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Takes note that bytes are to pass, and answers in how many milliseconds they may. */
  delayMs(bytes: number): number {
    if (this.rate === undefined) return 0
    const now = this.#now()
    this.#freeAtMs = Math.max(this.#freeAtMs, now - burstMs) + (bytes / this.rate) * 1_000
    return Math.max(0, this.#freeAtMs - now)
  }
}

/** Takes from a peer only at the pace given: its connection waits, so that the peer sends no faster. */
export function paceReading(wire: Wire, pace: Pace): void {
  const write = wire._write.bind(wire)
  wire._write = (bytes, done) => {
    const delayMs = pace.delayMs(bytes.length)
    if (delayMs === 0) return write(bytes, done)
    setTimeout(() => (wire.destroyed ? done(null) : write(bytes, done)), delayMs).unref()
  }
}
