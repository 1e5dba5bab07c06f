import type { Hex } from '../../core/index.ts'
import type { Section } from '../listing/fields.ts'
import type { StoredListing } from '../store/stored-listing.ts'

/** What to search for. Whatever is left out does not matter. */
export interface SearchQuery {
  /** A person's words, see docs/search.md: `zoo "white lion" -music license:cc-by size:>100MB`. Whatever it is, it is understood somehow. */
  readonly text?: string | undefined
  readonly section?: Section | undefined
  readonly tag?: string | undefined
  /** An SPDX identifier; `CC-BY` finds all of its versions. */
  readonly license?: string | undefined
  readonly creator?: string | undefined
  readonly publisher?: Hex | undefined
  /** The number of a catalog. */
  readonly catalogId?: number | undefined
  /** Of v1 or v2. */
  readonly infoHash?: Hex | undefined
  readonly minSizeBytes?: number | undefined
  readonly maxSizeBytes?: number | undefined
  /** Listed at this time or later. */
  readonly after?: Date | undefined
  /** Listed before this time. */
  readonly before?: Date | undefined
  /** @default 'relevance' where there are words, else 'newest' */
  readonly sort?: SearchSort | undefined
  /** At most 100. @default 20 */
  readonly limit?: number | undefined
  /** At most 10,000. @default 0 */
  readonly offset?: number | undefined
  /** Counting can take longer than finding; without it `total` tells of no more than was found. @default true */
  readonly countsTotal?: boolean | undefined
}

export const searchSorts = ['relevance', 'newest', 'oldest', 'largest', 'smallest', 'popular'] as const
export type SearchSort = (typeof searchSorts)[number]

export interface SearchPage {
  readonly listings: readonly StoredListing[]
  readonly total: number
  /** Whether there are no more than `total`. */
  readonly isTotalExact: boolean
}

export interface FacetCount {
  readonly value: string
  readonly count: number
}

/** What the matches are, most first, at most 30 each. */
export interface Facets {
  readonly sections: readonly FacetCount[]
  readonly tags: readonly FacetCount[]
  readonly licenses: readonly FacetCount[]
  readonly creators: readonly FacetCount[]
  /** Whether every match was counted. */
  readonly isExact: boolean
}
