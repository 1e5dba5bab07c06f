import type { Hex } from '../../core/index.ts'
import type { ListingId } from '../listing/listing-id.ts'
import type { IndexedListing, IndexedRecord, IndexedWithdrawal } from './indexed-record.ts'

/** A listing as it is in the database. */
export interface KnownListing {
  readonly number: number
  readonly key: number
  readonly revision: number
  readonly seenAtMs: number
  readonly seeds: number | null
  readonly leeches: number | null
  readonly healthAt: number | null
  readonly infoHash: Hex | null
  readonly infoHashV2: Hex | null
  readonly section: string
  readonly json: string
}

/** What the database knows of the ids that records name. */
export interface KnownState {
  readonly listings: ReadonlyMap<ListingId, KnownListing>
  readonly withdrawn: ReadonlySet<ListingId>
  readonly blocked: ReadonlySet<Hex>
}

/** What came of records. */
export interface ApplyCounts {
  added: number
  replaced: number
  withdrawn: number
  /** What was known already, was replaced or was withdrawn before. */
  unchanged: number
  /** Another listing under a revision that is known, or of a blocked publisher. */
  refused: number
}

/** What has to be written. */
export interface RecordPlan {
  readonly added: Map<ListingId, IndexedListing>
  readonly replaced: Map<ListingId, { readonly known: KnownListing; readonly listing: IndexedListing }>
  readonly withdrawals: Map<ListingId, IndexedWithdrawal>
  /** Numbers of listings that go. */
  readonly removed: Set<number>
  /** Numbers of listings that were there and are in the catalog now. */
  readonly members: Set<number>
  readonly counts: ApplyCounts
}

/**
 * Decides what records change, in their order. The same records in another order, or twice, come to the same listings: the
 * highest revision stays, and a withdrawal is for good.
 */
export function planRecords(records: readonly IndexedRecord[], state: KnownState): RecordPlan {
  const plan: RecordPlan = {
    added: new Map(),
    replaced: new Map(),
    withdrawals: new Map(),
    removed: new Set(),
    members: new Set(),
    counts: { added: 0, replaced: 0, withdrawn: 0, unchanged: 0, refused: 0 },
  }
  for (const record of records)
    plan.counts[
      record.type === 'p2pshare/listing' ? list(plan, state, record) : withdraw(plan, state, record)
    ]++
  return plan
}

function list(
  plan: RecordPlan,
  { listings, withdrawn, blocked }: KnownState,
  listing: IndexedListing,
): keyof ApplyCounts {
  const { id, publisher, revision, json } = listing
  if (blocked.has(publisher)) return 'refused'
  if (withdrawn.has(id) || plan.withdrawals.has(id)) return 'unchanged'
  const known = listings.get(id)
  const current = plan.added.get(id) ?? plan.replaced.get(id)?.listing ?? known
  if (!current) {
    plan.added.set(id, listing)
    return 'added'
  }
  if (revision === current.revision && json !== current.json) return 'refused'
  if (known) plan.members.add(known.number)
  if (revision <= current.revision) return 'unchanged'
  if (known) plan.replaced.set(id, { known, listing })
  else plan.added.set(id, listing)
  return 'replaced'
}

function withdraw(
  plan: RecordPlan,
  { listings, withdrawn }: KnownState,
  withdrawal: IndexedWithdrawal,
): keyof ApplyCounts {
  const { id } = withdrawal
  if (withdrawn.has(id) || plan.withdrawals.has(id)) return 'unchanged'
  plan.withdrawals.set(id, withdrawal)
  const known = listings.get(id)
  const wasAdded = plan.added.delete(id)
  plan.replaced.delete(id)
  if (known) {
    plan.members.delete(known.number)
    plan.removed.add(known.number)
  }
  return known || wasAdded ? 'withdrawn' : 'unchanged'
}
