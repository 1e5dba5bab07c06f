import type { AbortOptions } from './abort.ts'

/** Lets so many work at once; the others wait for their turn, first come, first served, and take little room meanwhile. */
export class Turns {
  readonly #waiting = new Set<() => void>()
  #free: number

  constructor(atOnce: number) {
    this.#free = atOnce
  }

  /** Does some work when its turn has come. Aborting takes it out of the queue, and is up to the work once it runs. */
  run<T>(work: () => Promise<T>, { signal }: AbortOptions = {}): Promise<T> {
    if (this.#free > 0) {
      this.#free--
      return this.#work(work)
    }
    if (!signal)
      return new Promise(resolve => {
        this.#waiting.add(() => resolve(this.#work(work)))
      })
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        if (this.#waiting.delete(start)) reject(signal.reason)
      }
      const start = () => {
        signal.removeEventListener('abort', onAbort)
        resolve(this.#work(work))
      }
      this.#waiting.add(start)
      signal.addEventListener('abort', onAbort, { once: true })
    })
  }

  async #work<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } finally {
      const [next] = this.#waiting
      if (next) {
        this.#waiting.delete(next)
        next()
      } else this.#free++
    }
  }
}
