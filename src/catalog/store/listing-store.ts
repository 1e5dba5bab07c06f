import type { AbortOptions, Hex } from '../../core/index.ts'
import type { CatalogDatabase } from '../database/catalog-database.ts'
import { type Section, sections } from '../listing/fields.ts'
import type { ListingId } from '../listing/listing-id.ts'
import type { CatalogRecord } from '../listing/record.ts'
import { searchFacets } from '../search/facets.ts'
import { ListingSearch } from '../search/listing-search.ts'
import type { SearchBounds } from '../search/search-bounds.ts'
import type { Facets, SearchPage, SearchQuery } from '../search/search-query.ts'
import { type ApplyTarget, applyRecords } from './apply-records.ts'
import { blockedPublishers } from './blocked-publishers.ts'
import { lockListings } from './counters.ts'
import { type IndexedRecord, indexedRecord } from './indexed-record.ts'
import { type Leaving, leaveCatalog } from './membership.ts'
import type { ApplyCounts } from './plan-records.ts'
import { PostgresWriter } from './postgres-writer.ts'
import { removeListings } from './remove-listings.ts'
import { SqliteWriter } from './sqlite-writer.ts'
import { listingColumns, type StoredListing, storedListing } from './stored-listing.ts'
import { updateHealth } from './update-health.ts'
import { Vocabulary } from './vocabulary.ts'

export type { Facets, SearchPage, SearchQuery } from '../search/search-query.ts'
export type { ApplyTarget } from './apply-records.ts'
export type { ApplyCounts } from './plan-records.ts'
export type { StoredListing } from './stored-listing.ts'

const maxFound = 100
const maxRecords = 10_000
const removedAtOnce = 1_000

/** The listings of all catalogs that this database knows: what is searched, and what snapshots are made of. */
export class ListingStore {
  readonly #database: CatalogDatabase
  readonly #search: ListingSearch
  readonly #vocabulary = new Vocabulary()
  readonly #sqliteWriter: SqliteWriter | undefined

  /** @param bounds how much a search may read, see docs/search.md */
  constructor(database: CatalogDatabase, bounds?: Partial<SearchBounds>) {
    this.#database = database
    this.#search = new ListingSearch(database, bounds)
    this.#sqliteWriter = database.sqlite && new SqliteWriter(database.sqlite)
  }

  /**
   * Takes in records, all or none. Later revisions replace; what is known already only joins the catalog; a withdrawal
   * takes the listing out of every catalog and is remembered for good.
   *
   * @param records in their order, some thousands at most
   */
  async apply(records: readonly CatalogRecord[], to: ApplyTarget): Promise<ApplyCounts> {
    return this.applyIndexed(
      records.map(record => indexedRecord(record)),
      to,
    )
  }

  /** The same with records that were prepared, on another thread maybe. */
  async applyIndexed(records: readonly IndexedRecord[], to: ApplyTarget): Promise<ApplyCounts> {
    try {
      return await this.#database.transaction(db =>
        applyRecords(records, to, {
          db,
          writer: this.#sqliteWriter ?? new PostgresWriter(db),
          vocabulary: this.#vocabulary,
          nowMs: Date.now(),
        }),
      )
    } catch (error) {
      this.#vocabulary.forget()
      throw error
    }
  }

  /** Drops what only these segments brought into a catalog. Answers how many listings left it. */
  async dropSegments(catalogId: number, segmentIds: readonly number[]): Promise<number> {
    return segmentIds.length === 0 ? 0 : this.#leave(catalogId, { segmentIds })
  }

  /** Takes listings out of one catalog. Answers how many were in it. */
  async remove(catalogId: number, ids: readonly ListingId[]): Promise<number> {
    let removed = 0
    for (let at = 0; at < ids.length; at += removedAtOnce)
      removed += await this.#leave(catalogId, { ids: ids.slice(at, at + removedAtOnce) })
    return removed
  }

  /** Takes all listings out of a catalog. */
  async dropCatalog(catalogId: number): Promise<void> {
    await this.#leave(catalogId, {})
  }

  byId(id: ListingId): Promise<StoredListing | undefined> {
    return this.#one('id', id)
  }

  byNumber(number: number): Promise<StoredListing | undefined> {
    return this.#one('number', number)
  }

  /** Listings of a torrent by its v1 or v2 info-hash, the newest first, at most 100. */
  async byInfoHash(hash: Hex): Promise<StoredListing[]> {
    const { listings } = await this.#search.search({ infoHash: hash, sort: 'newest', limit: maxFound })
    return [...listings]
  }

  /** Signed records of a catalog by number, for snapshots and export: the next `limit` above `after`. */
  recordsOf(
    catalogId: number,
    { after = 0, limit = 1_000 }: { after?: number | undefined; limit?: number | undefined } = {},
  ): Promise<{ number: number; json: string }[]> {
    return this.#database.reader
      .selectFrom('catalog_listing')
      .innerJoin('listing_record', 'listing_record.number', 'catalog_listing.listing_number')
      .select(['listing_record.number', 'listing_record.json'])
      .where('catalog_id', '=', catalogId)
      .where('listing_number', '>', after)
      .orderBy('listing_number')
      .limit(Math.min(limit, maxRecords))
      .execute()
  }

  /** The page of listings that a search asks for. Its work is bounded, see docs/search.md. */
  search(query: SearchQuery, options: AbortOptions = {}): Promise<SearchPage> {
    return this.#search.search(query, options)
  }

  /** What the matches of a search are, counted over the newest thousand. */
  facets(query: SearchQuery): Promise<Facets> {
    return searchFacets(this.#database, this.#search, query)
  }

  /** How many listings there are. */
  async counts(): Promise<{ listings: number; bySection: Record<Section, number> }> {
    const rows = await this.#database.reader.selectFrom('listing_counter').selectAll().execute()
    const values = new Map(rows.map(({ name, value }) => [name, value]))
    const entries = sections.map(section => [section, values.get(section) ?? 0] as const)
    const listings = entries.reduce((sum, [, count]) => sum + count, 0)
    return { listings, bySection: Object.fromEntries(entries) as Record<Section, number> }
  }

  async putPoster(sha256: Hex, bytes: Uint8Array): Promise<void> {
    await this.#database.db
      .insertInto('poster')
      .values({ sha256, bytes })
      .onConflict(conflict => conflict.doNothing())
      .execute()
  }

  async poster(sha256: Hex): Promise<Uint8Array | undefined> {
    const { reader } = this.#database
    return (await reader.selectFrom('poster').select('bytes').where('sha256', '=', sha256).executeTakeFirst())
      ?.bytes
  }

  /** Which of these posters are here; some thousands may be asked for. */
  async hasPosters(hashes: readonly Hex[]): Promise<Set<Hex>> {
    if (hashes.length === 0) return new Set()
    const { reader } = this.#database
    const rows = await reader.selectFrom('poster').select('sha256').where('sha256', 'in', hashes).execute()
    return new Set(rows.map(({ sha256 }) => sha256))
  }

  async putTorrent(infoHash: Hex, bytes: Uint8Array): Promise<void> {
    await this.#database.db
      .insertInto('torrent_file')
      .values({ info_hash: infoHash, bytes })
      .onConflict(conflict => conflict.column('info_hash').doUpdateSet({ bytes }))
      .execute()
  }

  async torrent(infoHash: Hex): Promise<Uint8Array | undefined> {
    const query = this.#database.reader
      .selectFrom('torrent_file')
      .select('bytes')
      .where('info_hash', '=', infoHash)
    return (await query.executeTakeFirst())?.bytes
  }

  /** Notes how many share a torrent, for every listing of it. */
  setHealth(infoHash: Hex, health: { seeds: number; leeches: number; at: Date }): Promise<void> {
    return this.#database.transaction(db =>
      updateHealth(db, this.#sqliteWriter ?? new PostgresWriter(db), infoHash, health),
    )
  }

  /** Removes all listings of a publisher, and takes no more of them. */
  async blockPublisher(publisher: Hex, at: Date): Promise<void> {
    await this.#database.db
      .insertInto('blocked_publisher')
      .values({ publisher, blocked_at: at.getTime() })
      .onConflict(conflict => conflict.doNothing())
      .execute()
    for (let isDone = false; !isDone; )
      isDone = await this.#database.transaction(async db => {
        await lockListings(db)
        const query = db.selectFrom('listing').select('number').where('publisher', '=', publisher)
        const rows = await query.limit(removedAtOnce).execute()
        await removeListings(
          db,
          rows.map(({ number }) => number),
        )
        return rows.length < removedAtOnce
      })
  }

  async unblockPublisher(publisher: Hex): Promise<void> {
    await this.#database.db.deleteFrom('blocked_publisher').where('publisher', '=', publisher).execute()
  }

  async blockedPublishers(): Promise<Hex[]> {
    return [...(await blockedPublishers(this.#database.db))]
  }

  async #one(column: 'id' | 'number', value: string | number): Promise<StoredListing | undefined> {
    const row = await this.#database.reader
      .selectFrom('listing')
      .innerJoin('listing_record', 'listing_record.number', 'listing.number')
      .select(listingColumns)
      .where(`listing.${column}`, '=', value)
      .executeTakeFirst()
    return row && storedListing(row)
  }

  async #leave(catalogId: number, leaving: Leaving): Promise<number> {
    for (let left = 0; ; ) {
      const step = await this.#database.transaction(db => leaveCatalog(db, catalogId, leaving))
      left += step.left
      if (step.isDone) return left
    }
  }
}
