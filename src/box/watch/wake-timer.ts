/** Calls some work at the earliest of the times that were asked for, one call after another. Times are of `performance.now()`. */
export class WakeTimer {
  readonly #work: () => Promise<void>
  #timer: NodeJS.Timeout | undefined
  #atMs = Number.POSITIVE_INFINITY
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
    const inMs = Math.min(Math.max(0, this.#atMs - performance.now()), 2 ** 31 - 1)
    this.#timer = setTimeout(() => {
      this.#atMs = Number.POSITIVE_INFINITY
      this.#running = this.#work().finally(() => {
        this.#running = undefined
        this.#arm()
      })
    }, inMs).unref()
  }
}
