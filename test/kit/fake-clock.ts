import type { Clock } from '../../src/swarm/discovery/clock.ts'

/** A clock that stands still until it is moved. */
export class FakeClock implements Clock {
  #now = 0
  readonly #timers = new Set<{ at: number; work: () => void }>()

  after(ms: number, work: () => void): () => void {
    const timer = { at: this.#now + ms, work }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** When something is to be done next, from now on; `undefined` where nothing is. */
  get nextMs(): number | undefined {
    const ats = [...this.#timers].map(({ at }) => at)
    return ats.length > 0 ? Math.min(...ats) - this.#now : undefined
  }

  /** Moves on, and does what was to be done until then. */
  move(ms: number): void {
    this.#now += ms
    for (const timer of [...this.#timers].toSorted((one, other) => one.at - other.at)) {
      if (timer.at > this.#now || !this.#timers.delete(timer)) continue
      timer.work()
    }
  }
}
