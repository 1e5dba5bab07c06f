import type { BoxClock } from '../../src/box/clock.ts'

/** A clock of a box that stands still until it is moved. */
export class FakeBoxClock implements BoxClock {
  #wallMs: number
  #monotonicMs = 0
  readonly #timers = new Set<{ readonly atMs: number; readonly work: () => void }>()

  constructor(wall: Date) {
    this.#wallMs = wall.getTime()
  }

  // As a field: it is handed on by itself.
  readonly now = (): Date => new Date(this.#wallMs)

  monotonicMs(): number {
    return this.#monotonicMs
  }

  after(ms: number, work: () => void): () => void {
    const timer = { atMs: this.#monotonicMs + ms, work }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** Lets time go by, and does what was to be done, each at its time. */
  move(ms: number): void {
    const endMs = this.#monotonicMs + ms
    for (;;) {
      const [next] = [...this.#timers].sort((one, other) => one.atMs - other.atMs)
      if (!next || next.atMs > endMs) break
      this.#timers.delete(next)
      this.#goTo(next.atMs)
      next.work()
    }
    this.#goTo(endMs)
  }

  /** Sets the clock on the wall, as somebody or the network does. */
  setWall(wall: Date): void {
    this.#wallMs = wall.getTime()
  }

  #goTo(ms: number): void {
    this.#wallMs += ms - this.#monotonicMs
    this.#monotonicMs = ms
  }
}
