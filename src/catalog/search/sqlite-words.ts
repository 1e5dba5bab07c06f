import { type RawBuilder, sql } from 'kysely'
import type { CatalogDatabase } from '../database/catalog-database.ts'
import type { Expression } from './expression.ts'
import { readKeys } from './key-list.ts'
import { fts5Query } from './match-syntax.ts'
import type { SearchBounds } from './search-bounds.ts'
import type { KeyRange, Matches, WordIndex } from './word-index.ts'

const staleAfterMs = 600_000

/**
 * Words in FTS5, whose rows are in the order of keys. Words that are common each but seldom meet are looked for in one
 * stretch of listings after the other, for FTS5 itself cannot be stopped.
 */
export class SqliteWords implements WordIndex {
  readonly #database: Pick<CatalogDatabase, 'reader' | 'dialect'>
  readonly #bounds: SearchBounds
  #borders: Promise<number[]> | undefined
  #staleAt = 0

  constructor(database: Pick<CatalogDatabase, 'reader' | 'dialect'>, bounds: SearchBounds) {
    this.#database = database
    this.#bounds = bounds
  }

  async matches(
    expression: Expression,
    range: KeyRange,
    order: 'newest' | 'oldest',
    wanted: number,
    most = wanted,
    enough = wanted,
  ): Promise<Matches> {
    const query = fts5Query(expression)
    const direction = sql.raw(order === 'newest' ? 'desc' : 'asc')
    const began = performance.now()
    const keys: number[] = []
    for (const [index, stretch] of (await this.#stretches(range, order)).entries()) {
      const isLate =
        index > 0 && (keys.length >= enough || performance.now() - began > this.#bounds.windowsMs)
      if (keys.length > most || isLate) return { keys: keys.slice(0, most), isComplete: false }
      const found = await readKeys(
        this.#database,
        sql`select rowid as key from listing_search where listing_search match ${query} ${within(stretch)}
          order by rowid ${direction} limit ${most + 1 - keys.length}`,
      )
      for (const key of found) keys.push(key)
    }
    return { keys: keys.slice(0, most), isComplete: keys.length <= most }
  }

  among(expression: Expression, keys: readonly number[]): Promise<number[]> {
    return readKeys(
      this.#database,
      sql`select rowid as key from listing_search where listing_search match ${fts5Query(expression)}
        and rowid in (select value from json_each(${JSON.stringify(keys)}))`,
    )
  }

  /** The range in stretches of equally many listings, in this order. */
  async #stretches({ from, below }: KeyRange, order: 'newest' | 'oldest'): Promise<KeyRange[]> {
    const borders = (await this.#currentBorders()).filter(
      key => (from === undefined || key > from) && (below === undefined || key < below),
    )
    const stretches = [below, ...borders].map((end, index) => ({ from: borders[index] ?? from, below: end }))
    return order === 'newest' ? stretches : stretches.reverse()
  }

  /** Keys between the stretches, the newest first; they need not be up to date. */
  #currentBorders(): Promise<number[]> {
    const now = performance.now()
    if (this.#borders === undefined || now >= this.#staleAt) {
      this.#staleAt = now + staleAfterMs
      this.#borders = this.#findBorders()
      this.#borders.catch(() => {
        this.#borders = undefined
      })
    }
    return this.#borders
  }

  async #findBorders(): Promise<number[]> {
    const borders: number[] = []
    for (;;) {
      // The narrowest table that has all keys.
      const { rows } = await sql<{ id: number }>`
        select id from listing_search_docsize ${borders.length === 0 ? sql`` : sql`where id < ${borders.at(-1)}`}
        order by id desc limit 1 offset ${this.#bounds.window - 1}`.execute(this.#database.reader)
      if (rows.length === 0) return borders
      borders.push(rows[0]!.id)
    }
  }
}

function within({ from, below }: KeyRange): RawBuilder<unknown> {
  return sql`${from === undefined ? sql`` : sql`and rowid >= ${from}`}
    ${below === undefined ? sql`` : sql`and rowid < ${below}`}`
}
