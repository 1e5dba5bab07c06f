import { type RawBuilder, sql } from 'kysely'
import type { Criteria } from './criteria.ts'
import type { KeyRange } from './word-index.ts'

export type KeyOrder = 'newest' | 'oldest' | 'largest' | 'smallest' | 'popular'

const orders: Readonly<Record<KeyOrder, string>> = {
  newest: 'listing.key desc',
  oldest: 'listing.key asc',
  largest: 'listing.size_bytes desc, listing.key desc',
  smallest: 'listing.size_bytes asc, listing.key desc',
  popular: 'coalesce(listing.seeds, -1) desc, listing.key desc',
}

/** What rows of `listing` are ordered by. */
export function orderBy(order: KeyOrder): RawBuilder<unknown> {
  return sql.raw(orders[order])
}

/** Conditions that an index of the listings answers in the order of keys. */
export function ownerConditions({ publisher, infoHash }: Criteria): RawBuilder<unknown>[] {
  return [
    ...(publisher === undefined ? [] : [sql`listing.publisher = ${publisher}`]),
    ...(infoHash === undefined
      ? []
      : [sql`(listing.info_hash = ${infoHash} or listing.info_hash_v2 = ${infoHash})`]),
  ]
}

export function sizeConditions({ minSizeBytes, maxSizeBytes }: Criteria): RawBuilder<unknown>[] {
  return [
    ...(minSizeBytes === undefined ? [] : [sql`listing.size_bytes >= ${minSizeBytes}`]),
    ...(maxSizeBytes === undefined ? [] : [sql`listing.size_bytes <= ${maxSizeBytes}`]),
  ]
}

export function catalogConditions({ catalogId }: Criteria): RawBuilder<unknown>[] {
  return catalogId === undefined
    ? []
    : [
        sql`exists (select 1 from catalog_listing
          where catalog_listing.listing_number = listing.number and catalog_listing.catalog_id = ${catalogId})`,
      ]
}

export function sectionConditions({ section }: Criteria): RawBuilder<unknown>[] {
  return section === undefined ? [] : [sql`listing.section = ${section}`]
}

export function rangeConditions({ from, below }: KeyRange): RawBuilder<unknown>[] {
  return [
    ...(from === undefined ? [] : [sql`listing.key >= ${from}`]),
    ...(below === undefined ? [] : [sql`listing.key < ${below}`]),
  ]
}

/** All that the index of words does not answer, but when it was listed. */
export function conditionsOf(criteria: Criteria): RawBuilder<unknown>[] {
  return [
    ...sectionConditions(criteria),
    ...ownerConditions(criteria),
    ...sizeConditions(criteria),
    ...catalogConditions(criteria),
  ]
}

export function all(conditions: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `)
}
