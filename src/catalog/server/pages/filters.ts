import type { Hex } from '../../../core/index.ts'
import { type Section, sections } from '../../listing/fields.ts'
import { maxOffset } from '../../search/criteria.ts'
import { type SearchQuery, type SearchSort, searchSorts } from '../../search/search-query.ts'
import { publisherPath, sectionPath, tagPath } from '../paths.ts'

export const listingsPerPage = 24
/** As deep as the search goes. */
export const lastPage = Math.floor(maxOffset / listingsPerPage) + 1

/** What a page of listings is narrowed to, as its address says it. */
export interface Filters {
  readonly text?: string | undefined
  readonly section?: Section | undefined
  readonly tag?: string | undefined
  readonly license?: string | undefined
  readonly creator?: string | undefined
  readonly publisher?: Hex | undefined
  readonly sort?: SearchSort | undefined
  /** From 1. */
  readonly page?: number | undefined
}

/** Reads the query of an address; what is not understood is as if it were not there. */
export function readFilters(query: Readonly<Record<string, string | undefined>>): Filters {
  const { q, section, tag, license, creator, publisher, sort, page } = query
  const wanted = Number(page)
  return {
    text: words(q, 500),
    section: sections.find(one => one === section),
    tag: words(tag, 100)?.toLowerCase().normalize('NFC'),
    license: words(license, 100),
    creator: words(creator, 200),
    publisher: publisher && /^[0-9a-f]{64}$/.test(publisher) ? publisher : undefined,
    sort: searchSorts.find(one => one === sort),
    page: Number.isInteger(wanted) && wanted > 1 && wanted <= lastPage ? wanted : undefined,
  }
}

/** The one address of a page of listings: `/tag/zoo` rather than `/search?tag=zoo`. */
export function filtersHref(filters: Filters): string {
  const { text, section, tag, license, creator, publisher, sort, page } = filters
  const narrowed = Object.entries({ q: text, section, tag, license, creator, publisher }).filter(
    ([, value]) => value !== undefined,
  )
  const only = narrowed.length === 1
  const path =
    only && section
      ? sectionPath(section)
      : only && tag
        ? tagPath(tag)
        : only && publisher
          ? publisherPath(publisher)
          : undefined
  const order = Object.entries({ sort, page }).filter(([, value]) => value !== undefined)
  const parameters = new URLSearchParams(
    [...(path ? [] : narrowed), ...order].map(([name, value]): [string, string] => [name, String(value)]),
  )
  const start = path ?? '/search'
  return parameters.size === 0 ? start : `${start}?${parameters}`
}

export function searchQueryOf({ page = 1, ...filters }: Filters): SearchQuery {
  const query = { ...filters, limit: listingsPerPage, offset: (page - 1) * listingsPerPage }
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined))
}

function words(text: string | undefined, most: number): string | undefined {
  const trimmed = text
    ?.slice(0, most)
    .replace(/[\u0000-\u001f\u007f]+/g, ' ')
    .trim()
  return trimmed === '' ? undefined : trimmed
}
