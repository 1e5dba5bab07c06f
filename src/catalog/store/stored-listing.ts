import type { Hex } from '../../core/index.ts'
import type { ListingFields } from '../listing/fields.ts'
import type { ListingId } from '../listing/listing-id.ts'
import type { Listing } from '../listing/record.ts'

/** A listing as it is kept here. */
export interface StoredListing extends Listing {
  /** Short, from 1, the same as long as the listing stays in this database. */
  readonly number: number
  /** When it first came here. */
  readonly seenAt: Date
  /** As last counted; `undefined` before. */
  readonly seeds: number | undefined
  readonly leeches: number | undefined
  readonly healthAt: Date | undefined
}

/** A row of listings with its record. */
export interface ListingRow {
  readonly number: number
  readonly id: ListingId
  readonly info_hash: Hex | null
  readonly info_hash_v2: Hex | null
  readonly seen_at: number
  readonly seeds: number | null
  readonly leeches: number | null
  readonly health_at: number | null
  readonly json: string
}

export const listingColumns = [
  'listing.number',
  'listing.id',
  'listing.info_hash',
  'listing.info_hash_v2',
  'listing.seen_at',
  'listing.seeds',
  'listing.leeches',
  'listing.health_at',
  'listing_record.json',
] as const

/** Its fields were checked before they were stored. */
export function storedListing(row: ListingRow): StoredListing {
  const fields = JSON.parse(row.json) as ListingFields
  return Object.freeze({
    ...fields,
    id: row.id,
    infoHash: row.info_hash ?? undefined,
    infoHashV2: row.info_hash_v2 ?? undefined,
    json: row.json,
    number: row.number,
    seenAt: new Date(row.seen_at),
    seeds: row.seeds ?? undefined,
    leeches: row.leeches ?? undefined,
    healthAt: row.health_at === null ? undefined : new Date(row.health_at),
  })
}
