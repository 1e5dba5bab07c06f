import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { ListingId } from '../listing/listing-id.ts'
import type { ListingWriter, WrittenListing } from './listing-writer.ts'
import type { KnownListing } from './plan-records.ts'

const statements = {
  known:
    'select l.id, l.number, l.key, l.revision, l.seen_at as "seenAtMs", l.seeds, l.leeches, l.health_at as "healthAt", l.info_hash as "infoHash", l.info_hash_v2 as "infoHashV2", l.section, r.json from listing l join listing_record r on r.number = l.number where l.id = ?',
  anyWithdrawal: 'select 1 from withdrawal limit 1',
  withdrawn: 'select 1 from withdrawal where id = ?',
  listing:
    'insert into listing (key, number, id, publisher, revision, section, size_bytes, info_hash, info_hash_v2, poster, words, seen_at, seeds, leeches, health_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  record: 'insert into listing_record (number, json) values (?, ?)',
  index: 'insert into listing_search (rowid, terms) values (?, ?)',
  join: 'insert into catalog_listing (listing_number, catalog_id, segment_id) values (?, ?, ?) on conflict (listing_number, catalog_id) do update set segment_id = excluded.segment_id',
  addWord: 'insert into word (word, count) values (?, 0) on conflict do nothing',
  countWord:
    'insert into word (word, count) values (?, ?) on conflict (word) do update set count = count + excluded.count',
}

/** Writes listings through prepared statements, which on SQLite is several times as fast as building each. */
export class SqliteWriter implements ListingWriter {
  readonly #sqlite: DatabaseSync
  readonly #prepared = new Map<keyof typeof statements, StatementSync>()

  constructor(sqlite: DatabaseSync) {
    this.#sqlite = sqlite
  }

  async known(ids: readonly ListingId[]): Promise<Map<ListingId, KnownListing>> {
    const select = this.#statement('known')
    const known = new Map<ListingId, KnownListing>()
    for (const id of new Set(ids)) {
      const row = select.get(id)
      if (row) known.set(id, row as unknown as KnownListing)
    }
    return known
  }

  async withdrawn(ids: readonly ListingId[]): Promise<Set<ListingId>> {
    if (!this.#statement('anyWithdrawal').get()) return new Set()
    const select = this.#statement('withdrawn')
    return new Set(ids.filter(id => select.get(id)))
  }

  async insert(listings: readonly WrittenListing[]): Promise<void> {
    const insertListing = this.#statement('listing')
    const insertRecord = this.#statement('record')
    for (const { listing, key, number, seenAtMs, health } of listings) {
      const { id, publisher, revision, section, sizeBytes, infoHash, infoHashV2, poster, words } = listing
      const { seeds, leeches, healthAt } = health
      // biome-ignore format: as the columns
      insertListing.run(
        key, number, id, publisher, revision, section, sizeBytes, infoHash, infoHashV2, poster, words, seenAtMs,
        seeds, leeches, healthAt,
      )
      insertRecord.run(number, listing.json)
    }
  }

  async index(listings: readonly Pick<WrittenListing, 'key' | 'terms'>[]): Promise<void> {
    const insert = this.#statement('index')
    // FTS5 gathers what comes in ascending order in memory, and writes it out whenever the order breaks.
    for (const { key, terms } of listings.toSorted((one, other) => one.key - other.key))
      insert.run(key, terms)
  }

  async join(numbers: readonly number[], catalogId: number, segmentId: number | undefined): Promise<void> {
    const join = this.#statement('join')
    for (const number of numbers) join.run(number, catalogId, segmentId ?? null)
  }

  async addWords(counts: ReadonlyMap<string, number>): Promise<void> {
    const add = this.#statement('addWord')
    const count = this.#statement('countWord')
    for (const [word, times] of counts) times === 0 ? add.run(word) : count.run(word, times)
  }

  #statement(name: keyof typeof statements): StatementSync {
    let statement = this.#prepared.get(name)
    if (!statement) {
      statement = this.#sqlite.prepare(statements[name])
      this.#prepared.set(name, statement)
    }
    return statement
  }
}
