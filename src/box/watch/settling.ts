/** When things that change were last seen to be another. Times are milliseconds of a monotonic clock. */
export class Settling {
  readonly #waitMs: () => number
  readonly #since = new Map<string, { readonly word: string; readonly atMs: number }>()

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
    this.#since.set(path, { word, atMs: nowMs })
    return waitMs === 0
  }

  forget(path: string): void {
    this.#since.delete(path)
  }

  /** Those whose time has come, and when that of the next one does. */
  due(nowMs: number): { readonly paths: readonly string[]; readonly nextMs: number } {
    const waitMs = this.#waitMs()
    const paths: string[] = []
    let nextMs = Number.POSITIVE_INFINITY
    for (const [path, { atMs }] of this.#since)
      if (atMs + waitMs <= nowMs) paths.push(path)
      else nextMs = Math.min(nextMs, atMs + waitMs)
    return { paths, nextMs }
  }
}
