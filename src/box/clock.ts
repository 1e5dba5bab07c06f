/** Time as the box sees it. */
export interface BoxClock {
  /** The clock on the wall, which may jump. */
  now(): Date
  /** Milliseconds that never jump, from an arbitrary start. */
  monotonicMs(): number
  /** Does something later, unless what this answers is called before; keeps no process alive. */
  after(ms: number, work: () => void): () => void
}

export const systemClock: BoxClock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  after(ms, work) {
    const timer = setTimeout(work, ms).unref()
    return () => clearTimeout(timer)
  },
}
