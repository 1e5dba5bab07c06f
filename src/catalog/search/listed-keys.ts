import { type RawBuilder, sql } from 'kysely'
import type { CatalogDatabase } from '../database/catalog-database.ts'
import { type Section, sections } from '../listing/fields.ts'
import type { Criteria } from './criteria.ts'
import { readKeys } from './key-list.ts'
import {
  all,
  catalogConditions,
  conditionsOf,
  type KeyOrder,
  orderBy,
  ownerConditions,
  rangeConditions,
  sectionConditions,
  sizeConditions,
} from './listing-conditions.ts'
import type { SearchBounds } from './search-bounds.ts'
import { fewKeys, siftKeys } from './sift-keys.ts'

/** A page of listings, and how many there are of them as far as they were counted. */
export interface ListedKeys {
  readonly keys: readonly number[]
  readonly count: number
  /** Whether no others were passed over. */
  readonly isComplete: boolean
}

/** Finds the keys of listings without words: along an index, and as far as the bounds allow where none answers. */
export class ListedKeyFinder {
  readonly #database: Pick<CatalogDatabase, 'reader' | 'dialect'>
  readonly #bounds: SearchBounds

  constructor(database: Pick<CatalogDatabase, 'reader' | 'dialect'>, bounds: SearchBounds) {
    this.#database = database
    this.#bounds = bounds
  }

  /** @param mostCounted `undefined` where only the page matters */
  async find(criteria: Criteria, order: KeyOrder, mostCounted: number | undefined): Promise<ListedKeys> {
    const { limit, offset } = criteria
    const few = await fewKeys(this.#database, criteria, this.#bounds.members)
    if (few) {
      const { keys } = await siftKeys(this.#database, few, [], order, limit + offset)
      return { keys: keys.slice(offset), count: few.length, isComplete: true }
    }
    const keys = (await this.#page(criteria, order, limit + offset)).slice(offset)
    if (mostCounted !== undefined) return { keys, ...(await this.#count(criteria, mostCounted)) }
    const isSifted = sizeConditions(criteria).length + catalogConditions(criteria).length > 0
    const isLast = keys.length < limit && (keys.length > 0 || offset === 0)
    return { keys, count: offset + keys.length, isComplete: isLast && !isSifted }
  }

  async #page(criteria: Criteria, order: KeyOrder, most: number): Promise<number[]> {
    const isByKey = order === 'newest' || order === 'oldest'
    const hasOwner = ownerConditions(criteria).length > 0
    if (!isByKey && (hasOwner || (await this.#isSmall(criteria.section))))
      return this.#gone({ criteria, along: 'newest', order, most, isSectionIndexed: true })
    const isSectionIndexed = isByKey || order === 'popular'
    if (order !== 'popular') return this.#gone({ criteria, along: order, order, most, isSectionIndexed })
    const keys = await this.#gone({ criteria, along: 'popular', order, most, isSectionIndexed })
    if (keys.length < most) {
      const left = most - keys.length
      const others = { criteria, along: 'newest', order: 'newest', most: left, isSectionIndexed } as const
      keys.push(...(await this.#gone({ ...others, isUncounted: true })))
    }
    return keys
  }

  /** Goes through listings along an index, and puts what meets the other conditions in order. */
  #gone({
    criteria,
    along,
    order,
    most,
    isSectionIndexed,
    isUncounted = false,
  }: {
    criteria: Criteria
    along: KeyOrder
    order: KeyOrder
    most: number
    isSectionIndexed: boolean
    isUncounted?: boolean
  }): Promise<number[]> {
    const isBySize = along === 'largest' || along === 'smallest'
    const sift = [...(isBySize ? [] : sizeConditions(criteria)), ...catalogConditions(criteria)]
    const where = all([
      ...ownerConditions(criteria),
      // SQLite takes an index for what is compared, unless there is a plus before it.
      ...(isSectionIndexed || criteria.section === undefined || this.#database.dialect === 'postgres'
        ? sectionConditions(criteria)
        : [sql`+listing.section = ${criteria.section}`]),
      ...(isBySize ? sizeConditions(criteria) : []),
      ...rangeConditions({ from: criteria.fromKey, below: criteria.belowKey }),
      ...(along === 'popular' ? [sql`listing.seeds is not null`] : []),
      ...(isUncounted ? [sql`listing.seeds is null`] : []),
    ])
    const path = along === 'popular' ? sql`listing.seeds desc, listing.key desc` : orderBy(along)
    const read = sift.length === 0 && along === order ? most : this.#bounds.listings
    return readKeys(
      this.#database,
      sql`select listing.key from (
          select key, number, size_bytes, seeds from listing where ${where} order by ${path} limit ${read}) as listing
        where ${all(sift)} order by ${along === 'popular' ? path : orderBy(order)} limit ${most}`,
    )
  }

  async #count(criteria: Criteria, most: number): Promise<{ count: number; isComplete: boolean }> {
    const range = rangeConditions({ from: criteria.fromKey, below: criteria.belowKey })
    if (conditionsOf({ ...criteria, section: undefined }).length === 0 && range.length === 0)
      return { count: await this.#counted(criteria.section), isComplete: true }
    const indexed = [...ownerConditions(criteria), ...sectionConditions(criteria), ...range]
    const sizes = sizeConditions(criteria)
    const catalogs = catalogConditions(criteria)
    const isIndexed = catalogs.length === 0 && (sizes.length === 0 || indexed.length === 0)
    if (isIndexed)
      return { count: await this.#countOf([...indexed, ...sizes], [], most, most), isComplete: true }
    const sift = [...sizes, ...catalogs]
    const { listings } = this.#bounds
    const count = await this.#countOf(indexed, sift, listings, most)
    if (count >= most) return { count, isComplete: true }
    const read = await this.#countOf(indexed, [], listings + 1, listings + 1)
    return { count, isComplete: read <= listings }
  }

  /** How many of the newest `read` that meet the first conditions meet the others too. */
  async #countOf(
    indexed: readonly RawBuilder<unknown>[],
    sift: readonly RawBuilder<unknown>[],
    read: number,
    most: number,
  ): Promise<number> {
    const columns = sql.raw(sift.length === 0 ? '1' : 'number, size_bytes')
    const order = sift.length === 0 ? sql`` : sql`order by key desc`
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from (select 1 from (
        select ${columns} from listing where ${all(indexed)} ${order} limit ${read}) as listing
      where ${all(sift)} limit ${most}) as found`.execute(this.#database.reader)
    return rows[0]!.count
  }

  /** Whether all listings of a section can be put in order. */
  async #isSmall(section: string | undefined): Promise<boolean> {
    return section !== undefined && (await this.#counted(section)) <= this.#bounds.listings / 5
  }

  /** All listings, or all of a section. */
  async #counted(section: string | undefined): Promise<number> {
    const row = await this.#database.reader
      .selectFrom('listing_counter')
      .select(({ fn }) => fn.sum<number>('value').as('value'))
      .where('name', 'in', section === undefined ? sections : [section as Section])
      .executeTakeFirst()
    return Number(row?.value ?? 0)
  }
}
