import type { Insertable, Selectable, Updateable } from 'kysely'
import type { CatalogDatabase } from './database/catalog-database.ts'
import type { CatalogTable } from './database/tables/catalogs.ts'
import type { ManifestSegment, SegmentKind } from './snapshot/manifest.ts'

export type CatalogRow = Selectable<CatalogTable>

/** A segment of a catalog's snapshot as it was last applied. */
export interface AppliedSegment extends ManifestSegment {
  readonly number: number
}

/** What happened to an own catalog since its last snapshot. */
export interface CatalogChange {
  readonly number: number
  readonly kind: SegmentKind
  readonly line: string
}

const insertedAtOnce = 1_000

/** The catalogs that this database knows, made here or followed, and how far each has come. */
export class CatalogRegistry {
  readonly #database: CatalogDatabase

  constructor(database: CatalogDatabase) {
    this.#database = database
  }

  list(): Promise<CatalogRow[]> {
    return this.#database.db.selectFrom('catalog').selectAll().orderBy('number').execute()
  }

  byNumber(number: number): Promise<CatalogRow | undefined> {
    return this.#database.db.selectFrom('catalog').selectAll().where('number', '=', number).executeTakeFirst()
  }

  /** Adds a catalog, or gives the one with the same key and salt. */
  async add(row: Insertable<CatalogTable>): Promise<CatalogRow> {
    const { db } = this.#database
    await db
      .insertInto('catalog')
      .values(row)
      .onConflict(conflict => conflict.columns(['public_key', 'salt']).doNothing())
      .execute()
    return db
      .selectFrom('catalog')
      .selectAll()
      .where('public_key', '=', row.public_key)
      .where('salt', '=', row.salt)
      .executeTakeFirstOrThrow()
  }

  async update(number: number, changes: Updateable<CatalogTable>): Promise<void> {
    await this.#database.db.updateTable('catalog').set(changes).where('number', '=', number).execute()
  }

  async delete(number: number): Promise<void> {
    await this.#database.transaction(async db => {
      await db.deleteFrom('segment').where('catalog_number', '=', number).execute()
      await db.deleteFrom('catalog_change').where('catalog_number', '=', number).execute()
      await db.deleteFrom('catalog').where('number', '=', number).execute()
    })
  }

  /** Segments in the order in which they apply. */
  async segments(catalog: number, kind: SegmentKind): Promise<AppliedSegment[]> {
    const rows = await this.#database.db
      .selectFrom('segment')
      .selectAll()
      .where('catalog_number', '=', catalog)
      .where('kind', '=', kind)
      .orderBy('position')
      .execute()
    return rows.map(({ number, sha256, size_bytes, count }) => ({
      number,
      sha256,
      sizeBytes: size_bytes,
      count,
    }))
  }

  /** Notes that a segment is applied; answers its number. */
  async addSegment(
    catalog: number,
    kind: SegmentKind,
    position: number,
    { sha256, sizeBytes, count }: ManifestSegment,
  ): Promise<number> {
    const { number } = await this.#database.db
      .insertInto('segment')
      .values({ catalog_number: catalog, kind, position, sha256, size_bytes: sizeBytes, count })
      .returning('number')
      .executeTakeFirstOrThrow()
    return number
  }

  /** Puts segments into another order, and forgets those that are not named. */
  async arrangeSegments(catalog: number, kind: SegmentKind, numbers: readonly number[]): Promise<void> {
    const before = await this.segments(catalog, kind)
    const kept = new Set(numbers)
    await this.#database.transaction(async db => {
      for (const { number } of before)
        if (!kept.has(number)) await db.deleteFrom('segment').where('number', '=', number).execute()
      for (const [position, number] of numbers.entries())
        if (before[position]?.number !== number)
          await db.updateTable('segment').set({ position }).where('number', '=', number).execute()
    })
  }

  /** Notes what is to come into the next snapshot of an own catalog. */
  async addChanges(catalog: number, kind: SegmentKind, lines: readonly string[]): Promise<void> {
    for (let at = 0; at < lines.length; at += insertedAtOnce)
      await this.#database.db
        .insertInto('catalog_change')
        .values(lines.slice(at, at + insertedAtOnce).map(line => ({ catalog_number: catalog, kind, line })))
        .execute()
  }

  changes(catalog: number): Promise<CatalogChange[]> {
    return this.#database.db
      .selectFrom('catalog_change')
      .select(['number', 'kind', 'line'])
      .where('catalog_number', '=', catalog)
      .orderBy('number')
      .execute()
  }

  async hasChanges(catalog: number): Promise<boolean> {
    const row = await this.#database.db
      .selectFrom('catalog_change')
      .select('number')
      .where('catalog_number', '=', catalog)
      .limit(1)
      .executeTakeFirst()
    return row !== undefined
  }

  /** Notes a new snapshot of an own catalog, with the changes up to `lastChange` in it. */
  async keepSnapshot(
    catalog: number,
    changes: Updateable<CatalogTable>,
    segments: Readonly<Record<SegmentKind, readonly ManifestSegment[]>>,
    lastChange: number,
  ): Promise<void> {
    await this.#database.transaction(async db => {
      await db.updateTable('catalog').set(changes).where('number', '=', catalog).execute()
      await db
        .deleteFrom('catalog_change')
        .where('catalog_number', '=', catalog)
        .where('number', '<=', lastChange)
        .execute()
      await db.deleteFrom('segment').where('catalog_number', '=', catalog).execute()
      for (const kind of ['listings', 'posters'] as const)
        for (const [position, { sha256, sizeBytes, count }] of segments[kind].entries())
          await db
            .insertInto('segment')
            .values({ catalog_number: catalog, kind, position, sha256, size_bytes: sizeBytes, count })
            .execute()
    })
  }

  /** Takes the work on a catalog for some time, so that no other process does the same; false where one is at it. */
  async lease(catalog: number, holder: string, nowMs: number, forMs: number): Promise<boolean> {
    const { numUpdatedRows } = await this.#database.db
      .updateTable('catalog')
      .set({ lease_by: holder, lease_until: nowMs + forMs })
      .where('number', '=', catalog)
      .where(where =>
        where.or([
          where('lease_by', 'is', null),
          where('lease_by', '=', holder),
          where('lease_until', '<', nowMs),
        ]),
      )
      .executeTakeFirst()
    return numUpdatedRows > 0n
  }

  async release(catalog: number, holder: string): Promise<void> {
    await this.#database.db
      .updateTable('catalog')
      .set({ lease_by: null, lease_until: 0 })
      .where('number', '=', catalog)
      .where('lease_by', '=', holder)
      .execute()
  }
}
