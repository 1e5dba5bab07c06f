import { type AbortOptions, readMagnet } from '../../core/index.ts'
import { isPrivateFeed, type Offer } from './offer.ts'
import type { SeedCounter } from './seed-counter.ts'

export interface SeedCountsInit {
  readonly count: SeedCounter
  readonly monotonicMs: () => number
}

interface Count {
  /** `undefined` where nobody could tell. */
  readonly seeds: number | undefined
  readonly atMs: number
}

const countedAtOnce = 8
const countedInARow = 64
const timeoutMs = 30_000
const goodForMs = 6 * 3_600_000
const maxKnown = 20_000

/** What is counted of what is followed. */
export type Countable = Pick<Offer, 'key' | 'seeds' | 'magnet' | 'origin'>

/**
 * Counts who shares things of which no catalog and no feed tells, before one has to choose among them. What is only to be had as a
 * .torrent is not asked for: it may be private, and is told of by nobody but its own tracker then (BEP 27).
 */
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
  async count(listings: readonly Countable[], { signal }: AbortOptions): Promise<boolean> {
    const due = listings.filter(listing => this.#isDue(listing)).slice(0, countedInARow)
    if (due.length === 0) return false
    const limit = AbortSignal.timeout(timeoutMs)
    const limited = { signal: signal ? AbortSignal.any([signal, limit]) : limit }
    const left = due[Symbol.iterator]()
    let hasFound = false
    const work = async () => {
      for (const listing of left) {
        if (limited.signal.aborted) return
        const seeds = await this.#countOne(listing, limited).catch(() => undefined)
        if (limited.signal.aborted && seeds === undefined) return
        hasFound ||= seeds !== undefined && seeds > 0
        this.#keep(listing.key, seeds)
      }
    }
    await Promise.all(Array.from({ length: countedAtOnce }, work))
    signal?.throwIfAborted()
    return hasFound
  }

  async #countOne({ key, magnet, origin }: Countable, options: AbortOptions): Promise<number | undefined> {
    const { trackers } = readMagnet(magnet)
    const torrent = { infoHash: key.slice(0, 40), trackers, allowsPrivate: isPrivateFeed(origin) }
    return (await this.#init.count(torrent, options))?.seeds
  }

  #isDue({ key, seeds, magnet }: Countable): boolean {
    const known = this.#counts.get(key)
    const isFresh = known !== undefined && this.#init.monotonicMs() - known.atMs < goodForMs
    return (seeds === undefined || known !== undefined) && !isFresh && magnet !== ''
  }

  #keep(key: string, seeds: number | undefined): void {
    this.#counts.delete(key)
    this.#counts.set(key, { seeds, atMs: this.#init.monotonicMs() })
    if (this.#counts.size > maxKnown) this.#counts.delete(this.#counts.keys().next().value!)
  }
}
