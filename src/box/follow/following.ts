import { type AbortOptions, P2pShareError } from '../../core/index.ts'
import type { Swarm } from '../../swarm/index.ts'
import type { BoxConfig } from '../config/box-config.ts'
import type { BoxDatabase } from '../database/open-box-database.ts'
import type { KeptCatalog } from '../kept-catalog.ts'
import type { Item } from '../shelf/item.ts'
import type { Shelf } from '../shelf/shelf.ts'
import { Admission, type Room } from './admission.ts'
import { freeBytesAt } from './disk-room.ts'
import { Fetching } from './fetching.ts'
import { FollowedCatalogs } from './followed-catalogs.ts'
import { FollowedFeeds } from './followed-feeds.ts'
import { heldItem } from './held-item.ts'
import { type MaxSizes, maxSizeOf, maxSizesOf } from './max-size.ts'
import type { Mirrored } from './mirrored.ts'
import { isFollowed, type Offer, type Source } from './offer.ts'
import { type Held, type Plan, type PlanLimits, plan, reasons } from './plan.ts'
import { seedCounter } from './seed-counter.ts'
import { SeedCounts } from './seed-counts.ts'
import { type Wake, wake } from './wake.ts'

export interface FollowingInit {
  readonly kept: KeptCatalog
  readonly swarm: Pick<Swarm, 'countPeers'>
  readonly shelf: Shelf
  readonly database: BoxDatabase
  readonly mirrored: Mirrored
  readonly settings: () => BoxConfig['follow']
  /** Folder that is fetched into, each catalog and feed in one of its own below it. */
  readonly downloads: () => string
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly onProblem: (what: string, error: unknown) => void
  /** Bytes that may still be written below a folder. */
  readonly freeBytes?: ((folder: string) => Promise<number>) | undefined
}

/** A plan, and what it was made for. */
export interface Planned {
  readonly plan: Plan<Offer>
  readonly sources: readonly Source[]
  readonly limits: PlanLimits
  readonly usedBytes: number
}

/** Whatever the settings say, nobody is asked more often. */
const leastEveryMs = 10_000
/** A timer that is set for longer goes off at once. */
const longestEveryMs = 2 ** 31 - 1
/** For those who ask how it is every other second: all listings are looked at to tell. */
const freshMs = 10_000
/** Why one thing keeps another one out. */
const tight: ReadonlySet<string> = new Set([reasons.quota, reasons.disk, reasons.count])
/** How often it is chosen anew after seeds were counted. */
const mostRounds = 3

/** How often catalogs and feeds are looked at. */
export function everyMsOf({ every }: BoxConfig['follow']): number {
  return Math.min(Math.max(every, leastEveryMs), longestEveryMs)
}

/**
 * Mirrors what the settings follow: looks for what is new, plans, and fetches what the plan says. Nothing is ever deleted but by
 * {@link Following.prune}.
 */
export class Following {
  readonly admission: Admission
  readonly #init: FollowingInit
  readonly #catalogs: FollowedCatalogs
  readonly #feeds: FollowedFeeds
  readonly #fetching: Fetching
  readonly #counts: SeedCounts
  /** Before the box has taken up what it has, nobody can tell what is missing. */
  readonly #begun = Promise.withResolvers<void>()
  readonly #ending = new AbortController()
  readonly #wake: Wake = wake()
  readonly #pruned = new WeakSet<Item>()
  #maxSizes: MaxSizes = new Map()
  #seen: { readonly sources: readonly Source[]; readonly atMs: number } | undefined
  #turning: Promise<void> = Promise.resolve()
  #running: Promise<void> | undefined

  constructor(init: FollowingInit) {
    this.#init = init
    const { mirrored, shelf } = init
    this.#catalogs = new FollowedCatalogs(init)
    this.#feeds = new FollowedFeeds({ ...init, monotonicMs })
    this.admission = new Admission({
      mirrored,
      room: () => this.#room(),
      maxSizeOf: origin => maxSizeOf(origin, init.settings(), this.#maxSizes),
    })
    const { admission } = this
    this.#fetching = new Fetching({ ...init, admission, feeds: this.#feeds.store, monotonicMs })
    const count = seedCounter((infoHash, options) => init.swarm.countPeers(infoHash, options))
    this.#counts = new SeedCounts({ count, monotonicMs })
    init.kept.on('news', () => this.#wake.now())
    shelf.on('removed', item => this.#onRemoved(item))
  }

  /** Begins to look after what is followed, once the shelf has taken up what it has; plans wait for this. */
  start(): void {
    this.#begun.resolve()
    this.#running ??= this.#run(this.#ending.signal)
  }

  /** Takes up settings that have changed. */
  apply(): void {
    const { kept, onProblem } = this.#init
    void kept.apply().catch(error => onProblem('Catalogs cannot be kept up', error))
    this.#wake.now()
  }

  /**
   * Looks for what is new and fetches what there is room for, once.
   *
   * @param restMs feeds that were asked less long ago are left alone
   */
  turn({ restMs, signal }: AbortOptions & { readonly restMs?: number } = {}): Promise<void> {
    const { signal: ending } = this.#ending
    const options = { restMs, signal: signal ? AbortSignal.any([signal, ending]) : ending }
    const turn = this.#turning.then(async () => {
      await this.#begun.promise
      options.signal.throwIfAborted()
      const { catalogs, feeds } = this.#init.settings()
      await Promise.all([this.#catalogs.follow(catalogs, options), this.#feeds.poll(feeds, options)])
      const chosen = await this.#choose(options)
      await this.#fetching.fetch(chosen, options)
    })
    this.#turning = turn.catch(() => {})
    return turn
  }

  /** What would be fetched and could be dropped now, and why: nothing is done. */
  plan({ prunes = false, ...options }: AbortOptions & { prunes?: boolean } = {}): Promise<Planned> {
    return this.#plan(prunes, options)
  }

  /** What is followed, as it was a moment ago. */
  async sources(options: AbortOptions = {}): Promise<readonly Source[]> {
    const seen = this.#seen
    const isFresh = seen !== undefined && performance.now() - seen.atMs < freshMs
    return isFresh ? seen.sources : this.#look(options)
  }

  /** What the box has because it was followed. */
  held(): Held[] {
    const { shelf, mirrored } = this.#init
    const followed = shelf.items().filter(({ entry }) => isFollowed(entry.origin))
    return followed.map(item => heldItem(item, mirrored))
  }

  /**
   * Takes out of the box what was shown to a person and could still be dropped, with the files that it wrote. What one runs into is
   * told, and the others go.
   *
   * @returns what went, each with files that were left since they are not ours
   */
  async prune(
    ids: readonly number[],
    options: AbortOptions = {},
  ): Promise<{ item: Held; left: readonly string[] }[]> {
    const { shelf } = this.#init
    const shown = new Set(ids)
    const { plan } = await this.#plan(true, options)
    const gone: { item: Held; left: readonly string[] }[] = []
    for (const { item } of plan.drop) {
      const found = shown.has(item.id) ? shelf.lookUp(item.id) : undefined
      if (!found) continue
      this.#pruned.add(found)
      try {
        gone.push({ item, left: await shelf.remove(found, { data: true }) })
      } catch (error) {
        this.#init.onProblem(`${item.name} cannot be dropped`, error)
      }
    }
    this.#wake.now()
    return gone
  }

  async stop(): Promise<void> {
    this.#ending.abort(new P2pShareError('ERR_STOPPED', 'The box was stopped: start it again'))
    this.#wake.now()
    this.#begun.resolve()
    await this.#running
    await this.#turning
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { kept, onProblem } = this.#init
    while (!signal.aborted) {
      // The first one of a home may be published while the box runs.
      await kept.openKnown().catch(error => onProblem('Catalogs cannot be kept up', error))
      // It is woken by whatever is new in a catalog: that is no reason to ask feeds again.
      await this.turn({ restMs: everyMsOf(this.#init.settings()) }).catch(error => {
        if (!signal.aborted) onProblem('What is followed cannot be looked after', error)
      })
      await this.#wake.wait(everyMsOf(this.#init.settings()), signal)
    }
  }

  /** What to fetch; where there is no room for everything seeds are counted before. */
  async #choose(options: AbortOptions): Promise<Plan<Offer>['fetch']> {
    for (let round = 0; ; round++) {
      const { fetch, leftOut } = (await this.#plan(false, options)).plan
      const isTight = leftOut.some(({ why }) => tight.has(why))
      if (!isTight || round === mostRounds) return fetch
      const hasLearned = await this.#counts.count(
        fetch.map(({ listing }) => listing),
        options,
      )
      if (!hasLearned) return fetch
    }
  }

  async #plan(prunes: boolean, options: AbortOptions): Promise<Planned> {
    await this.#begun.promise
    const sources = await this.#look(options)
    this.#maxSizes = maxSizesOf(sources)
    const { held, ...room } = await this.#room()
    const { max_age: maxAgeMs, max_transfers: maxTransfers } = this.#init.settings()
    const limits = {
      ...{ ...room, maxTransfers, maxAgeMs, nowMs: this.#init.now() },
      ...{ barred: this.#barred(), isKnown: knownAmong(sources) },
    }
    const offers = sources.flatMap(source => source.offers).map(offer => this.#asItIs(offer))
    return {
      plan: plan(offers, held, limits, { prunes }),
      sources,
      limits,
      usedBytes: held.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    }
  }

  async #look(options: AbortOptions): Promise<readonly Source[]> {
    const { catalogs, feeds } = this.#init.settings()
    const sources = await Promise.all([
      ...catalogs.map(followed => this.#catalogs.source(followed, options)),
      ...feeds.map(followed => this.#feeds.source(followed)),
    ])
    this.#seen = { sources, atMs: performance.now() }
    return sources
  }

  async #room(): Promise<Room> {
    const { settings, downloads, shelf, mirrored, freeBytes = freeBytesAt } = this.#init
    const { quota: quotaBytes, keep_free: keepFreeBytes } = settings()
    const others = shelf.items().filter(({ entry }) => !isFollowed(entry.origin))
    const toCome = others.reduce((sum, item) => sum + heldItem(item, mirrored).missingBytes, 0)
    const free = await freeBytes(downloads())
    return { held: this.held(), quotaBytes, keepFreeBytes, freeBytes: free - toCome }
  }

  /** With the size that it turned out to have, whatever its listing says, and the seeds that were counted. */
  #asItIs(offer: Offer): Offer {
    const sizeBytes = this.#init.mirrored.get(offer.key)?.sizeBytes || offer.sizeBytes
    return { ...offer, sizeBytes, seeds: offer.seeds ?? this.#counts.of(offer.key) }
  }

  #barred(): Map<string, string> {
    const { shelf, mirrored } = this.#init
    const barred = this.#fetching.barred()
    for (const infoHash of mirrored.removed()) barred.set(infoHash, 'you took it out of the box')
    for (const { infoHash, entry } of shelf.items())
      if (!isFollowed(entry.origin)) barred.set(infoHash, 'the box has it already')
    return barred
  }

  #onRemoved(item: Item): void {
    if (!isFollowed(item.entry.origin) || this.#pruned.has(item)) return
    void this.#init.mirrored
      .note(item.infoHash, { isRemoved: true })
      .catch(error => this.#init.onProblem(`That ${item.name} was taken out cannot be kept`, error))
  }
}

const monotonicMs = () => performance.now()

/** While a catalog is not to be found nobody can tell which transfers are of it. */
function knownAmong(sources: readonly Source[]): (origin: string) => boolean {
  const isAllFound = sources.every(({ origin }) => origin !== undefined)
  const known = new Set(sources.map(({ origin }) => origin))
  const partly = new Set(sources.filter(({ isWhole }) => !isWhole).map(({ origin }) => origin))
  return origin => (isAllFound || known.has(origin) || origin.startsWith('feed:')) && !partly.has(origin)
}
