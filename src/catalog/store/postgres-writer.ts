import { type Kysely, sql } from 'kysely'
import type { CatalogSchema } from '../database/schema.ts'
import type { ListingId } from '../listing/listing-id.ts'
import { tsvectorOf } from '../search/tsvector.ts'
import type { ListingWriter, WrittenListing } from './listing-writer.ts'
import type { KnownListing } from './plan-records.ts'

/** Writes listings to PostgreSQL, each column of a batch as one array. */
export class PostgresWriter implements ListingWriter {
  readonly #db: Kysely<CatalogSchema>

  /** @param db of a transaction */
  constructor(db: Kysely<CatalogSchema>) {
    this.#db = db
  }

  async known(ids: readonly ListingId[]): Promise<Map<ListingId, KnownListing>> {
    const { rows } = await sql<KnownListing & { id: ListingId }>`
      select l.id, l.number, l.key, l.revision, l.seen_at as "seenAtMs", l.seeds, l.leeches, l.health_at as "healthAt", 
        l.info_hash as "infoHash", l.info_hash_v2 as "infoHashV2", l.section, r.json
      from listing l join listing_record r on r.number = l.number where l.id = any(${ids}::text[])`.execute(
      this.#db,
    )
    return new Map(rows.map(row => [row.id, row]))
  }

  async withdrawn(ids: readonly ListingId[]): Promise<Set<ListingId>> {
    const { rows } = await sql<{ id: ListingId }>`
      select id from withdrawal where id = any(${ids}::text[])`.execute(this.#db)
    return new Set(rows.map(({ id }) => id))
  }

  async insert(listings: readonly WrittenListing[]): Promise<void> {
    const column = (read: (item: WrittenListing) => unknown) => listings.map(read)
    await sql`
      insert into listing
        (key, number, id, publisher, revision, section, size_bytes, info_hash, info_hash_v2, poster, words, seen_at,
          seeds, leeches, health_at)
      select * from unnest(
        ${column(item => item.key)}::bigint[],
        ${column(item => item.number)}::bigint[],
        ${column(item => item.listing.id)}::text[],
        ${column(item => item.listing.publisher)}::text[],
        ${column(item => item.listing.revision)}::bigint[],
        ${column(item => item.listing.section)}::text[],
        ${column(item => item.listing.sizeBytes)}::bigint[],
        ${column(item => item.listing.infoHash)}::text[],
        ${column(item => item.listing.infoHashV2)}::text[],
        ${column(item => item.listing.poster)}::text[],
        ${column(item => item.listing.words)}::text[],
        ${column(item => item.seenAtMs)}::bigint[],
        ${column(item => item.health.seeds)}::bigint[],
        ${column(item => item.health.leeches)}::bigint[],
        ${column(item => item.health.healthAt)}::bigint[])`.execute(this.#db)
    await sql`
      insert into listing_record (number, json) select * from unnest(
        ${column(item => item.number)}::bigint[], ${column(item => item.listing.json)}::text[])`.execute(
      this.#db,
    )
  }

  async index(listings: readonly Pick<WrittenListing, 'key' | 'terms'>[]): Promise<void> {
    await sql`
      insert into listing_search (rowid, terms) select item.key, item.terms::tsvector from unnest(
        ${listings.map(({ key }) => key)}::bigint[], ${listings.map(({ terms }) => tsvectorOf(terms.split(' ')))}::text[])
      as item (key, terms)`.execute(this.#db)
  }

  async join(numbers: readonly number[], catalogId: number, segmentId: number | undefined): Promise<void> {
    await sql`
      insert into catalog_listing (listing_number, catalog_id, segment_id)
      select number, ${catalogId}::bigint, ${segmentId ?? null}::bigint from unnest(${numbers}::bigint[]) as number
      on conflict (listing_number, catalog_id) do update set segment_id = excluded.segment_id`.execute(
      this.#db,
    )
  }

  async addWords(counts: ReadonlyMap<string, number>): Promise<void> {
    await sql`
      insert into word as known (word, count)
      select * from unnest(${[...counts.keys()]}::text[], ${[...counts.values()]}::bigint[])
      on conflict (word) do update set count = known.count + excluded.count where excluded.count > 0`.execute(
      this.#db,
    )
  }
}
