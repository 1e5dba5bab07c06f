import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { CatalogDatabase } from '../database/catalog-database.ts'
import type { CatalogSchema } from '../database/schema.ts'
import { type Section, sections } from '../listing/fields.ts'
import type { Criteria } from './criteria.ts'
import type { Expression } from './expression.ts'
import { fts5Query, tsquery } from './match-syntax.ts'

/** Matches of words that are looked at where the index of words cannot answer the whole question. */
const maxMatchesRead = 20_000
/** Listings that are looked at where no index can. */
const maxListingsRead = 50_000

export type KeyOrder = 'newest' | 'oldest' | 'largest' | 'smallest' | 'popular'

const orders: Readonly<Record<KeyOrder, string>> = {
  newest: 'key desc',
  oldest: 'key asc',
  largest: 'size_bytes desc, key desc',
  smallest: 'size_bytes asc, key desc',
  popular: 'seeds desc, key desc',
}

/** Finds the keys of listings, each time with a bound on what is read. */
export class KeyFinder {
  readonly #db: Kysely<CatalogSchema>
  readonly #isSqlite: boolean

  constructor({ db, dialect }: Pick<CatalogDatabase, 'db' | 'dialect'>) {
    this.#db = db
    this.#isSqlite = dialect === 'sqlite'
  }

  /** Keys of listings that match, in this order. */
  async keys(
    criteria: Criteria,
    expression: Expression | undefined,
    order: KeyOrder,
    limit: number,
    offset = 0,
  ): Promise<number[]> {
    const keys = await this.#keys(this.#found(criteria, expression, order, limit + offset), order)
    if (order === 'popular' && !expression && keys.length < limit + offset) {
      const others = listed(criteria, 'newest', limit + offset - keys.length, [sql`seeds is null`])
      keys.push(...(await this.#keys(others, 'newest')))
    }
    return keys.slice(offset, offset + limit)
  }

  /** How many match, counted up to a bound. */
  async count(criteria: Criteria, expression: Expression | undefined, most: number): Promise<number> {
    const { section, ...others } = criteria
    if (!expression && isUnbounded(others)) return this.#counted(section)
    const found = this.#found(criteria, expression, 'newest', most, true)
    const { rows } = await sql<{ count: number }>`select count(*) as count from (${found}) as found`.execute(
      this.#db,
    )
    return rows[0]!.count
  }

  /** All listings, or all of a section. */
  async #counted(section: string | undefined): Promise<number> {
    const counters = this.#db
      .selectFrom('listing_counter')
      .select(({ fn }) => fn.sum<number>('value').as('value'))
    const row = await counters
      .where('name', 'in', section === undefined ? sections : [section as Section])
      .executeTakeFirst()
    return Number(row?.value ?? 0)
  }

  async #keys(found: RawBuilder<unknown>, order: KeyOrder): Promise<number[]> {
    const { rows } = await sql<{ key: number }>`
      select key from (${found}) as found order by ${sql.raw(orders[order])}`.execute(this.#db)
    return rows.map(({ key }) => key)
  }

  #found(
    criteria: Criteria,
    expression: Expression | undefined,
    order: KeyOrder,
    limit: number,
    isCount = false,
  ): RawBuilder<unknown> {
    if (!expression)
      return listed(criteria, order, limit, order === 'popular' ? [sql`seeds is not null`] : [])
    const rowid = sql.ref('listing_search.rowid')
    const where = all([this.#matches(expression), ...keyRange(criteria, rowid)])
    const conditions = [...indexed(criteria), ...sifting(criteria)]
    const isByKey = order === 'newest' || order === 'oldest'
    const direction = sql.raw(order === 'oldest' ? 'asc' : 'desc')
    if (isCount && conditions.length === 0)
      return sql`select rowid from listing_search where ${where} limit ${limit}`
    const matches = (most: number) =>
      sql`select rowid as key from listing_search where ${where} order by rowid ${direction} limit ${most}`
    if (isByKey && conditions.length === 0) return sql`select key from (${matches(limit)}) as matched`
    // A cross join, so that SQLite begins with the matches.
    return sql`
      select listing.key, listing.size_bytes, coalesce(listing.seeds, -1) as seeds
      from (${matches(maxMatchesRead)}) as matched cross join listing
      where ${all([sql`listing.key = matched.key`, ...conditions])}
      order by ${sql.raw(orders[order].replaceAll(/key|size_bytes/g, 'listing.$&'))} limit ${limit}`
  }

  #matches(expression: Expression): RawBuilder<unknown> {
    return this.#isSqlite
      ? sql`listing_search match ${fts5Query(expression)}`
      : sql`terms @@ ${tsquery(expression)}::tsquery`
  }
}

function isUnbounded({
  publisher,
  infoHash,
  catalogId,
  minSizeBytes,
  maxSizeBytes,
  fromKey,
  belowKey,
}: Omit<Criteria, 'section'>) {
  return [publisher, infoHash, catalogId, minSizeBytes, maxSizeBytes, fromKey, belowKey].every(
    value => value === undefined,
  )
}

/** Without words: along an index, and as far as the bound allows where it cannot answer the whole question. */
function listed(
  criteria: Criteria,
  order: KeyOrder,
  limit: number,
  others: readonly RawBuilder<unknown>[],
): RawBuilder<unknown> {
  const direction = sql.raw(orders[order])
  const sift = sifting(criteria)
  const where = all([...keyRange(criteria, sql.ref('key')), ...indexed(criteria), ...others])
  const read = sql`select key, number, size_bytes, seeds from listing where ${where}
    order by ${direction} limit ${sift.length === 0 ? limit : maxListingsRead}`
  return sql`select key, size_bytes, seeds from (${read}) as listing where ${all(sift)}
    order by ${direction} limit ${limit}`
}

/** Conditions that an index of the listings answers. */
function indexed({ section, publisher, infoHash }: Criteria): RawBuilder<unknown>[] {
  return [
    ...(section === undefined ? [] : [sql`section = ${section}`]),
    ...(publisher === undefined ? [] : [sql`publisher = ${publisher}`]),
    ...(infoHash === undefined ? [] : [sql`(info_hash = ${infoHash} or info_hash_v2 = ${infoHash})`]),
  ]
}

/** Conditions that listings are looked at for, one by one. */
function sifting({ catalogId, minSizeBytes, maxSizeBytes }: Criteria): RawBuilder<unknown>[] {
  return [
    ...(minSizeBytes === undefined ? [] : [sql`listing.size_bytes >= ${minSizeBytes}`]),
    ...(maxSizeBytes === undefined ? [] : [sql`listing.size_bytes <= ${maxSizeBytes}`]),
    ...(catalogId === undefined
      ? []
      : [
          sql`exists (select 1 from catalog_listing
            where catalog_listing.listing_number = listing.number and catalog_listing.catalog_id = ${catalogId})`,
        ]),
  ]
}

function keyRange({ fromKey, belowKey }: Criteria, key: RawBuilder<unknown>): RawBuilder<unknown>[] {
  return [
    ...(fromKey === undefined ? [] : [sql`${key} >= ${fromKey}`]),
    ...(belowKey === undefined ? [] : [sql`${key} < ${belowKey}`]),
  ]
}

function all(conditions: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `)
}
