import type { Insertable, Selectable, Updateable } from 'kysely'
import type { Hex } from '../core/index.ts'
import type { CatalogDatabase } from './database/catalog-database.ts'
import type { CatalogTable, SegmentTable } from './database/tables/catalogs.ts'
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
  /** The id of a listing, or the SHA-256 of a poster. */
  readonly what: string
}

const insertedAtOnce = 1_000
/** In place of a position: not all of the segment is in the database yet. */
const unfinished = -1

/** A catalog that nothing is known of yet but its key and salt. */
export function newCatalog(
  { publicKey, salt }: { readonly publicKey: Hex; readonly salt: string },
  name: string,
  now: Date,
): Insertable<CatalogTable> {
  return {
    ...{ public_key: publicKey, salt, name, description: '', is_own: 0, seq: 0 },
    ...{ created_at: now.getTime(), lease_until: 0 },
  }
}

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

  /** Segments that are applied to the end, in their order. */
  async segments(catalog: number, kind: SegmentKind): Promise<AppliedSegment[]> {
    const rows = await this.#segments(catalog, kind)
    return rows.filter(({ position }) => position !== unfinished).map(toSegment)
  }

  /** Begins with a segment, or goes on where a process that was killed had begun; answers its number. */
  async beginSegment(catalog: number, kind: SegmentKind, segment: ManifestSegment): Promise<number> {
    const { sha256, sizeBytes, count } = segment
    const begun = (await this.#segments(catalog, kind)).find(row => row.sha256 === sha256)
    if (begun) return begun.number
    const { number } = await this.#database.db
      .insertInto('segment')
      .values({
        ...{ catalog_number: catalog, kind, position: unfinished },
        ...{ sha256, size_bytes: sizeBytes, count },
      })
      .returning('number')
      .executeTakeFirstOrThrow()
    return number
  }

  /** Notes that all of a segment is in the database. */
  async finishSegment(number: number, position: number): Promise<void> {
    await this.#database.db.updateTable('segment').set({ position }).where('number', '=', number).execute()
  }

  /** Segments that were begun and are none of these. */
  async segmentsBeside(catalog: number, kind: SegmentKind, numbers: readonly number[]): Promise<number[]> {
    const kept = new Set(numbers)
    const rows = await this.#segments(catalog, kind)
    return rows.flatMap(({ number }) => (kept.has(number) ? [] : [number]))
  }

  /** Puts segments into an order, and forgets those that are not named. */
  async arrangeSegments(catalog: number, kind: SegmentKind, numbers: readonly number[]): Promise<void> {
    const positions = new Map(numbers.map((number, position) => [number, position]))
    const rows = await this.#segments(catalog, kind)
    await this.#database.transaction(async db => {
      for (const row of rows) {
        const position = positions.get(row.number)
        if (position === undefined) await db.deleteFrom('segment').where('number', '=', row.number).execute()
        else if (position !== row.position)
          await db.updateTable('segment').set({ position }).where('number', '=', row.number).execute()
      }
    })
  }

  /** Notes what is to come into the next snapshot of an own catalog. */
  async addChanges(catalog: number, kind: SegmentKind, what: readonly string[]): Promise<void> {
    for (let at = 0; at < what.length; at += insertedAtOnce)
      await this.#database.db
        .insertInto('catalog_change')
        .values(
          what.slice(at, at + insertedAtOnce).map(one => ({ catalog_number: catalog, kind, what: one })),
        )
        .execute()
  }

  changes(catalog: number): Promise<CatalogChange[]> {
    return this.#database.db
      .selectFrom('catalog_change')
      .select(['number', 'kind', 'what'])
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

  #segments(catalog: number, kind: SegmentKind): Promise<Selectable<SegmentTable>[]> {
    return this.#database.db
      .selectFrom('segment')
      .selectAll()
      .where('catalog_number', '=', catalog)
      .where('kind', '=', kind)
      .orderBy('position')
      .execute()
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
}

function toSegment({ number, sha256, size_bytes, count }: Selectable<SegmentTable>): AppliedSegment {
  return { number, sha256, sizeBytes: size_bytes, count }
}
