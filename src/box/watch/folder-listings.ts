import type { Rules } from './folder-rules.ts'
import type { Found } from './found.ts'
import { earlierListing, type Listings, listedAs, listingTask, withListingOver } from './listing.ts'
import type { Seen } from './seen.ts'
import type { SeenStore } from './seen-store.ts'
import { Settling } from './settling.ts'
import type { Sharing } from './sharing.ts'
import type { Unlisting } from './unlisting.ts'

/** Where what is shared is listed, and how listings end. */
export interface ListingParts {
  readonly listings: Listings
  readonly unlisting: Unlisting
}

export interface FolderListingsInit extends ListingParts {
  readonly seen: SeenStore
  readonly sharing: Sharing
  /** How long the rules have to say so before a listing is withdrawn. */
  readonly waitMs: () => number
  /** Whether the folder is gone at this moment. */
  readonly isMissing: () => Promise<boolean>
  /** Told of each thing that is listed. */
  readonly log: (message: string) => void
  /** Does something with what is at a path, unless the same has just failed. */
  readonly begin: (path: string, word: string, work: () => Promise<void>) => void
}

/** Keeps what is shared from a folder in the catalog that the rules name, and in none where they name none. */
export class FolderListings {
  readonly #init: FolderListingsInit
  /** What is listed and not to be: an editor that saves a file of rules may take it away for a moment. */
  readonly unwanted: Settling

  constructor(init: FolderListingsInit) {
    this.#init = init
    this.unwanted = new Settling(init.waitMs)
  }

  /** Brings the listing of something that is shared, and has not changed, in line with its rules. */
  tend(known: Seen, found: Found, rules: Rules, nowMs: number): void {
    if (known.kind === 'link') return
    const task = listingTask(known, rules)
    if (task !== 'unwanted') this.unwanted.forget(known.path)
    if (task === 'over') this.#withdraw(known, 'taken out')
    else if (task === 'list') this.#list(known, found, rules)
    else if (task === 'unwanted' && this.unwanted.isSettled(known.path, '', nowMs))
      this.#withdraw(known, 'not published')
  }

  #list(known: Seen, found: Found, rules: Rules): void {
    const { seen, sharing, listings, begin, log } = this.#init
    const { metainfo } = sharing.itemOf(known)?.transfer ?? {}
    if (!metainfo) return
    begin(known.path, `list ${known.infoHash} ${JSON.stringify(rules)}`, async () => {
      const earlier = earlierListing(known)
      const share = { found, metainfo, rules, earlier }
      const id = await listings.list(share, { signal: sharing.signal })
      const listed = { ...known, listedAs: listedAs(known, rules, id) }
      // It may have been taken from the shelf meanwhile.
      await seen.put(sharing.itemOf(known) ? listed : withListingOver(listed))
      log(`${known.path} is listed in ${rules.publish}${earlier ? ', as a revision' : ''}`)
    })
  }

  #withdraw(known: Seen, why: 'taken out' | 'not published'): void {
    const { unlisting, isMissing, begin } = this.#init
    begin(known.path, `withdraw ${known.listedAs}`, async () => {
      // The disk, and with it the rules, may have gone at this moment.
      if (!(await isMissing())) await unlisting.withdraw(known, why)
    })
  }
}
