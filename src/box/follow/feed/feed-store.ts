import { sql } from 'kysely'
import type { Hex } from '../../../core/index.ts'
import type { FeedItemRow, FeedRow } from '../../database/following-rows.ts'
import type { BoxDatabase } from '../../database/open-box-database.ts'
import type { Feed } from './read-feed.ts'

/** Items of a feed that are remembered. */
export const maxRemembered = 10_000

/** What feeds had, in the box's database. */
export class FeedStore {
  readonly #db: BoxDatabase

  constructor(db: BoxDatabase) {
    this.#db = db
  }

  async find(url: string): Promise<FeedRow | undefined> {
    return this.#db.selectFrom('feed').selectAll().where('url', '=', url).executeTakeFirst()
  }

  /** The items of a feed that were ever seen, the newest of them. */
  async items(url: string): Promise<FeedItemRow[]> {
    const query = this.#db.selectFrom('feed_item').selectAll().where('feed_url', '=', url)
    return query.orderBy('number', 'desc').limit(maxRemembered).execute()
  }

  /** Notes when a feed was read, or why it was not. */
  async change(url: string, change: Partial<Omit<FeedRow, 'url'>>): Promise<void> {
    const row = { url, title: '', etag: '', last_modified: '', synced_at: null, problem: '', ...change }
    await this.#db
      .insertInto('feed')
      .values(row)
      .onConflict(conflict => conflict.column('url').doUpdateSet({ url, ...change }))
      .execute()
  }

  /**
   * Takes what a feed has now to what it had before: each item once, its seeds as they are told now, and its time too where it is told,
   * for the clock of this machine may have been wrong. What would keep the feed from being read again is written last.
   */
  async take(url: string, { items, title }: Feed, change: Partial<FeedRow>, nowMs: number): Promise<void> {
    await this.change(url, {})
    const rows = items.map(item => ({
      feed_url: url,
      guid: item.guid,
      title: item.title,
      magnet: item.magnet,
      torrent_url: item.torrentUrl,
      info_hash: item.infoHash ?? null,
      size_bytes: item.sizeBytes ?? null,
      seeds: item.seeds ?? null,
      listed_at: Math.min(item.listedAt ?? nowMs, nowMs),
    }))
    if (rows.length > 0)
      await this.#db
        .insertInto('feed_item')
        // The newest comes first in a feed.
        .values(rows.toReversed())
        .onConflict(conflict =>
          conflict.columns(['feed_url', 'guid']).doUpdateSet(({ ref }) => ({
            seeds: ref('excluded.seeds'),
            listed_at: sql`iif(excluded.listed_at < ${nowMs}, excluded.listed_at, feed_item.listed_at)`,
          })),
        )
        .execute()
    await this.#thin(url)
    await this.change(url, { title, ...change })
  }

  /** Notes what the .torrent of an item turned out to be. */
  async identify(number: number, infoHash: Hex, sizeBytes: number): Promise<void> {
    const found = { info_hash: infoHash, size_bytes: sizeBytes }
    await this.#db.updateTable('feed_item').set(found).where('number', '=', number).execute()
  }

  /** Forgets feeds that are not among these and were last read before a time. */
  async forgetOthers(urls: readonly string[], beforeMs: number): Promise<void> {
    await this.#db
      .deleteFrom('feed')
      .where('url', 'not in', urls)
      .where(where => where.or([where('synced_at', 'is', null), where('synced_at', '<', beforeMs)]))
      .execute()
  }

  async #thin(url: string): Promise<void> {
    const query = this.#db.selectFrom('feed_item').select('number').where('feed_url', '=', url)
    const last = await query.orderBy('number', 'desc').offset(maxRemembered).limit(1).executeTakeFirst()
    if (!last) return
    const old = this.#db.deleteFrom('feed_item').where('feed_url', '=', url)
    await old.where('number', '<=', last.number).execute()
  }
}
