import type { Entry, EntryChange } from './entry.ts'
import type { EntryStore } from './entry-store.ts'
import type { Item } from './item.ts'

/** Seeding alone is worth writing down this often. */
const seedingStepMs = 30_000

/** Keeps what each transfer has given and taken in all its runs; only what changed is written. */
export class Totals {
  readonly #store: EntryStore
  readonly #saved = new WeakMap<Item, Entry['before']>()

  constructor(store: EntryStore) {
    this.#store = store
  }

  /** @throws {P2pShareError} `ERR_DATABASE`; the next call tries again */
  async save(items: Iterable<Item>, nowMs: number): Promise<void> {
    const changes = new Map<number, EntryChange>()
    const saving = new Map<Item, Entry['before']>()
    for (const item of items) {
      const totals = item.totals(nowMs)
      const known = this.#saved.get(item) ?? item.entry.before
      const isSame = totals.uploaded === known.uploaded && totals.downloaded === known.downloaded
      if (isSame && totals.seedingMs - known.seedingMs < seedingStepMs) continue
      changes.set(item.id, { before: totals })
      saving.set(item, totals)
    }
    if (changes.size === 0) return
    await this.#store.changeAll(changes)
    for (const [item, totals] of saving) this.#saved.set(item, totals)
  }
}
