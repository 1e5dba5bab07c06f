import type { Hex } from '../../core/index.ts'
import type { ListingId } from '../listing/listing-id.ts'
import { type CatalogRecord, isListing } from '../listing/record.ts'
import { indexTerms } from '../search/index-terms.ts'

/** What is written of a listing: nothing but plain values, which pass from thread to thread. */
export interface IndexedListing {
  readonly type: 'p2pshare/listing'
  readonly id: ListingId
  readonly publisher: Hex
  readonly revision: number
  readonly section: string
  readonly publishedAt: string
  readonly sizeBytes: number
  readonly infoHash: Hex | null
  readonly infoHashV2: Hex | null
  /** SHA-256 of its poster. */
  readonly poster: Hex | null
  /** What it is found under, see `indexTerms`, a space between two. */
  readonly terms: string
  readonly words: string
  /** Words that no listing before it had, where whoever read them all has kept count. */
  readonly newWords: readonly string[] | undefined
  readonly json: string
}

/** What is written of a withdrawal. */
export interface IndexedWithdrawal {
  readonly type: 'p2pshare/withdrawal'
  readonly id: ListingId
  readonly json: string
}

export type IndexedRecord = IndexedListing | IndexedWithdrawal

/** @param newWords picks the words that are new out of all terms */
export function indexedRecord(
  record: CatalogRecord,
  newWords?: (terms: readonly string[]) => readonly string[],
): IndexedRecord {
  if (!isListing(record)) return { type: record.type, id: record.id, json: record.json }
  const { terms, words } = indexTerms(record)
  return {
    type: record.type,
    id: record.id,
    publisher: record.publisher,
    revision: record.revision,
    section: record.section,
    publishedAt: record.publishedAt,
    sizeBytes: record.sizeBytes,
    infoHash: record.infoHash ?? null,
    infoHashV2: record.infoHashV2 ?? null,
    poster: record.poster?.sha256 ?? null,
    terms: terms.join(' '),
    words,
    newWords: newWords?.(terms),
    json: record.json,
  }
}
