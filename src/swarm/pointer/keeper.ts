import { setTimeout as delay } from 'node:timers/promises'
import type { AbortOptions } from '../../core/index.ts'
import type { SignedPointer } from './signed-pointer.ts'

export interface PointerKeeperInit {
  /** What has to stay in the DHT, asked for anew before each round. */
  readonly pointers: () => Promise<readonly SignedPointer[]>
  /** Puts one, and answers how many nodes took it: `Swarm.publishPointer`. */
  readonly publish: (pointer: SignedPointer, options: AbortOptions) => Promise<number>
  /**
   * From the end of one round to the next, give or take a tenth; a minute at most where a pointer reached nobody.
   *
   * @default 30 minutes: nodes forget after two hours
   */
  readonly intervalMs?: number | undefined
  /** Called after each put. It must not throw. */
  readonly onPublished?: ((pointer: SignedPointer, nodes: number) => void) | undefined
  /** Called with what went wrong, and over which pointer if any; the keeper goes on. It must not throw. */
  readonly onError?: ((error: unknown, pointer?: SignedPointer) => void) | undefined
}

const defaultIntervalMs = 30 * 60_000
/** Where nobody took a pointer, as before the network is there, the next round is not that far off. */
const retryMs = 60_000
const jitter = 0.1

/**
 * Keeps pointers in the DHT, one's own or those that one follows, by putting them again and again, one at a time. Whoever follows
 * a pointer can keep it there when its publisher has left.
 */
export class PointerKeeper {
  readonly #init: PointerKeeperInit
  readonly #stopping = new AbortController()
  #running: Promise<void> | undefined

  constructor(init: PointerKeeperInit) {
    this.#init = init
  }

  /** Begins with a round at once. Idempotent. */
  start(): void {
    if (!this.#stopping.signal.aborted) this.#running ??= this.#run()
  }

  /** Gives up the put that is under way. Idempotent. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #run(): Promise<void> {
    const { intervalMs = defaultIntervalMs } = this.#init
    const { signal } = this.#stopping
    while (!signal.aborted) {
      const reachedAll = await this.#putAll(signal)
      const pauseMs = reachedAll ? intervalMs : Math.min(intervalMs, retryMs)
      const factor = 1 + jitter * (2 * Math.random() - 1)
      await delay(pauseMs * factor, undefined, { signal, ref: false }).catch(() => {})
    }
  }

  /** Answers whether every pointer was taken by somebody. */
  async #putAll(signal: AbortSignal): Promise<boolean> {
    const { pointers, publish, onPublished, onError } = this.#init
    let reachedAll = true
    let current: SignedPointer | undefined
    const put = async (pointer: SignedPointer) => {
      current = pointer
      const nodes = await publish(pointer, { signal })
      reachedAll &&= nodes > 0
      onPublished?.(pointer, nodes)
    }
    const list = await attempt(pointers)
    for (const pointer of list ?? []) {
      if (signal.aborted) return reachedAll
      await attempt(() => put(pointer))
    }
    return reachedAll

    async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
      try {
        return await work()
      } catch (error) {
        reachedAll = false
        if (!signal.aborted) onError?.(error, current)
        return undefined
      }
    }
  }
}
