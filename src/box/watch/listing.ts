import type { AbortOptions, Metainfo } from '../../core/index.ts'
import type { Rules } from './folder-rules.ts'
import type { Found } from './found.ts'
import type { Seen } from './seen.ts'

/** Something shared that is to be listed in a catalog, or listed anew. */
export interface ListedShare {
  readonly found: Found
  readonly metainfo: Metainfo
  readonly rules: Rules
  /** Its listing so far. */
  readonly earlier: EarlierListing | undefined
}

export interface EarlierListing {
  readonly id: string
  /** The catalog that it is in, as the rules named it. */
  readonly publish: string
}

/** Where what is shared is listed. */
export interface Listings {
  /**
   * Puts it into the catalog that the rules name, and takes it out of the one that they named before. Answers the id of the listing.
   * @throws {P2pShareError} `ERR_INVALID_LISTING`, `ERR_NO_SUCH_CATALOG`, `ERR_NOT_AUTHORIZED`, `ERR_DATABASE`
   */
  list(share: ListedShare, options: AbortOptions): Promise<string>
  /**
   * Withdraws a listing, for good. One that is not there, or not ours any more, is left as it is.
   * @throws {P2pShareError} `ERR_DATABASE`
   */
  withdraw(id: string): Promise<void>
}

/** What is remembered of a listing. */
interface Listed {
  readonly id: string
  readonly infoHash: string
  readonly words: string
  /** Set where somebody took it from the shelf: nobody can have it from here any more. */
  readonly isOver?: true
}

/** What is to be done about its listing: `over` where it was taken from the shelf, `unwanted` where the rules do not ask for it any more. */
export type ListingTask = 'list' | 'over' | 'unwanted' | undefined

export function listingTask(seen: Seen, rules: Rules): ListingTask {
  const listed = readListed(seen)
  if (listed?.isOver) return 'over'
  if (rules.publish === '') return listed && 'unwanted'
  return listed?.infoHash === seen.infoHash && listed.words === wordsOf(rules) ? undefined : 'list'
}

/** To be kept with what was seen. */
export function listedAs({ infoHash }: Seen, rules: Rules, id: string): string {
  return JSON.stringify({ id, infoHash, words: wordsOf(rules) } satisfies Listed)
}

/** The same, with a listing that is to be withdrawn, if it has one. */
export function withListingOver(seen: Seen): Seen {
  const listed = readListed(seen)
  return listed ? { ...seen, listedAs: JSON.stringify({ ...listed, isOver: true } satisfies Listed) } : seen
}

export function listingIdOf(seen: Seen): string | undefined {
  return readListed(seen)?.id
}

export function earlierListing(seen: Seen): EarlierListing | undefined {
  const listed = readListed(seen)
  return listed && { id: listed.id, publish: JSON.parse(listed.words)[0] }
}

function readListed({ listedAs: json }: Seen): Listed | undefined {
  return json === '' ? undefined : JSON.parse(json)
}

function wordsOf({ publish, section, tags, license }: Rules): string {
  return JSON.stringify([publish, section, tags, license])
}
