import { type AbortOptions, P2pShareError } from '../../core/index.ts'
import type { CatalogDatabase } from '../database/catalog-database.ts'
import { listingColumns, type StoredListing, storedListing } from '../store/stored-listing.ts'
import { candidateKeys, maxRanked } from './candidates.ts'
import { completeExpression } from './complete-expression.ts'
import { type Criteria, criteriaOf } from './criteria.ts'
import type { Expression } from './expression.ts'
import { KeyFinder } from './find-keys.ts'
import { keyList } from './key-list.ts'
import { ListedKeyFinder } from './listed-keys.ts'
import { type Candidate, rank } from './rank.ts'
import { defaultBounds, type SearchBounds } from './search-bounds.ts'
import type { SearchPage, SearchQuery } from './search-query.ts'
import { WellSeeded } from './well-seeded.ts'

/** What PostgreSQL says where a statement took too long. */
const queryCanceled = '57014'
/** Newest matches that are ranked beside the candidates, however long it takes to find them. */
const leastRanked = 100
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
  readonly #database: Pick<CatalogDatabase, 'reader' | 'dialect'>
  readonly #words: KeyFinder
  readonly #listed: ListedKeyFinder
  readonly #wellSeeded: WellSeeded

  constructor(database: CatalogDatabase, bounds: Partial<SearchBounds> = {}) {
    this.#database = database
    this.#words = new KeyFinder(database, { ...defaultBounds, ...bounds })
    this.#listed = new ListedKeyFinder(database, { ...defaultBounds, ...bounds })
    this.#wellSeeded = new WellSeeded(database.reader)
  }

  /** @throws {P2pShareError} `ERR_DATABASE` where PostgreSQL is so overrun that a step of it takes too long */
  async search(query: SearchQuery, { signal }: AbortOptions = {}): Promise<SearchPage> {
    signal?.throwIfAborted()
    try {
      const { keys, total, isTotalExact } = await this.#find(criteriaOf(query), query.countsTotal)
      signal?.throwIfAborted()
      return Object.freeze({ listings: await this.#listings(keys), total, isTotalExact })
    } catch (error) {
      throw searchError(error)
    }
  }

  /** The newest matches of a search, and whether these are all. */
  async newestKeys(
    query: SearchQuery,
    limit: number,
  ): Promise<{ keys: readonly number[]; isComplete: boolean }> {
    const asked = { ...criteriaOf(query), sort: 'newest', offset: 0, limit: limit + 1 } as const
    const { keys, isTotalExact } = await this.#find(asked, false).catch((error: unknown) => {
      throw searchError(error)
    })
    return { keys: keys.slice(0, limit), isComplete: isTotalExact && keys.length <= limit }
  }

  async #find(criteria: Criteria, countsTotal = true): Promise<Found> {
    const { expression: asked, sort, limit, offset } = criteria
    const most = countsTotal ? maxTotal + 1 : undefined
    const order = sort === 'relevance' ? 'newest' : sort
    if (!asked) {
      const { keys, count, isComplete } = await this.#listed.find(criteria, order, most)
      return { keys, ...bounded(count, isComplete) }
    }
    const { expression, isComplete } = await completeExpression(asked, this.#database)
    if (sort === 'relevance') return this.#findBest(criteria, expression, isComplete)
    const needed = offset + limit
    const found = await this.#words.find(criteria, expression, order, needed, Math.max(most ?? 0, needed))
    const keys = found.keys.slice(offset, needed)
    return { keys, ...bounded(found.keys.length, isComplete && found.isComplete) }
  }

  async #findBest(criteria: Criteria, expression: Expression, isComplete: boolean): Promise<Found> {
    const { wanted, limit, offset } = criteria
    const needed = Math.max(maxRanked + 1, offset + limit)
    const [most, enough] = [maxTotal + 1 + limit, Math.max(leastRanked, offset + limit)]
    const newest = await this.#words.find(criteria, expression, 'newest', needed, most, enough)
    const candidates = new Set(newest.keys.slice(0, maxRanked))
    if (newest.keys.length > maxRanked || !newest.isComplete) {
      const leastTier = await this.#wellSeeded.leastTier()
      for (const key of await candidateKeys(this.#words, criteria, expression, leastTier)) candidates.add(key)
    }
    const ranked = rank(await this.#candidates([...candidates]), wanted, Date.now()).map(({ key }) => key)
    // Behind those that were ranked come the others, the newest first.
    const keys = [...ranked, ...newest.keys.filter(key => !candidates.has(key))]
    return {
      keys: keys.slice(offset, offset + limit),
      ...bounded(keys.length, isComplete && newest.isComplete),
    }
  }

  #candidates(keys: readonly number[]): Promise<Candidate[]> {
    return this.#database.reader
      .selectFrom('listing')
      .select(['key', 'words', 'seeds'])
      .where('key', 'in', keyList(this.#database, keys))
      .execute()
  }

  async #listings(keys: readonly number[]): Promise<StoredListing[]> {
    if (keys.length === 0) return []
    const rows = await this.#database.reader
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

function searchError(error: unknown): unknown {
  return (error as { code?: unknown }).code === queryCanceled
    ? new P2pShareError('ERR_DATABASE', 'The database takes too long to search: try again later', {
        cause: error,
      })
    : error
}
