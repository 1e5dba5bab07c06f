import type { LeftFiles } from './transfer-facts.ts'

/** A catalog or feed that is followed. */
export interface FollowedSource {
  readonly kind: 'catalog' | 'feed'
  /** As the settings have it. */
  readonly source: string
  readonly name: string
  /** What its transfers have as their origin. */
  readonly origin?: string | undefined
  /** ISO 8601. */
  readonly syncedAt?: string | undefined
  /** What it ran into the last time. */
  readonly problem?: string | undefined
  /** How many things of it are asked for. */
  readonly wanted: number
  /** How many transfers the box has because of it. */
  readonly here: number
  readonly wantedBytes: number
  readonly hereBytes: number
}

/** Something that is followed and not here. */
export interface PlannedFetch {
  readonly title: string
  /** Left out while it is not known. */
  readonly infoHash?: string | undefined
  /** Left out where it is not told. */
  readonly sizeBytes?: number | undefined
  /** Left out where nobody has counted. */
  readonly seeds?: number | undefined
  /** ISO 8601. */
  readonly listedAt: string
  readonly origin: string
  /** For a person. */
  readonly why: string
}

/** A transfer that the box has because it follows something. */
export interface MirroredTransfer {
  /** Number of the transfer. */
  readonly id: number
  readonly name: string
  readonly infoHash: string
  readonly sizeBytes: number
  readonly origin: string
}

/** What would be fetched of what is followed, and what could be dropped. */
export interface BoxPlan {
  /** In the order in which it is fetched, at most 1,000. */
  readonly fetch: readonly PlannedFetch[]
  readonly keep: readonly MirroredTransfer[]
  /** What could go; nothing goes by itself. */
  readonly drop: readonly (MirroredTransfer & { readonly why: string })[]
  /** At most 1,000. */
  readonly leftOut: readonly PlannedFetch[]
  readonly fetchCount: number
  readonly leftOutCount: number
  readonly usedBytes: number
  /** Left out where there is none. */
  readonly quotaBytes?: number | undefined
  /** Of the disk, beside what other transfers have still to fetch. */
  readonly freeBytes: number
  readonly keepFreeBytes: number
}

/** What was dropped, and which of its files stay. */
export type PrunedTransfer = MirroredTransfer & LeftFiles
