/** What may pass at once beyond the rate, so that a loop that is late loses nothing of it. */
const burstSeconds = 0.2
/** One block with its header always passes at once. */
const leastBurstBytes = 16_384 + 13

/**
 * A limit in bytes per second. What is taken may overdraw it, and then has to be waited for: so that the rate holds over time
 * whatever the size of what is taken.
 */
export class TokenBucket {
  readonly #now: () => number
  #rate: number | undefined
  #tokens = 0
  #filledAtMs: number

  /** @param rateBytesPerSecond without one everything passes */
  constructor(rateBytesPerSecond: number | undefined, now: () => number = () => performance.now()) {
    this.#rate = rateBytesPerSecond
    this.#now = now
    this.#filledAtMs = now()
  }

  get rate(): number | undefined {
    return this.#rate
  }

  set rate(bytesPerSecond: number | undefined) {
    this.#fill()
    this.#rate = bytesPerSecond
    // A debt from before would take for ever at a much lower rate.
    this.#tokens = Math.max(Math.min(this.#tokens, this.#burst()), -this.#burst())
  }

  /** Bytes that may pass now; negative while overdrawn, infinite without a limit. */
  available(): number {
    if (this.#rate === undefined) return Number.POSITIVE_INFINITY
    this.#fill()
    return this.#tokens
  }

  take(bytes: number): void {
    if (this.#rate === undefined) return
    this.#fill()
    this.#tokens -= bytes
  }

  /** Milliseconds until `bytes` may pass; 0 for now. */
  msUntil(bytes: number): number {
    if (this.#rate === undefined) return 0
    this.#fill()
    const wanted = Math.min(bytes, this.#burst())
    if (this.#tokens >= wanted) return 0
    return this.#rate > 0 ? ((wanted - this.#tokens) / this.#rate) * 1000 : Number.POSITIVE_INFINITY
  }

  #fill(): void {
    const now = this.#now()
    const elapsedMs = now - this.#filledAtMs
    this.#filledAtMs = now
    if (this.#rate === undefined) return
    this.#tokens = Math.min(this.#tokens + (elapsedMs / 1000) * this.#rate, this.#burst())
  }

  #burst(): number {
    return Math.max((this.#rate ?? 0) * burstSeconds, leastBurstBytes)
  }
}
