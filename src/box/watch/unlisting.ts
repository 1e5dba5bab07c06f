import type { Item } from '../shelf/item.ts'
import type { Shelf } from '../shelf/shelf.ts'
import { type Listings, listingIdOf, withListingOver } from './listing.ts'
import type { Seen } from './seen.ts'
import type { SeenStore } from './seen-store.ts'
import type { Sharing } from './sharing.ts'

export interface UnlistingInit {
  readonly shelf: Shelf
  readonly seen: SeenStore
  readonly sharing: Sharing
  readonly listings: Listings
  readonly onProblem: (what: string, error: unknown) => void
  /** Told of what is withdrawn. */
  readonly onNotice?: ((message: string) => void) | undefined
}

/** Withdraws listings of what is still there. */
export class Unlisting {
  readonly #init: UnlistingInit

  /** From now on what somebody takes from the shelf is withdrawn. */
  constructor(init: UnlistingInit) {
    this.#init = init
    init.shelf.on('removed', item => {
      if (init.sharing.isTakenOut(item)) void this.#onTakenOut(item)
    })
  }

  /** @throws {P2pShareError} as `Listings.withdraw` */
  withdraw(listed: Seen, why: 'taken out' | 'not published'): Promise<void> {
    const { seen, sharing, listings, onNotice } = this.#init
    return sharing.alone(async () => {
      const id = listingIdOf(listed)
      if (seen.get(listed.path) !== listed || id === undefined) return
      await listings.withdraw(id)
      await seen.put({ ...listed, listedAs: '' })
      const reason =
        why === 'taken out' ? 'it was taken from the shelf' : 'the rules do not publish it any more'
      onNotice?.(`The listing of ${listed.path} is withdrawn: ${reason}`)
    })
  }

  /** Nobody can have it from here any more, so that no catalog of ours is to tell of it. */
  async #onTakenOut({ infoHash }: Item): Promise<void> {
    const { seen, sharing, onProblem } = this.#init
    for (const listed of seen.withHash(infoHash)) {
      const over = withListingOver(listed)
      if (over === listed) continue
      try {
        // Written first: what fails now is done when the path is looked at the next time.
        await seen.put(over)
        await sharing.run(() => this.withdraw(over, 'taken out'))
      } catch (error) {
        if (!sharing.signal.aborted) onProblem(`The listing of ${listed.path} cannot be withdrawn`, error)
      }
    }
  }
}
