const maxAtOnce = 50
/** A tracker that is away must not hold up all others. */
const maxAtOnceAHost = 8

type Work = () => Promise<unknown>

/**
 * Lets 50 announces be under way at once, 8 of them to one tracker; the others wait for their turn. Thousands may wait: none of them holds
 * more than its own work.
 */
export class AnnounceTurns {
  readonly #waiting = new Map<string, Set<Work>>()
  readonly #running = new Map<string, number>()
  #count = 0

  /**
   * Does some work, that never rejects, when its turn has come.
   *
   * @returns takes it out of the queue; of no effect once it has begun
   */
  enter(host: string, work: Work): () => void {
    if (this.#isFree(host)) {
      this.#start(host, work)
      return () => {}
    }
    const queue = this.#waiting.get(host) ?? new Set()
    this.#waiting.set(host, queue)
    queue.add(work)
    return () => this.#leave(host, work)
  }

  #isFree(host: string): boolean {
    return this.#count < maxAtOnce && (this.#running.get(host) ?? 0) < maxAtOnceAHost
  }

  #start(host: string, work: Work): void {
    this.#count++
    this.#running.set(host, (this.#running.get(host) ?? 0) + 1)
    void work().finally(() => this.#give(host))
  }

  #leave(host: string, work: Work): void {
    const queue = this.#waiting.get(host)
    if (queue?.delete(work) && queue.size === 0) this.#waiting.delete(host)
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
      this.#start(next, first!)
      return
    }
  }
}
