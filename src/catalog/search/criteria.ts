import { keyAt } from '../store/listing-key.ts'
import { allOf, type Expression } from './expression.ts'
import { foldedWords } from './fold.ts'
import { creatorTerms, publisherTerm, term } from './index-terms.ts'
import { parseQuery, type WantedWords } from './parse-query.ts'
import type { SearchQuery, SearchSort } from './search-query.ts'

/** A search as the databases are asked for it. */
export interface Criteria {
  /** What the index of words can answer; its prefixes are not completed yet. */
  readonly expression: Expression | undefined
  readonly wanted: readonly WantedWords[]
  /** Where the index of words is not asked. */
  readonly section: string | undefined
  readonly publisher: string | undefined
  readonly infoHash: string | undefined
  readonly catalogId: number | undefined
  readonly minSizeBytes: number | undefined
  readonly maxSizeBytes: number | undefined
  /** Keys of listings, from this on and below that. */
  readonly fromKey: number | undefined
  readonly belowKey: number | undefined
  readonly sort: SearchSort
  readonly limit: number
  readonly offset: number
}

const defaultLimit = 20
const maxLimit = 100
export const maxOffset = 10_000

/** Puts together what a search says in words and in fields. */
export function criteriaOf(query: SearchQuery): Criteria {
  const { section, tag, license, creator, publisher, catalogId, infoHash } = query
  const { expression: words, wanted, size, listed } = parseQuery(query.text ?? '')
  const terms: (readonly string[])[] = []
  if (tag !== undefined) terms.push([term('tag', tag)])
  if (license !== undefined) terms.push([term('license', license)])
  if (creator !== undefined) terms.push(creatorTerms(foldedWords(creator)))
  const asked = terms.filter(of => of.length > 0).map((of): Expression => ({ kind: 'terms', terms: of }))
  const hasWords = words !== undefined || asked.length > 0
  if (hasWords && section !== undefined) asked.push({ kind: 'terms', terms: [term('section', section)] })
  if (hasWords && publisher !== undefined) asked.push({ kind: 'terms', terms: [publisherTerm(publisher)] })
  const from = largest(listed.from, query.after?.getTime())
  const below = smallest(listed.below, query.before?.getTime())
  return {
    expression: allOf([...(words?.kind === 'all' ? words.of : [words]), ...asked]),
    wanted,
    section: hasWords ? undefined : section,
    publisher,
    infoHash,
    catalogId,
    minSizeBytes: largest(size.from, query.minSizeBytes),
    maxSizeBytes: smallest(size.below === undefined ? undefined : size.below - 1, query.maxSizeBytes),
    fromKey: from === undefined ? undefined : keyAt(from),
    belowKey: below === undefined ? undefined : keyAt(below),
    sort:
      query.sort === 'relevance' || query.sort === undefined
        ? wanted.length > 0
          ? 'relevance'
          : 'newest'
        : query.sort,
    limit: bounded(query.limit ?? defaultLimit, 0, maxLimit),
    offset: bounded(query.offset ?? 0, 0, maxOffset),
  }
}

function bounded(value: number, least: number, most: number): number {
  return Number.isNaN(value) ? least : Math.min(Math.max(Math.floor(value), least), most)
}

function largest(...values: (number | undefined)[]): number | undefined {
  const given = values.filter(value => value !== undefined && !Number.isNaN(value)) as number[]
  return given.length === 0 ? undefined : Math.max(...given)
}

function smallest(...values: (number | undefined)[]): number | undefined {
  const given = values.filter(value => value !== undefined && !Number.isNaN(value)) as number[]
  return given.length === 0 ? undefined : Math.min(...given)
}
