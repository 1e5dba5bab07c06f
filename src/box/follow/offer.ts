import { isPublicAddress } from '../../core/index.ts'
import type { Wanted } from './plan.ts'

/** What can be fetched of a catalog or a feed, and how. */
export interface Offer extends Wanted {
  /** Magnet link; empty where there is only a .torrent. */
  readonly magnet: string
  readonly torrent: OfferedTorrent | undefined
  /** Folder that it is put in, absolute. */
  readonly folder: string
}

/** A .torrent that a feed names. */
export interface OfferedTorrent {
  readonly url: string
  /** The feed's. */
  readonly feedUrl: string
  /** What the database knows the item by. */
  readonly number: number
}

/** A catalog or a feed that the settings name, as it is at the moment. */
export interface Source {
  readonly kind: 'catalog' | 'feed'
  /** As the settings have it: a link, a key, a name or an address. */
  readonly source: string
  /** What its transfers have as their origin; `undefined` while it is not known. */
  readonly origin: string | undefined
  readonly name: string
  readonly syncedAt: Date | undefined
  /** Why it could not be brought up to date the last time. */
  readonly problem: string | undefined
  readonly maxSizeBytes: number | undefined
  readonly offers: readonly Offer[]
  /** Whether nothing else of it is asked for too: there may be too much to look at all of it. */
  readonly isWhole: boolean
}

/** Whether a transfer is here because something was followed. */
export function isFollowed(origin: string): boolean {
  return origin.startsWith('catalog:') || origin.startsWith('feed:')
}

/** What transfers of a feed have as their origin. */
export function feedOrigin(url: string): string {
  return `feed:${url}`
}

/** A person who wrote down an address of their own network means what is there. */
export function isPrivateFeed(origin: string): boolean {
  return origin.startsWith('feed:') && !isPublicAddress(new URL(origin.slice('feed:'.length)).hostname)
}
