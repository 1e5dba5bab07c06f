import { hashToken, newToken } from '../../http/index.ts'

export interface SignInCodesInit {
  /** Monotonic milliseconds. @default performance.now */
  readonly now?: (() => number) | undefined
}

const lastsMs = 15 * 60_000
/** Of more that nobody has used, the oldest are forgotten. */
const mostCodes = 100

/** What links end with that sign in a browser: each is good once, and for a quarter of an hour. */
export class SignInCodes {
  /** Until when each is good, by its hash. */
  readonly #untilMs = new Map<string, number>()
  readonly #now: () => number

  constructor({ now = () => performance.now() }: SignInCodesInit = {}) {
    this.#now = now
  }

  make(): string {
    const code = newToken()
    this.#untilMs.set(hashToken(code), this.#now() + lastsMs)
    if (this.#untilMs.size > mostCodes) this.#untilMs.delete(this.#untilMs.keys().next().value!)
    return code
  }

  /** Whether it is good, which it is no longer then. */
  take(code: string): boolean {
    const hash = hashToken(code)
    const untilMs = this.#untilMs.get(hash)
    this.#untilMs.delete(hash)
    return untilMs !== undefined && this.#now() < untilMs
  }
}
