import type { ListingId } from '../listing/listing-id.ts'
import type { IndexedListing } from './indexed-record.ts'
import type { KnownListing } from './plan-records.ts'

/** Seeds and leeches as last counted, and when. */
export interface ListingHealth {
  readonly seeds: number | null
  readonly leeches: number | null
  readonly healthAt: number | null
}

/** A listing with all that is stored of it. */
export interface WrittenListing {
  readonly listing: IndexedListing
  readonly key: number
  readonly number: number
  readonly seenAtMs: number
  readonly health: ListingHealth
  /** What it is found under, a space between two: those of the listing, and those of its health. */
  readonly terms: string
}

/** What has to be fast about writing listings, in the words of one database. All of it runs inside a transaction. */
export interface ListingWriter {
  /** Which of these ids are listings here. */
  known(ids: readonly ListingId[]): Promise<Map<ListingId, KnownListing>>
  /** Which of these ids were withdrawn. */
  withdrawn(ids: readonly ListingId[]): Promise<Set<ListingId>>
  /** Writes listings that are new. */
  insert(listings: readonly WrittenListing[]): Promise<void>
  /** Writes what listings are found under, in the order of their keys. */
  index(listings: readonly Pick<WrittenListing, 'key' | 'terms'>[]): Promise<void>
  /** Puts listings into a catalog, or under another segment of it. */
  join(numbers: readonly number[], catalogId: number, segmentId: number | undefined): Promise<void>
  /** Adds words to those that are known, and to how often they were seen. */
  addWords(counts: ReadonlyMap<string, number>): Promise<void>
}
