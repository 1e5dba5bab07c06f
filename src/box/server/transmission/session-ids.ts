import { newToken, sameToken } from '../../../http/index.ts'

const lifeMs = 3_600_000

/**
 * The ids that clients have to send back, so that a page of somebody else, which cannot read them, cannot make a browser call. There
 * is a new one every hour; the one before still counts.
 */
export class SessionIds {
  readonly #monotonicMs: () => number
  #current = newToken()
  #before: string | undefined
  #madeMs: number

  constructor(monotonicMs: () => number = () => performance.now()) {
    this.#monotonicMs = monotonicMs
    this.#madeMs = monotonicMs()
  }

  get current(): string {
    const ageMs = this.#monotonicMs() - this.#madeMs
    if (ageMs >= lifeMs) {
      this.#before = ageMs < 2 * lifeMs ? this.#current : undefined
      this.#current = newToken()
      this.#madeMs += ageMs
    }
    return this.#current
  }

  isGood(id: string | undefined): boolean {
    if (id === undefined) return false
    return sameToken(id, this.current) || (this.#before !== undefined && sameToken(id, this.#before))
  }
}
