import type { AbortOptions } from '../../core/index.ts'

const maxAtOnce = 50
/** A tracker that is away must not hold up all others. */
const maxAtOnceAHost = 8

interface Waiting {
  readonly start: () => void
}

/** Lets 50 announces be under way at once, 8 of them to one tracker; the others wait for their turn. */
export class AnnounceTurns {
  readonly #waiting = new Map<string, Set<Waiting>>()
  readonly #running = new Map<string, number>()
  #count = 0

  /** Does some work when its turn has come. Aborting takes it out of the queue, and is up to the work once it runs. */
  async run<Result>(
    host: string,
    work: () => Promise<Result>,
    { signal }: AbortOptions = {},
  ): Promise<Result> {
    signal?.throwIfAborted()
    if (this.#isFree(host)) this.#take(host)
    else await this.#wait(host, signal)
    try {
      return await work()
    } finally {
      this.#give(host)
    }
  }

  #isFree(host: string): boolean {
    return this.#count < maxAtOnce && (this.#running.get(host) ?? 0) < maxAtOnceAHost
  }

  #take(host: string): void {
    this.#count++
    this.#running.set(host, (this.#running.get(host) ?? 0) + 1)
  }

  #give(host: string): void {
    this.#count--
    const left = this.#running.get(host)! - 1
    if (left > 0) this.#running.set(host, left)
    else this.#running.delete(host)
    for (const [next, queue] of this.#waiting) {
      if (!this.#isFree(next)) continue
      const [first] = queue
      // Set anew, so that each host has its turn.
      this.#waiting.delete(next)
      queue.delete(first!)
      if (queue.size > 0) this.#waiting.set(next, queue)
      this.#take(next)
      first!.start()
      return
    }
  }

  async #wait(host: string, signal: AbortSignal | undefined): Promise<void> {
    const turn = Promise.withResolvers<void>()
    const waiting = { start: turn.resolve }
    const queue = this.#waiting.get(host) ?? new Set()
    this.#waiting.set(host, queue)
    queue.add(waiting)
    const onAbort = () => {
      // Where its turn has come already, the work itself finds the signal aborted.
      if (!queue.delete(waiting)) return
      if (queue.size === 0) this.#waiting.delete(host)
      turn.reject(signal!.reason)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      await turn.promise
    } finally {
      signal?.removeEventListener('abort', onAbort)
    }
  }
}
