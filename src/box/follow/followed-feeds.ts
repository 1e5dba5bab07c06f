import { join } from 'node:path'
import { type AbortOptions, cleanName, fewAtOnce } from '../../core/index.ts'
import type { FollowedFeed } from '../config/box-config.ts'
import type { FeedItemRow } from '../database/following-rows.ts'
import type { BoxDatabase } from '../database/open-box-database.ts'
import { FeedStore, maxRemembered } from './feed/feed-store.ts'
import { fetchFeed } from './feed/fetch-feed.ts'
import { feedOrigin, type Offer, type Source } from './offer.ts'
import { messageWithoutKeys, withoutKeys } from './without-keys.ts'
import { wordFilter } from './word-filter.ts'

export interface FollowedFeedsInit {
  readonly database: BoxDatabase
  /** Folder below which each feed has its own. */
  readonly downloads: () => string
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly monotonicMs: () => number
  readonly onProblem: (what: string, error: unknown) => void
}

/** Each may be megabytes, and many times that once it is read. */
const readAtOnce = 8
/** A feed that was taken out of the settings may come back. */
const forgottenAfterMs = 30 * 86_400_000

/** The feeds that the settings name: read now and then, what they ever had remembered. */
export class FollowedFeeds {
  readonly store: FeedStore
  readonly #init: FollowedFeedsInit
  readonly #askedAtMs = new Map<string, number>()

  constructor(init: FollowedFeedsInit) {
    this.#init = init
    this.store = new FeedStore(init.database)
  }

  /**
   * Asks each for what is new, a few at a time. What one runs into is told, and kept for those who look; it is no matter to the others.
   *
   * @param restMs one that was asked less long ago is left alone
   */
  async poll(
    feeds: readonly FollowedFeed[],
    { restMs = 0, signal }: AbortOptions & { readonly restMs?: number | undefined },
  ): Promise<void> {
    const urls = new Set(feeds.map(({ url }) => url))
    await this.store.forgetOthers([...urls], this.#init.now() - forgottenAfterMs)
    const nowMs = this.#init.monotonicMs()
    for (const url of this.#askedAtMs.keys()) if (!urls.has(url)) this.#askedAtMs.delete(url)
    const left = urls.values().filter(url => nowMs - (this.#askedAtMs.get(url) ?? -Infinity) >= restMs)
    await fewAtOnce(left, url => this.#pollOne(url, signal), readAtOnce)
  }

  /** A feed as it was when it was last read, with what of it is asked for. */
  async source({ url, words, max_size: maxSizeBytes }: FollowedFeed): Promise<Source> {
    const row = await this.store.find(url)
    const hasWords = wordFilter(words)
    const name = row?.title || new URL(url).host
    const folder = join(this.#init.downloads(), cleanName(name))
    const items = await this.store.items(url)
    const offers = items
      .filter(({ title, size_bytes }) => hasWords(title) && (size_bytes ?? 0) <= (maxSizeBytes ?? Infinity))
      .map(item => offerOf(item, folder))
    return {
      kind: 'feed',
      source: url,
      origin: feedOrigin(url),
      name,
      syncedAt: typeof row?.synced_at === 'number' ? new Date(row.synced_at) : undefined,
      problem: row?.problem || undefined,
      maxSizeBytes,
      offers,
      isWhole: items.length < maxRemembered,
    }
  }

  async #pollOne(url: string, signal: AbortSignal | undefined): Promise<void> {
    const { store } = this
    this.#askedAtMs.set(url, this.#init.monotonicMs())
    try {
      const known = await store.find(url)
      const tags = { etag: known?.etag ?? '', lastModified: known?.last_modified ?? '' }
      const fetched = await fetchFeed(url, tags, { signal })
      const synced = { synced_at: this.#init.now() }
      // What was wrong with it still is, as it has not changed.
      if (!fetched) return await store.change(url, synced)
      const { feed, etag, lastModified } = fetched
      const problem = feed.problems.join('\n')
      await store.take(url, feed, { ...synced, etag, last_modified: lastModified, problem }, synced.synced_at)
      this.#tell(url, problem, known?.problem)
    } catch (error) {
      signal?.throwIfAborted()
      const before = (await store.find(url))?.problem
      const problem = messageWithoutKeys(error as Error).slice(0, 1_000)
      // Asked the next time as if for the first, so that what is wrong is seen to be over.
      await store.change(url, { problem, etag: '', last_modified: '' })
      this.#tell(url, problem, before)
    }
  }

  /** Once, for it is met again and again. */
  #tell(url: string, problem: string, before: string | undefined): void {
    if (problem === '' || problem === before) return
    this.#init.onProblem(`The feed ${withoutKeys(url)}`, new Error(problem))
  }
}

function offerOf(item: FeedItemRow, folder: string): Offer {
  const { feed_url: feedUrl, torrent_url: url, number } = item
  return {
    key: item.info_hash ?? `${feedUrl}#${number}`,
    title: item.title,
    sizeBytes: item.size_bytes ?? undefined,
    seeds: item.seeds ?? undefined,
    listedAt: item.listed_at,
    origin: feedOrigin(feedUrl),
    magnet: item.magnet,
    torrent: url === '' ? undefined : { url, feedUrl, number },
    folder,
  }
}
