const slotMs = 500
const slots = 10

/** Bytes per second over the last five seconds, or since the first byte where that is less long ago; without a timer. */
export class SpeedMeter {
  readonly #now: () => number
  readonly #bytes = new Float64Array(slots)
  /** Number of the slot that is being filled, counted from the clock's zero. */
  #slot: number
  #firstAtMs = -1
  #sum = 0
  #total = 0

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
    this.#slot = Math.floor(now() / slotMs)
  }

  /** Bytes since the beginning. */
  get total(): number {
    return this.#total
  }

  add(bytes: number): void {
    const now = this.#now()
    this.#turn(now)
    if (this.#sum === 0) this.#firstAtMs = now
    this.#bytes[this.#slot % slots]! += bytes
    this.#sum += bytes
    this.#total += bytes
  }

  rate(): number {
    const now = this.#now()
    this.#turn(now)
    if (this.#sum === 0) return 0
    const spanMs = Math.min(now - this.#firstAtMs, (slots - 1) * slotMs + (now % slotMs))
    // The first moments of a transfer say little: they are taken for a tenth of a second.
    return (this.#sum * 1000) / Math.max(spanMs, 100)
  }

  #turn(now: number): void {
    const slot = Math.floor(now / slotMs)
    if (slot - this.#slot >= slots) {
      this.#bytes.fill(0)
      this.#sum = 0
      this.#slot = slot
    }
    while (this.#slot < slot) {
      this.#slot++
      this.#sum -= this.#bytes[this.#slot % slots]!
      this.#bytes[this.#slot % slots] = 0
    }
  }
}
