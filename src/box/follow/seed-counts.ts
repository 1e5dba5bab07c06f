import type { AbortOptions } from '../../core/index.ts'
import type { Wanted } from './plan.ts'

export interface SeedCountsInit {
  /** How many share a torrent, by the first 40 digits of its info-hash; 0 where nobody is known. */
  readonly count: (infoHash: string, options: AbortOptions) => Promise<number>
  readonly monotonicMs: () => number
}

interface Count {
  /** `undefined` where nobody was found, which says little: not everybody is in the DHT. */
  readonly seeds: number | undefined
  readonly atMs: number
}

const countedAtOnce = 8
const countedInARow = 64
const timeoutMs = 30_000
const goodForMs = 6 * 3_600_000
const maxKnown = 20_000

/** Counts who shares things of which no catalog and no feed tells, before one has to choose among them. */
export class SeedCounts {
  readonly #init: SeedCountsInit
  readonly #counts = new Map<string, Count>()

  constructor(init: SeedCountsInit) {
    this.#init = init
  }

  /** As counted in the last hours. */
  of(key: string): number | undefined {
    return this.#counts.get(key)?.seeds
  }

  /**
   * Counts the first some of these of which nothing is known, for half a minute at most.
   *
   * @returns whether anything came of it
   */
  async count(listings: readonly Wanted[], { signal }: AbortOptions): Promise<boolean> {
    const due = listings.filter(listing => this.#isDue(listing)).slice(0, countedInARow)
    if (due.length === 0) return false
    const limit = AbortSignal.timeout(timeoutMs)
    const limited = { signal: signal ? AbortSignal.any([signal, limit]) : limit }
    const left = due[Symbol.iterator]()
    let hasFound = false
    const work = async () => {
      for (const { key } of left) {
        if (limited.signal.aborted) return
        const found = await this.#init.count(key.slice(0, 40), limited).catch(() => 0)
        if (limited.signal.aborted && found === 0) return
        hasFound ||= found > 0
        this.#keep(key, found > 0 ? found : undefined)
      }
    }
    await Promise.all(Array.from({ length: countedAtOnce }, work))
    signal?.throwIfAborted()
    return hasFound
  }

  #isDue({ key, seeds }: Wanted): boolean {
    const known = this.#counts.get(key)
    const isFresh = known !== undefined && this.#init.monotonicMs() - known.atMs < goodForMs
    return (seeds === undefined || known !== undefined) && !isFresh && /^[0-9a-f]{40,64}$/.test(key)
  }

  #keep(key: string, seeds: number | undefined): void {
    this.#counts.delete(key)
    this.#counts.set(key, { seeds, atMs: this.#init.monotonicMs() })
    if (this.#counts.size > maxKnown) this.#counts.delete(this.#counts.keys().next().value!)
  }
}
