import type { Kysely } from 'kysely'
import type { CatalogSchema } from '../database/schema.ts'
import type { Listing } from '../listing/record.ts'
import { indexTerms, seedTier } from '../search/index-terms.ts'
import { blockedPublishers } from './blocked-publishers.ts'
import { addToCounters, lockListings } from './counters.ts'
import { freeKeys } from './free-keys.ts'
import type { IndexedListing, IndexedRecord } from './indexed-record.ts'
import { listingKey } from './listing-key.ts'
import type { ListingHealth, ListingWriter, WrittenListing } from './listing-writer.ts'
import { type ApplyCounts, planRecords, type RecordPlan } from './plan-records.ts'
import { removeListings } from './remove-listings.ts'
import type { Vocabulary } from './vocabulary.ts'

/** Where records go. */
export interface ApplyTarget {
  readonly catalogId: number
  /** The segment of the catalog's snapshot that holds them. */
  readonly segmentId?: number | undefined
}

const unknownHealth: ListingHealth = { seeds: null, leeches: null, healthAt: null }

/** Writes what records change, inside a transaction. */
export async function applyRecords(
  records: readonly IndexedRecord[],
  { catalogId, segmentId }: ApplyTarget,
  {
    db,
    writer,
    vocabulary,
    nowMs,
  }: { db: Kysely<CatalogSchema>; writer: ListingWriter; vocabulary: Vocabulary; nowMs: number },
): Promise<ApplyCounts> {
  const ids = records.map(({ id }) => id)
  const last = await lockListings(db)
  const plan = planRecords(records, {
    listings: await writer.known(ids),
    withdrawn: await writer.withdrawn(ids),
    blocked: await blockedPublishers(db),
  })
  await withdraw(db, plan)
  const added = [...plan.added.values()].map((listing, index) =>
    prepare(listing, last + 1 + index, nowMs, unknownHealth),
  )
  const written = await freeKeys(db, [...(await replaceListings(db, plan)), ...added])
  if (written.length > 0) {
    await writer.insert(written)
    await writer.index(written)
    await vocabulary.learn(written, writer, written.length === records.length)
  }
  const numbers = new Set([...plan.members, ...written.map(({ number }) => number)])
  if (numbers.size > 0) await writer.join([...numbers], catalogId, segmentId)
  await addToCounters(db, 1, [...written.map(({ listing }) => listing.section), ...added.map(() => 'number')])
  return plan.counts
}

function prepare(
  listing: IndexedListing,
  number: number,
  seenAtMs: number,
  health: ListingHealth,
): WrittenListing {
  const key = listingKey(listing.publishedAt, seenAtMs, number)
  const terms =
    seedTier(health.seeds) === undefined
      ? listing.terms
      : indexTerms(JSON.parse(listing.json) as Listing, health.seeds).terms.join(' ')
  return { listing, key, number, seenAtMs, health, terms }
}

async function withdraw(db: Kysely<CatalogSchema>, { withdrawals, removed }: RecordPlan): Promise<void> {
  if (withdrawals.size > 0)
    await db
      .insertInto('withdrawal')
      .values([...withdrawals.values()].map(({ id, json }) => ({ id, json })))
      .onConflict(conflict => conflict.column('id').doNothing())
      .execute()
  await removeListings(db, [...removed])
}

/** Takes out what is replaced; number, first sight and health stay. */
async function replaceListings(
  db: Kysely<CatalogSchema>,
  { replaced }: RecordPlan,
): Promise<WrittenListing[]> {
  const changes = [...replaced.values()]
  if (changes.length === 0) return []
  const keys = changes.map(({ known }) => known.key)
  await db.deleteFrom('listing_search').where('rowid', 'in', keys).execute()
  await db
    .deleteFrom('listing_record')
    .where(
      'number',
      'in',
      changes.map(({ known }) => known.number),
    )
    .execute()
  await db.deleteFrom('listing').where('key', 'in', keys).execute()
  await addToCounters(
    db,
    -1,
    changes.map(({ known }) => known.section),
  )
  return changes.map(({ known, listing }) => {
    const isSameTorrent =
      known.infoHash === (listing.infoHash ?? null) && known.infoHashV2 === (listing.infoHashV2 ?? null)
    return prepare(listing, known.number, known.seenAtMs, isSameTorrent ? known : unknownHealth)
  })
}
