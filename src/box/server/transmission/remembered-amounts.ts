/**
 * Amounts that somebody said without switching them on: clients may say how much in one call, and that it holds in the next. Kept
 * while the box runs.
 */
export class RememberedAmounts {
  readonly #of = new WeakMap<object, Map<string, number>>()

  get(whose: object, what: string): number | undefined {
    return this.#of.get(whose)?.get(what)
  }

  set(whose: object, what: string, amount: number): void {
    const known = this.#of.get(whose) ?? new Map<string, number>()
    this.#of.set(whose, known.set(what, amount))
  }
}
