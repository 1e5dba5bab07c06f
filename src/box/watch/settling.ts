interface Waiting {
  readonly word: string
  readonly atMs: number
}

/** When things that change were last seen to be another. Times are milliseconds of a monotonic clock. */
export class Settling {
  readonly #waitMs: () => number
  readonly #since = new Map<string, Waiting>()
  /** Those whose time has not come yet, the next one first: a look at what is due takes no longer where thousands wait. */
  readonly #waiting = new Map<string, Waiting>()

  /** @param waitMs how long something has to be just the same */
  constructor(waitMs: () => number) {
    this.#waitMs = waitMs
  }

  get paths(): Iterable<string> {
    return this.#since.keys()
  }

  has(path: string): boolean {
    return this.#since.has(path)
  }

  /** Whether it has been just like this, `word`, for so long. */
  isSettled(path: string, word: string, nowMs: number): boolean {
    const waitMs = this.#waitMs()
    const known = this.#since.get(path)
    if (known?.word === word) return nowMs - known.atMs >= waitMs
    this.forget(path)
    const waiting = { word, atMs: nowMs }
    this.#since.set(path, waiting)
    this.#waiting.set(path, waiting)
    return waitMs === 0
  }

  forget(path: string): void {
    this.#since.delete(path)
    this.#waiting.delete(path)
  }

  /** Takes those whose time has come: each is told once. */
  takeDue(nowMs: number): string[] {
    const paths: string[] = []
    for (const [path, { atMs }] of this.#waiting) {
      if (atMs + this.#waitMs() > nowMs) break
      this.#waiting.delete(path)
      paths.push(path)
    }
    return paths
  }

  /** When the time of the next one comes. */
  get nextMs(): number {
    const next = this.#waiting.values().next().value
    return next === undefined ? Number.POSITIVE_INFINITY : next.atMs + this.#waitMs()
  }
}
