import type { AbortOptions } from '../../core/index.ts'
import type { CatalogDatabase } from '../database/catalog-database.ts'
import { listingColumns, type StoredListing, storedListing } from '../store/stored-listing.ts'
import { candidateKeys, maxRanked } from './candidates.ts'
import { completeExpression } from './complete-expression.ts'
import { type Criteria, criteriaOf } from './criteria.ts'
import type { Expression } from './expression.ts'
import { KeyFinder } from './find-keys.ts'
import { keyList } from './key-list.ts'
import { type Candidate, rank } from './rank.ts'
import type { SearchPage, SearchQuery } from './search-query.ts'
import { WellSeeded } from './well-seeded.ts'

/** Matches are counted up to this. */
const maxTotal = 10_000

/** Matches of a search in their order. */
interface Found {
  readonly keys: readonly number[]
  readonly total: number
  readonly isTotalExact: boolean
}

/** Searches listings. */
export class ListingSearch {
  readonly #database: Pick<CatalogDatabase, 'db' | 'dialect'>
  readonly #finder: KeyFinder
  readonly #wellSeeded: WellSeeded

  constructor(database: CatalogDatabase) {
    this.#database = database
    this.#finder = new KeyFinder(database)
    this.#wellSeeded = new WellSeeded(database.db)
  }

  async search(query: SearchQuery, { signal }: AbortOptions = {}): Promise<SearchPage> {
    signal?.throwIfAborted()
    const { keys, total, isTotalExact } = await this.#find(criteriaOf(query), query.countsTotal)
    signal?.throwIfAborted()
    return Object.freeze({ listings: await this.#listings(keys), total, isTotalExact })
  }

  /** The newest matches of a search, and whether these are all. */
  async newestKeys(
    query: SearchQuery,
    limit: number,
  ): Promise<{ keys: readonly number[]; isComplete: boolean }> {
    const found = await this.#find({ ...criteriaOf(query), sort: 'newest', offset: 0, limit })
    return { keys: found.keys, isComplete: found.isTotalExact && found.total <= limit }
  }

  async #find(criteria: Criteria, countsTotal = true): Promise<Found> {
    const { expression: asked, sort, limit, offset } = criteria
    const completed = asked && (await completeExpression(asked, this.#database.db))
    const expression = completed?.expression
    if (sort === 'relevance' && expression) return this.#findBest(criteria, expression, completed.isComplete)
    const order = sort === 'relevance' ? 'newest' : sort
    const keys = await this.#finder.keys(criteria, expression, order, limit, offset)
    if (!countsTotal) return { keys, total: offset + keys.length, isTotalExact: keys.length < limit }
    const total = await this.#finder.count(criteria, expression, maxTotal + 1)
    return { keys, ...bounded(total, completed?.isComplete ?? true) }
  }

  async #findBest(criteria: Criteria, expression: Expression, isComplete: boolean): Promise<Found> {
    const { wanted, limit, offset } = criteria
    const newest = await this.#finder.keys(criteria, expression, 'newest', maxRanked + 1)
    const isAll = newest.length <= maxRanked
    const candidates = new Set(newest)
    if (!isAll) {
      const leastTier = await this.#wellSeeded.leastTier()
      for (const key of await candidateKeys(this.#finder, criteria, expression, leastTier))
        candidates.add(key)
    }
    const ranked = rank(await this.#candidates([...candidates]), wanted, Date.now()).map(({ key }) => key)
    const keys = ranked.slice(offset, offset + limit)
    if (isAll) return { keys, total: newest.length, isTotalExact: isComplete }
    const total = await this.#finder.count(criteria, expression, maxTotal + 1)
    // Behind those that were ranked come the others, the newest first.
    if (keys.length < limit) {
      const skipped = Math.max(0, offset - ranked.length)
      const rest = await this.#finder.keys(criteria, expression, 'newest', skipped + limit + ranked.length)
      const others = rest.filter(key => !candidates.has(key)).slice(skipped, skipped + limit - keys.length)
      keys.push(...others)
    }
    return { keys, ...bounded(total, isComplete) }
  }

  #candidates(keys: readonly number[]): Promise<Candidate[]> {
    return this.#database.db
      .selectFrom('listing')
      .select(['key', 'words', 'seeds'])
      .where('key', 'in', keyList(this.#database, keys))
      .execute()
  }

  async #listings(keys: readonly number[]): Promise<StoredListing[]> {
    if (keys.length === 0) return []
    const rows = await this.#database.db
      .selectFrom('listing')
      .innerJoin('listing_record', 'listing_record.number', 'listing.number')
      .select([...listingColumns, 'listing.key'])
      .where('listing.key', 'in', keyList(this.#database, keys))
      .execute()
    const byKey = new Map(rows.map(row => [row.key, storedListing(row)]))
    return keys.flatMap(key => byKey.get(key) ?? [])
  }
}

function bounded(count: number, isComplete: boolean): { total: number; isTotalExact: boolean } {
  return { total: Math.min(count, maxTotal), isTotalExact: isComplete && count <= maxTotal }
}
