/** It takes a quarter of the time at most, however often it is asked for, unless it takes seconds. */
const pause = 3
const longestPauseMs = 5_000

/**
 * Calls some work at the earliest of the times that were asked for, one call after another, with a pause that is longer the longer the
 * last call took. Times are of `performance.now()`.
 */
export class WakeTimer {
  readonly #work: () => Promise<void>
  #timer: NodeJS.Timeout | undefined
  #atMs = Number.POSITIVE_INFINITY
  #notBeforeMs = 0
  #running: Promise<void> | undefined
  #isStopped = false

  constructor(work: () => Promise<void>) {
    this.#work = work
  }

  wakeAt(atMs: number): void {
    if (this.#isStopped || atMs >= this.#atMs) return
    this.#atMs = atMs
    // Work that runs looks at the time itself once it has ended.
    if (!this.#running) this.#arm()
  }

  /** Waits for the work that runs. */
  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    await this.#running
  }

  #arm(): void {
    clearTimeout(this.#timer)
    if (this.#isStopped || this.#atMs === Number.POSITIVE_INFINITY) return
    const atMs = Math.max(this.#atMs, this.#notBeforeMs)
    const inMs = Math.min(Math.max(0, atMs - performance.now()), 2 ** 31 - 1)
    this.#timer = setTimeout(() => {
      const startMs = performance.now()
      this.#atMs = Number.POSITIVE_INFINITY
      this.#running = this.#work().finally(() => {
        const endMs = performance.now()
        this.#notBeforeMs = endMs + Math.min(pause * (endMs - startMs), longestPauseMs)
        this.#running = undefined
        this.#arm()
      })
    }, inMs).unref()
  }
}
