import type { AbortOptions, Metainfo } from '../../core/index.ts'
import type { Rules } from './folder-rules.ts'
import type { Found } from './found.ts'
import type { Seen } from './seen.ts'

/** Something shared that is to be listed in a catalog, or listed anew. */
export interface ListedShare {
  readonly found: Found
  readonly metainfo: Metainfo
  readonly rules: Rules
  /** The id of its listing so far. */
  readonly revises: string | undefined
}

/** Where what is shared is listed. */
export interface Listings {
  /**
   * Answers the id of the listing.
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
}

/** Whether it is listed as the rules say, or they do not ask for it. What was listed once stays listed. */
export function isListed(seen: Seen, rules: Rules): boolean {
  if (rules.publish === '') return true
  const listed = readListed(seen)
  return listed?.infoHash === seen.infoHash && listed.words === wordsOf(rules)
}

/** To be kept with what was seen. */
export function listedAs({ infoHash }: Seen, rules: Rules, id: string): string {
  return JSON.stringify({ id, infoHash, words: wordsOf(rules) } satisfies Listed)
}

export function listingIdOf(seen: Seen): string | undefined {
  return readListed(seen)?.id
}

function readListed({ listedAs: json }: Seen): Listed | undefined {
  return json === '' ? undefined : JSON.parse(json)
}

function wordsOf({ publish, section, tags, license }: Rules): string {
  return JSON.stringify([publish, section, tags, license])
}
