/** Lets many work at once, or one alone while the others wait. */
export class Suspension {
  #users = 0
  #gate: Promise<void> | undefined
  #onIdle: (() => void) | undefined

  /** Does work beside others. Costs nothing while nobody is alone. */
  async use<T>(work: () => Promise<T>): Promise<T> {
    while (this.#gate) await this.#gate
    this.#users++
    try {
      return await work()
    } finally {
      this.#users--
      if (this.#users === 0) this.#onIdle?.()
    }
  }

  /** Does work that nobody else is beside, once those before have ended. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    while (this.#gate) await this.#gate
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#gate = promise
    try {
      if (this.#users > 0) {
        await new Promise<void>(idle => {
          this.#onIdle = idle
        })
      }
      return await work()
    } finally {
      this.#onIdle = undefined
      this.#gate = undefined
      resolve()
    }
  }
}
