import type { CatalogDatabase } from '../database/catalog-database.ts'
import type { Criteria } from './criteria.ts'
import type { Expression } from './expression.ts'
import { conditionsOf, type KeyOrder } from './listing-conditions.ts'
import { PostgresWords } from './postgres-words.ts'
import type { SearchBounds } from './search-bounds.ts'
import { fewKeys, siftKeys } from './sift-keys.ts'
import { SqliteWords } from './sqlite-words.ts'
import type { Matches, WordIndex } from './word-index.ts'

/** Matches that are gone through for one that is wanted: at first, and where these do not do. */
const readFirst = 3
const readThen = 20

/** Finds the keys of listings that have words, each time with a bound on what is read. */
export class KeyFinder {
  readonly #database: Pick<CatalogDatabase, 'reader' | 'dialect'>
  readonly #bounds: SearchBounds
  readonly #words: WordIndex

  constructor(database: Pick<CatalogDatabase, 'reader' | 'dialect'>, bounds: SearchBounds) {
    this.#database = database
    this.#bounds = bounds
    this.#words =
      database.dialect === 'sqlite'
        ? new SqliteWords(database, bounds)
        : new PostgresWords(database.reader, bounds)
  }

  /**
   * Keys of listings that match, in this order.
   *
   * @param wanted keys that are needed
   * @param most keys that are welcome where they cost little
   * @param enough keys with which one can do where it takes long
   */
  async find(
    criteria: Criteria,
    expression: Expression,
    order: KeyOrder,
    wanted: number,
    most = wanted,
    enough = wanted,
  ): Promise<Matches> {
    const range = { from: criteria.fromKey, below: criteria.belowKey }
    const isByKey = order === 'newest' || order === 'oldest'
    const conditions = conditionsOf(criteria)
    if (isByKey && conditions.length === 0)
      return this.#words.matches(expression, range, order, wanted, most, enough)
    const few = await fewKeys(this.#database, criteria, this.#bounds.members)
    if (few?.length === 0) return { keys: [], isComplete: true }
    const sifted = async (read: number): Promise<Matches> => {
      const matched = await this.#words.matches(expression, range, isByKey ? order : 'newest', read)
      const isByFew = few !== undefined && !matched.isComplete
      const keys = isByFew ? await this.#words.among(expression, few) : matched.keys
      const found = await siftKeys(this.#database, keys, conditions, order, most)
      return { keys: found.keys, isComplete: found.isComplete && (isByFew || matched.isComplete) }
    }
    const all = few?.length ?? this.#bounds.matches
    // Only where a total is wanted all of it has to be gone through.
    if (!isByKey || most > wanted || few) return sifted(all)
    const page = await sifted(Math.min(wanted * readFirst, all))
    return page.isComplete || page.keys.length >= wanted ? page : sifted(Math.min(wanted * readThen, all))
  }
}
