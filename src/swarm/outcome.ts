/** What comes once, or fails. A promise is made only where somebody asks for one, for most often nobody does. */
export class Outcome<T> {
  #settled: { readonly value: T } | { readonly error: unknown } | undefined
  #waiting: PromiseWithResolvers<T> | undefined

  /** The first answer counts. */
  resolve(value: T): void {
    if (this.#settled) return
    this.#settled = { value }
    this.#waiting?.resolve(value)
    this.#waiting = undefined
  }

  reject(error: unknown): void {
    if (this.#settled) return
    this.#settled = { error }
    this.#waiting?.reject(error)
    this.#waiting = undefined
  }

  /** Nobody need take note of its failure. */
  get promise(): Promise<T> {
    if (!this.#settled) {
      if (!this.#waiting) {
        this.#waiting = Promise.withResolvers<T>()
        this.#waiting.promise.catch(() => {})
      }
      return this.#waiting.promise
    }
    if ('value' in this.#settled) return Promise.resolve(this.#settled.value)
    const failed = Promise.reject<T>(this.#settled.error)
    failed.catch(() => {})
    return failed
  }
}
