import { P2pShareError } from '../../../../core/index.ts'
import { HttpAnswerError } from '../../../http-open.ts'

/** Fetches from one server at once. */
const maxAtOnce = 4
const firstPauseMs = 5_000
const maxPauseMs = 600_000
/** Failures one after another at which a server that refuses is given up, once it has ever served anything. */
const maxRefusals = 5
/** Pieces from it alone that failed their hash. */
const maxLies = 3
/** Pieces that wait for their verdict, once any has passed; before that, one. */
const maxUnproven = 8
/** A verdict that never comes, because the piece was not wanted any more, is not waited for. */
const verdictMs = 10_000

export interface WebSeedHealthInit {
  readonly now?: () => number
  /** 0 to 1, so that a server that was down is not asked by everybody at once. */
  readonly random?: () => number
}

/** How a web seed does: how many fetches it may have at once, when it is to be left alone, and when for good. */
export class WebSeedHealth {
  readonly #now: () => number
  readonly #random: () => number
  #running = 0
  #atOnce = 1
  #failures = 0
  #lies = 0
  #unproven = 0
  #servedAtMs = 0
  #isProven = false
  #hasServed = false
  #notBeforeMs = 0
  #givenUp: string | undefined

  constructor({ now = () => performance.now(), random = Math.random }: WebSeedHealthInit = {}) {
    this.#now = now
    this.#random = random
  }

  /** Why it is not asked any more; `undefined` as long as it is. */
  get givenUp(): string | undefined {
    return this.#givenUp
  }

  /** Fetches that may be started now, 4 at most. */
  get free(): number {
    if (this.#givenUp !== undefined || this.#now() < this.#notBeforeMs) return 0
    if (this.#now() - this.#servedAtMs > verdictMs) this.#unproven = 0
    const unproven = this.#running + this.#unproven
    return Math.max(0, Math.min(this.#atOnce - this.#running, (this.#isProven ? maxUnproven : 1) - unproven))
  }

  /** A fetch is started; each is to end in one of `succeeded`, `failed` and `aborted`. */
  started(): void {
    this.#running++
  }

  /** All bytes came. A verdict follows: `proved` or `lied`. */
  succeeded(): void {
    this.#running--
    this.#unproven++
    this.#servedAtMs = this.#now()
    this.#hasServed = true
    this.#failures = 0
    this.#notBeforeMs = 0
    this.#atOnce = Math.min(maxAtOnce, this.#atOnce + 1)
  }

  /** A piece from it passed its hash. */
  proved(): void {
    this.#unproven = Math.max(0, this.#unproven - 1)
    this.#isProven = true
  }

  /** We ended it ourselves, which says nothing about the server. */
  aborted(): void {
    this.#running--
  }

  failed(error: unknown): void {
    this.#running--
    this.#failures++
    this.#atOnce = 1
    const answer = error instanceof P2pShareError ? error.cause : error
    const message = error instanceof Error ? error.message : String(error)
    const isForbidden = error instanceof P2pShareError && error.code === 'ERR_ADDRESS_NOT_ALLOWED'
    const isRefusal = answer instanceof HttpAnswerError && isFinal(answer.status)
    if (isForbidden || (isRefusal && (!this.#hasServed || this.#failures >= maxRefusals)))
      this.#givenUp ??= message
    const pauseMs = Math.min(maxPauseMs, firstPauseMs * 2 ** (this.#failures - 1))
    const asked = answer instanceof HttpAnswerError ? (answer.retryAfterMs ?? 0) : 0
    this.#notBeforeMs = this.#now() + Math.max(asked, pauseMs * (0.75 + this.#random() / 2))
  }

  /** A piece that came from it alone failed its hash. */
  lied(): void {
    this.#lies++
    this.#unproven = Math.max(0, this.#unproven - 1)
    this.#isProven = false
    this.#atOnce = 1
    if (this.#lies >= maxLies) this.#givenUp ??= 'what it sent failed its hash'
    else this.#notBeforeMs = Math.max(this.#notBeforeMs, this.#now() + firstPauseMs)
  }
}

/** Too busy, too many requests, or broken for the moment: later it may be better. All else will be answered alike again. */
function isFinal(status: number): boolean {
  return status < 500 && status !== 408 && status !== 425 && status !== 429
}
