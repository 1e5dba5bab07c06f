/** Goes round things, some at a time, so that many thousands are all come to and never all at once. */
export class Rounds<T> {
  readonly #all: () => readonly T[]
  #at = 0

  constructor(all: () => readonly T[]) {
    this.#all = all
  }

  /**
   * The next of them, each once.
   * @param turns how many calls go round all
   * @param atLeast so many, where there are so many
   */
  next(turns: number, atLeast: number): T[] {
    const all = this.#all()
    const count = Math.min(all.length, Math.max(atLeast, Math.ceil(all.length / turns)))
    const from = this.#at < all.length ? this.#at : 0
    this.#at = (from + count) % Math.max(1, all.length)
    return [...all.slice(from, from + count), ...all.slice(0, Math.max(0, from + count - all.length))]
  }
}
