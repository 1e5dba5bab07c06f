import { type AbortOptions, mainInfoHash, parseMetainfo } from '../../core/index.ts'
import { fetchTorrent } from '../../swarm/index.ts'
import type { Shelf } from '../shelf/shelf.ts'
import type { Admission } from './admission.ts'
import type { FeedStore } from './feed/feed-store.ts'
import type { Mirrored } from './mirrored.ts'
import type { Offer, OfferedTorrent } from './offer.ts'
import { messageWithoutKeys } from './without-keys.ts'

export interface FetchingInit {
  readonly shelf: Shelf
  readonly mirrored: Mirrored
  readonly admission: Admission
  readonly feeds: FeedStore
  readonly monotonicMs: () => number
  readonly onProblem: (what: string, error: unknown) => void
}

interface Failure {
  readonly count: number
  readonly untilMs: number
  readonly why: string
}

const firstPauseMs = 5 * 60_000
const longestPauseMs = 86_400_000
const maxFailures = 10_000
/** What the torrents of one feed may take in a turn: a slow server is not to hold up what others list. */
const maxFeedMs = 60_000

/** Gives what a plan chose to the shelf. What fails is left alone for a while, longer each time. */
export class Fetching {
  readonly #init: FetchingInit
  readonly #failures = new Map<string, Failure>()

  constructor(init: FetchingInit) {
    this.#init = init
  }

  /**
   * One after another; what one runs into is told, and the others go on. What is left of a feed whose server is slow is for the next
   * turn.
   */
  async fetch(chosen: readonly { readonly listing: Offer }[], { signal }: AbortOptions): Promise<void> {
    const { monotonicMs, admission } = this.#init
    const spentMs = new Map<string, number>()
    for (const { listing } of chosen) {
      signal?.throwIfAborted()
      const { origin, torrent } = listing
      const spent = spentMs.get(origin) ?? 0
      if (torrent && spent >= maxFeedMs) continue
      const startMs = monotonicMs()
      await this.#tryOne(listing, signal)
      admission.settled()
      spentMs.set(origin, spent + monotonicMs() - startMs)
    }
  }

  /** Why what failed lately is not to be fetched now, by key. */
  barred(): Map<string, string> {
    const nowMs = this.#init.monotonicMs()
    const barred = new Map<string, string>()
    for (const [key, { untilMs, why }] of this.#failures) if (untilMs > nowMs) barred.set(key, why)
    return barred
  }

  async #tryOne(listing: Offer, signal: AbortSignal | undefined): Promise<void> {
    try {
      await this.#fetchOne(listing, signal)
      this.#failures.delete(listing.key)
    } catch (error) {
      signal?.throwIfAborted()
      const why = messageWithoutKeys(error as Error)
      this.#note(listing.key, why)
      this.#init.onProblem(`The listing ${listing.title}`, new Error(why, { cause: error }))
    }
  }

  async #fetchOne(offer: Offer, signal: AbortSignal | undefined): Promise<void> {
    const { shelf, mirrored } = this.#init
    const { origin, folder, magnet, torrent, key, sizeBytes = 0 } = offer
    if (torrent) return this.#fetchTorrent(offer, torrent, signal)
    await mirrored.note(key, { sizeBytes })
    await shelf.get(magnet, { origin, folder })
  }

  /** The feed's own server may be where the feed is; others that it names must be public. */
  async #fetchTorrent(
    { origin, folder }: Offer,
    { url, feedUrl, number }: OfferedTorrent,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { shelf, mirrored, feeds, admission } = this.#init
    const isSameHost = new URL(url).host === new URL(feedUrl).host
    const bytes = await fetchTorrent(url, { trust: isSameHost ? 'host' : 'public', signal })
    const metainfo = parseMetainfo(bytes)
    const infoHash = mainInfoHash(metainfo)
    await feeds.identify(number, infoHash, metainfo.sizeBytes)
    if (shelf.lookUp(infoHash) || mirrored.get(infoHash)?.isRemoved) return
    await admission.admit(metainfo, origin)
    await shelf.get(bytes, { origin, folder })
  }

  #note(key: string, why: string): void {
    const count = (this.#failures.get(key)?.count ?? 0) + 1
    const pauseMs = Math.min(firstPauseMs * 2 ** (count - 1), longestPauseMs)
    this.#failures.delete(key)
    this.#failures.set(key, { count, untilMs: this.#init.monotonicMs() + pauseMs, why })
    if (this.#failures.size > maxFailures) this.#failures.delete(this.#failures.keys().next().value!)
  }
}
