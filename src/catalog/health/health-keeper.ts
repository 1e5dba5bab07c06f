import { setTimeout as delay } from 'node:timers/promises'
import type { CountedTorrent, PeerCount, PeerCounter } from './peer-counter.ts'

/** Where the torrents to be counted come from, and where the counts go. */
export interface HealthRecord {
  /** Torrents that are due, at most `limit`. Whoever claims them counts them: nobody else is given them meanwhile. */
  claim(limit: number): Promise<readonly CountedTorrent[]>
  save(torrent: CountedTorrent, health: PeerCount & { readonly at: Date }): Promise<void>
}

export interface HealthKeeperInit {
  readonly record: HealthRecord
  readonly counter: PeerCounter
  /** Torrents that are counted at once. @default 8 */
  readonly concurrency?: number
  /** How long to rest when nothing is due; after an error of the record, up to 32 times as long. @default 10_000 */
  readonly restMs?: number
  readonly now?: () => Date
  /** Told of errors of the record, which are tried again. */
  readonly onProblem?: (error: unknown) => void
}

/** Keeps the seeds and leeches of listings up to date, until it is stopped. */
export class HealthKeeper {
  readonly #init: Required<Omit<HealthKeeperInit, 'onProblem'>> & Pick<HealthKeeperInit, 'onProblem'>
  #running: { readonly abort: AbortController; readonly ended: Promise<void> } | undefined

  constructor(init: HealthKeeperInit) {
    const defaults = { concurrency: 8, restMs: 10_000, now: () => new Date() }
    this.#init = { ...defaults, ...init }
  }

  start(): void {
    if (this.#running) return
    const abort = new AbortController()
    this.#running = { abort, ended: this.#run(abort.signal) }
  }

  /** Resolves once what was under way has been given up. */
  async stop(): Promise<void> {
    const running = this.#running
    this.#running = undefined
    running?.abort.abort()
    await running?.ended
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { restMs, onProblem } = this.#init
    let failures = 0
    while (!signal.aborted) {
      let counted = 0
      try {
        counted = await this.#round(signal)
        failures = 0
      } catch (error) {
        if (signal.aborted) return
        failures = Math.min(failures + 1, 5)
        onProblem?.(error)
      }
      if (counted > 0) continue
      await delay(restMs * 2 ** failures, undefined, { signal, ref: false }).catch(() => {})
    }
  }

  /** Counts as many torrents as are claimed at once; gives how many that were. */
  async #round(signal: AbortSignal): Promise<number> {
    const { record, counter, concurrency, now } = this.#init
    const torrents = await record.claim(concurrency * 4)
    const waiting = torrents.values()
    const work = async () => {
      for (const torrent of waiting) {
        const count = await counter(torrent, { signal })
        signal.throwIfAborted()
        if (count) await record.save(torrent, { ...count, at: now() })
      }
    }
    const workers = await Promise.allSettled(Array.from({ length: concurrency }, work))
    const failed = workers.find(result => result.status === 'rejected')
    if (failed) throw failed.reason
    return torrents.length
  }
}
