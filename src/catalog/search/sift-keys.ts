import { type RawBuilder, sql } from 'kysely'
import type { CatalogDatabase } from '../database/catalog-database.ts'
import type { Criteria } from './criteria.ts'
import { keyTable, readKeys } from './key-list.ts'
import {
  all,
  conditionsOf,
  type KeyOrder,
  orderBy,
  rangeConditions,
  sizeConditions,
} from './listing-conditions.ts'
import type { Matches } from './word-index.ts'

type Reading = Pick<CatalogDatabase, 'reader' | 'dialect'>

/** Those of these listings that meet conditions, in this order. */
export async function siftKeys(
  database: Reading,
  keys: readonly number[],
  conditions: readonly RawBuilder<unknown>[],
  order: KeyOrder,
  most: number,
): Promise<Matches> {
  if (keys.length === 0) return { keys, isComplete: true }
  // A cross join, so that SQLite begins with the keys.
  const found = await readKeys(
    database,
    sql`select listing.key from ${keyTable(database, keys)} as matched cross join listing
      where ${all([sql`listing.key = matched.key`, ...conditions])} order by ${orderBy(order)} limit ${most + 1}`,
  )
  return { keys: found.slice(0, most), isComplete: found.length <= most }
}

/** All listings that a catalog, an info-hash or a size leaves, where these are few; otherwise `undefined`. */
export async function fewKeys(
  database: Reading,
  criteria: Criteria,
  few: number,
): Promise<number[] | undefined> {
  const numbers = narrowest(criteria)
  if (!numbers) return undefined
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from (select 1 from (${numbers}) as member limit ${few + 1}) as few`.execute(
    database.reader,
  )
  if (rows[0]!.count > few) return undefined
  const range = rangeConditions({ from: criteria.fromKey, below: criteria.belowKey })
  const conditions = [sql`listing.number = member.listing_number`, ...conditionsOf(criteria), ...range]
  return readKeys(
    database,
    sql`select listing.key from (${numbers}) as member cross join listing where ${all(conditions)}`,
  )
}

/** What an index leads to, and may be little. */
function narrowest(criteria: Criteria): RawBuilder<unknown> | undefined {
  const { infoHash, catalogId } = criteria
  if (infoHash !== undefined)
    return sql`select number as listing_number from listing where info_hash = ${infoHash}
      union select number as listing_number from listing where info_hash_v2 = ${infoHash}`
  if (catalogId !== undefined)
    return sql`select listing_number from catalog_listing where catalog_id = ${catalogId}`
  const sizes = sizeConditions(criteria)
  return sizes.length === 0
    ? undefined
    : sql`select number as listing_number from listing where ${all(sizes)}`
}
