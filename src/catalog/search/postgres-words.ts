import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { CatalogSchema } from '../database/schema.ts'
import { allOf, type Expression, mapTerms } from './expression.ts'
import { keysOf } from './key-list.ts'
import { tsquery } from './match-syntax.ts'
import type { SearchBounds } from './search-bounds.ts'
import type { KeyRange, Matches, WordIndex } from './word-index.ts'

/** Listings that are looked at to tell how common words are. */
const probed = 1_000
/** Listings that are looked at where a total is wanted. */
const counted = 10_000
/** How many more are looked at than should do, for words are not spread evenly. */
const margin = 1.5

/** How common an expression is among the listings that were probed. */
interface Probe {
  readonly read: number
  readonly matched: number
  /** Those that have the words anywhere, which is what the index tells. */
  readonly indexed: number
  /** Those that have what is no prefix. */
  readonly beside: number
  /** All listings. */
  readonly count: number
}

/**
 * Words in PostgreSQL's tsvectors. Its index tells all matches or none, in no order: right for words that some thousands of
 * listings have. What is common is found fastest by going through the listings themselves. A look at some of them says
 * which it is, for the planner cannot know how the matches are spread.
 */
export class PostgresWords implements WordIndex {
  readonly #db: Kysely<CatalogSchema>
  readonly #bounds: SearchBounds

  constructor(db: Kysely<CatalogSchema>, bounds: SearchBounds) {
    this.#db = db
    this.#bounds = bounds
  }

  async matches(
    expression: Expression,
    range: KeyRange,
    order: 'newest' | 'oldest',
    wanted: number,
    most = wanted,
  ): Promise<Matches> {
    const direction = sql.raw(order === 'newest' ? 'desc' : 'asc')
    const { read, matched, indexed, beside, count } = await this.#probe(expression, range, direction)
    const { matches, terms } = this.#bounds
    if (read < probed) return this.#walk(expression, range, direction, probed, most)
    const needed = matched === 0 ? terms : Math.ceil((margin * wanted * read) / matched)
    const isTotalWanted = most > wanted
    const walk = Math.min(terms, Math.max(needed, isTotalWanted ? counted : probed))
    const isFew = (looked: number) => (looked / read) * count <= Math.min(matches, walk)
    const parts = isFew(beside) ? besidePrefixes(expression) : { looked: expression, tested: undefined }
    const isIndexBetter = isFew(beside) || isFew(indexed)
    const some = isIndexBetter ? await this.#indexed(parts, range, direction, most) : undefined
    if (some?.isTold) return some
    const walked = await this.#walk(expression, range, direction, walk, most)
    if (!some || walked.isComplete || walked.keys.length >= wanted) return walked
    // Rare among those that were probed, common among the rest.
    const sign = order === 'newest' ? -1 : 1
    const keys = [...new Set([...walked.keys, ...some.keys])].sort((one, other) => sign * (one - other))
    return { keys: keys.slice(0, most), isComplete: false }
  }

  async among(expression: Expression, keys: readonly number[]): Promise<number[]> {
    const { rows } = await sql<{ keys: string | null }>`
      select string_agg(rowid::text, ',') as keys from listing_search
      where rowid = any(string_to_array(${keys.join(',')}, ',')::bigint[]) and ${matching(expression)}`.execute(
      this.#db,
    )
    return keysOf(rows[0]?.keys)
  }

  async #probe(expression: Expression, range: KeyRange, direction: RawBuilder<unknown>): Promise<Probe> {
    const asked = [expression, loosened(expression), loosened(besidePrefixes(expression).looked)].map(tsquery)
    const queries = [...new Set(asked)]
    const counts = queries.map(query => sql`count(*) filter (where terms @@ ${query}::tsquery)`)
    const { rows } = await sql<{ read: number; counts: number[]; count: number }>`
      select count(*) as read, json_build_array(${sql.join(counts)}) as counts,
        (select coalesce(sum(value), 0)::bigint from listing_counter where name <> 'number') as count
      from (select terms from listing_search where ${within(range)} order by rowid ${direction} limit ${probed})
        as newest`.execute(this.#db)
    const { read, counts: found, count } = rows[0]!
    const [matched, indexed, beside] = asked.map(query => found[queries.indexOf(query)]!)
    return { read, matched: matched!, indexed: indexed!, beside: beside!, count }
  }

  /** Matches by the index; it cannot tell the first ones where there are too many. */
  async #indexed(
    { looked, tested }: Parts,
    range: KeyRange,
    direction: RawBuilder<unknown>,
    most: number,
  ): Promise<Matches & { readonly isTold: boolean }> {
    const { matches } = this.#bounds
    const { rows } = await sql<{ keys: string | null; read: number }>`
      with matched as materialized (
        select rowid as key from listing_search
        where ${matching(looked)} and ${tested ? sql`(${matching(tested)}) is true` : sql`true`} and ${within(range)}
        limit ${matches + 1})
      select (select count(*) from matched) as read, (select string_agg(key::text, ',' order by key ${direction})
        from (select key from matched order by key ${direction} limit ${most}) as found) as keys`.execute(
      this.#db,
    )
    const { keys, read } = rows[0]!
    return { keys: keysOf(keys), isComplete: read <= Math.min(most, matches), isTold: read <= matches }
  }

  /** Matches among so many listings. */
  async #walk(
    expression: Expression,
    range: KeyRange,
    direction: RawBuilder<unknown>,
    listings: number,
    most: number,
  ): Promise<Matches> {
    const { rows } = await sql<{ keys: string | null; read: number }>`
      with walked as materialized (
        select rowid as key, ${matching(expression)} as matches
        from (select rowid, terms from listing_search where ${within(range)}
          order by rowid ${direction} limit ${listings}) as listing)
      select (select count(*) from walked) as read, (select string_agg(key::text, ',' order by key ${direction})
        from (select key from walked where matches order by key ${direction} limit ${most + 1}) as found) as keys`.execute(
      this.#db,
    )
    const { keys: list, read } = rows[0]!
    const keys = keysOf(list)
    return { keys: keys.slice(0, most), isComplete: keys.length <= most && read < listings }
  }
}

function matching(expression: Expression): RawBuilder<boolean> {
  return sql<boolean>`terms @@ ${tsquery(expression)}::tsquery`
}

/** What the index is asked for, and what its answers are tested for. */
interface Parts {
  readonly looked: Expression
  readonly tested: Expression | undefined
}

/** For a prefix the index gathers all that has it, even where something else leaves little of that. */
function besidePrefixes(expression: Expression): Parts {
  const parts = expression.kind === 'all' ? expression.of : [expression]
  const looked = allOf(parts.filter(part => part.kind !== 'not' && !hasPrefix(part)))
  const tested = allOf(parts.filter(part => part.kind === 'not' || hasPrefix(part)))
  return looked && tested ? { looked, tested } : { looked: expression, tested: undefined }
}

function hasPrefix(part: Expression): boolean {
  if (part.kind === 'all' || part.kind === 'any') return part.of.some(hasPrefix)
  return part.kind === 'not' ? hasPrefix(part.of) : part.kind === 'prefix'
}

/** The expression without the order of words. */
function loosened(expression: Expression): Expression {
  return mapTerms(expression, part =>
    part.terms.length < 2
      ? part
      : {
          kind: 'all',
          of: part.terms.map((term, index) =>
            part.kind === 'prefix' && index === part.terms.length - 1
              ? { kind: 'prefix', terms: [term] }
              : { kind: 'terms', terms: [term] },
          ),
        },
  )
}

function within({ from, below }: KeyRange): RawBuilder<unknown> {
  return sql`${from === undefined ? sql`true` : sql`rowid >= ${from}`}
    and ${below === undefined ? sql`true` : sql`rowid < ${below}`}`
}
