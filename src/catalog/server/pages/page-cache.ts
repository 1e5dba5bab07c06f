interface Kept {
  readonly page: Promise<string>
  readonly madeMs: number
}

/** Keeps pages for some seconds, so that a page that many want at once is made once. */
export class PageCache {
  readonly #kept = new Map<string, Kept>()
  readonly #keepMs: number
  readonly #maxPages: number

  /** @param keepMs after which a page is made anew; 0 keeps none */
  constructor({ keepMs, maxPages = 300 }: { readonly keepMs: number; readonly maxPages?: number }) {
    this.#keepMs = keepMs
    this.#maxPages = maxPages
  }

  /** The page of a key; one that is up to twice as old is given while it is made anew. */
  async get(key: string, make: () => Promise<string>): Promise<string> {
    if (this.#keepMs === 0) return make()
    const kept = this.#kept.get(key)
    const ageMs = kept ? performance.now() - kept.madeMs : Number.POSITIVE_INFINITY
    if (kept && ageMs < this.#keepMs) return kept.page
    const page = make()
    const entry = { page, madeMs: performance.now() }
    this.#kept.delete(key)
    this.#kept.set(key, entry)
    if (this.#kept.size > this.#maxPages) this.#kept.delete(this.#kept.keys().next().value!)
    page.catch(() => {
      if (this.#kept.get(key) === entry) this.#kept.delete(key)
    })
    return kept && ageMs < this.#keepMs * 2 ? kept.page : page
  }
}
