import type { P2pShareError } from '../core/index.ts'

/** Whether something has ended, and why. A signal is made only where one is asked for, and let go of when its work is done. */
export class Ending {
  #reason: P2pShareError | undefined
  #controller: AbortController | undefined

  get isEnded(): boolean {
    return this.#reason !== undefined
  }

  get reason(): P2pShareError | undefined {
    return this.#reason
  }

  /** Aborted at the end. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController()
      if (this.#reason) this.#controller.abort(this.#reason)
    }
    return this.#controller.signal
  }

  /** Nobody looks at the signal that was given out any more; another one is made when it is asked for. */
  forgetSignal(): void {
    this.#controller = undefined
  }

  end(reason: P2pShareError): void {
    this.#reason ??= reason
    this.#controller?.abort(this.#reason)
  }

  throwIfEnded(): void {
    if (this.#reason) throw this.#reason
  }
}
