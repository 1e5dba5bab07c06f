/** What goes by time asks this, so that tests need not wait. */
export interface Clock {
  /** Does something after a while; the answer takes it back. Keeps no process alive. */
  after(ms: number, work: () => void): () => void
}

export const systemClock: Clock = {
  after(ms, work) {
    const timer = setTimeout(work, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}
