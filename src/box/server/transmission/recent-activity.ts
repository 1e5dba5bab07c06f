import type { Item } from '../../shelf/item.ts'
import type { Shelf } from '../../shelf/shelf.ts'

const recentMs = 60_000
const mostRemoved = 10_000

/** Which transfers something happened to in the last minute, and which were removed: clients ask for no others then. */
export class RecentActivity {
  readonly #now: () => number
  readonly #at = new WeakMap<Item, number>()
  #removed: { readonly id: number; readonly at: number }[] = []

  /** @param now milliseconds since 1970 */
  constructor(shelf: Shelf, now: () => number = Date.now) {
    this.#now = now
    const note = (item: Item) => void this.#at.set(item, now())
    shelf.on('added', note)
    shelf.on('changed', note)
    shelf.on('removed', ({ id }) => {
      this.#removed = [...this.removed(), { id, at: now() }].slice(-mostRemoved)
    })
  }

  /** When something was last sent, received or changed, milliseconds since 1970. */
  lastOf(item: Item): number {
    const stats = item.transfer?.stats()
    if (stats && stats.downloadBytesPerSecond + stats.uploadBytesPerSecond > 0)
      this.#at.set(item, this.#now())
    return this.#at.get(item) ?? item.entry.doneAt ?? item.entry.addedAt
  }

  isRecent(item: Item): boolean {
    return this.#now() - this.lastOf(item) < recentMs
  }

  removed(): { readonly id: number; readonly at: number }[] {
    const since = this.#now() - recentMs
    return this.#removed.filter(({ at }) => at > since)
  }
}
