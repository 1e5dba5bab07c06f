import type { AbortOptions } from '../../core/index.ts'

/** What the catalogs that a box follows are searched for. */
export interface BoxSearch extends AbortOptions {
  /** Words, as `p2pshare search` takes them. */
  readonly q?: string | undefined
  /** @default 'relevance' where there are words, else 'newest' */
  readonly sort?: 'relevance' | 'newest' | 'oldest' | 'largest' | 'smallest' | 'popular' | undefined
  /** At most 100. @default 20 */
  readonly limit?: number | undefined
  /** At most 10,000. @default 0 */
  readonly offset?: number | undefined
}

export interface FoundPage {
  readonly total: number
  /** Whether there are no more than `total`. */
  readonly isTotalExact: boolean
  readonly listings: readonly FoundListing[]
}

/** A listing of a catalog that the box follows. */
export interface FoundListing {
  readonly id: string
  readonly number: number
  readonly title: string
  readonly description: string
  readonly section: string
  readonly tags: readonly string[]
  /** An SPDX identifier. */
  readonly license: string
  readonly creator?: string | undefined
  /** ISO 8601. */
  readonly publishedAt: string
  readonly infoHash?: string | undefined
  readonly infoHashV2?: string | undefined
  readonly magnet: string
  readonly sizeBytes: number
  readonly fileCount: number
  /** As last counted; left out where nobody has. */
  readonly seeds?: number | undefined
  readonly leeches?: number | undefined
}
