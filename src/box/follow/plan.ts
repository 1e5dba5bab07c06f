/** Something that a catalog or a feed has, and the settings ask for. Sizes are bytes, times milliseconds since 1970. */
export interface Wanted {
  /** Its info-hash; while that is not known, where it is to be had. */
  readonly key: string
  readonly title: string
  /** As listed; `undefined` where it is not told. */
  readonly sizeBytes: number | undefined
  /** As last counted; `undefined` where nobody has. */
  readonly seeds: number | undefined
  readonly listedAt: number
  readonly origin: string
}

/** What the box has of what it follows. */
export interface Held {
  readonly key: string
  readonly id: number
  readonly name: string
  /** Once it is here whole. */
  readonly sizeBytes: number
  /** What of it has still to come. */
  readonly missingBytes: number
  readonly origin: string
}

export interface PlanLimits {
  /** For all that is followed together; `undefined` is without limit. */
  readonly quotaBytes: number | undefined
  /** Of the disk, beside what other transfers have still to fetch. */
  readonly freeBytes: number
  /** The disk is left so much, whatever the quota. */
  readonly keepFreeBytes: number
  /** Of all that is followed together; 0 is without limit. */
  readonly maxTransfers: number
  /** What was listed longer ago is left out; 0 is nothing. */
  readonly maxAgeMs: number
  readonly nowMs: number
  /** Why something is not to be fetched, by key. */
  readonly barred: ReadonlyMap<string, string>
  /** Whether all that is asked for of an origin is known at the moment: what is held of others is kept for now. */
  readonly isKnown: (origin: string) => boolean
}

export interface Plan<Listing extends Wanted = Wanted> {
  /** In the order in which to fetch. */
  readonly fetch: readonly { readonly listing: Listing; readonly why: string }[]
  readonly keep: readonly Held[]
  /** What could go. Nothing does unless a person says so. */
  readonly drop: readonly { readonly item: Held; readonly why: string }[]
  readonly leftOut: readonly { readonly listing: Listing; readonly why: string }[]
}

/** Why a {@link Plan} leaves something out, or would drop it. */
export const reasons = {
  quota: 'beyond the quota',
  disk: 'beyond what keep_free leaves',
  count: 'more than max_transfers',
  age: 'older than max_age',
  notWanted: 'not asked for any more',
} as const

/**
 * Decides what to mirror: whatever is wanted and has fewest seeds first, an unknown number counting as none, while the quota and the
 * disk have room for it and there are fewer than so many; what does not fit is passed over for what does. Carried out, the same
 * question has nothing left to do.
 *
 * What is held already is never given up for something else: of what is more than the quota that which most others seed could go.
 *
 * @param prunes whether what could be dropped is, which makes room
 */
export function plan<Listing extends Wanted>(
  wanted: readonly Listing[],
  held: readonly Held[],
  limits: PlanLimits,
  { prunes = false }: { readonly prunes?: boolean } = {},
): Plan<Listing> {
  const inOrder = distinct(wanted).sort(underSeededFirst)
  const isHeld = new Map(held.map(item => [item.key, item]))
  const { keep, drop } = sift(inOrder, isHeld, limits)
  const stays = prunes ? keep : held
  const gone = prunes ? drop : []
  const mostFetched = places(limits) - stays.length
  let usedBytes = sum(stays.map(({ sizeBytes }) => sizeBytes))
  let freeBytes =
    limits.freeBytes -
    sum(stays.map(({ missingBytes }) => missingBytes)) +
    sum(gone.map(({ item }) => item.sizeBytes - item.missingBytes))
  const fetch: { listing: Listing; why: string }[] = []
  const leftOut: { listing: Listing; why: string }[] = []
  for (const listing of inOrder) {
    if (isHeld.has(listing.key)) continue
    const size = listing.sizeBytes ?? 0
    const why =
      limits.barred.get(listing.key) ??
      (isTooOld(listing, limits)
        ? reasons.age
        : usedBytes + size > (limits.quotaBytes ?? Number.POSITIVE_INFINITY)
          ? reasons.quota
          : freeBytes - size < limits.keepFreeBytes
            ? reasons.disk
            : fetch.length >= mostFetched
              ? reasons.count
              : undefined)
    if (why !== undefined) {
      leftOut.push({ listing, why })
      continue
    }
    usedBytes += size
    freeBytes -= size
    fetch.push({ listing, why: seedsOf(listing) })
  }
  return { fetch, keep, drop, leftOut }
}

/** Fewest seeds first, of these the newest. */
function underSeededFirst(one: Wanted, other: Wanted): number {
  return (
    (one.seeds ?? 0) - (other.seeds ?? 0) || other.listedAt - one.listedAt || (one.key < other.key ? -1 : 1)
  )
}

/**
 * What is listed twice goes by its first listing, but with what speaks most for it: a catalog that lies about the size, seeds or age of
 * what others list must not keep it from being fetched. A size that is too small comes out before anything is written.
 */
function distinct<Listing extends Wanted>(wanted: readonly Listing[]): Listing[] {
  const byKey = new Map<string, Listing>()
  for (const listing of wanted) {
    const first = byKey.get(listing.key)
    const sizeBytes = least(first?.sizeBytes, listing.sizeBytes)
    const seeds = least(first?.seeds, listing.seeds)
    const listedAt = Math.max(first?.listedAt ?? listing.listedAt, listing.listedAt)
    byKey.set(listing.key, first ? { ...first, sizeBytes, seeds, listedAt } : listing)
  }
  return [...byKey.values()]
}

/** Of what is told. */
function least(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other)
}

function places({ maxTransfers }: PlanLimits): number {
  return maxTransfers === 0 ? Number.POSITIVE_INFINITY : maxTransfers
}

function sift(
  inOrder: readonly Wanted[],
  held: ReadonlyMap<string, Held>,
  limits: PlanLimits,
): Pick<Plan, 'keep' | 'drop'> {
  const keep: Held[] = []
  const drop: { item: Held; why: string }[] = []
  const listed = new Set(inOrder.map(({ key }) => key))
  const others = [...held.values()].filter(({ key }) => !listed.has(key))
  for (const item of others) {
    if (limits.isKnown(item.origin)) drop.push({ item, why: reasons.notWanted })
    else keep.push(item)
  }
  let usedBytes = sum(keep.map(({ sizeBytes }) => sizeBytes))
  for (const listing of inOrder) {
    const item = held.get(listing.key)
    if (!item) continue
    if (isTooOld(listing, limits)) drop.push({ item, why: reasons.age })
    else if (usedBytes + item.sizeBytes > (limits.quotaBytes ?? Number.POSITIVE_INFINITY))
      drop.push({ item, why: reasons.quota })
    else if (keep.length >= places(limits)) drop.push({ item, why: reasons.count })
    else {
      usedBytes += item.sizeBytes
      keep.push(item)
    }
  }
  return { keep, drop }
}

function isTooOld({ listedAt }: Wanted, { maxAgeMs, nowMs }: PlanLimits): boolean {
  return maxAgeMs > 0 && nowMs - listedAt > maxAgeMs
}

function seedsOf({ seeds }: Wanted): string {
  if (seeds === undefined) return 'nobody has counted its seeds'
  return seeds === 0 ? 'nobody seeds it' : seeds === 1 ? 'one seeds it' : `${seeds} seed it`
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
