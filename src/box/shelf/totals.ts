import type { Entry, EntryChange } from './entry.ts'
import type { EntryStore } from './entry-store.ts'
import type { Item } from './item.ts'

/** Seeding alone is worth writing down this often. */
const seedingStepMs = 30_000
/** Of those that only seeded, so many are written at a time: of many thousands each would be, every half a minute. */
const seedingAtOnce = 500

/** Keeps what each transfer has given and taken in all its runs; only what changed is written. */
export class Totals {
  readonly #store: EntryStore
  readonly #onProblem: (what: string, error: unknown) => void
  readonly #saved = new WeakMap<Item, Entry['before']>()
  /** The last one of those that only seeded. */
  #lastId = 0

  constructor(store: EntryStore, onProblem: (what: string, error: unknown) => void) {
    this.#store = store
    this.#onProblem = onProblem
  }

  /**
   * What cannot be kept is told of, and the next call tries again.
   * @param isLast also writes how long each has seeded, however many those are
   */
  async save(items: Iterable<Item>, nowMs: number, { isLast = false } = {}): Promise<void> {
    await this.#write(items, nowMs, isLast).catch(error =>
      this.#onProblem('What was given and taken cannot be kept', error),
    )
  }

  async #write(items: Iterable<Item>, nowMs: number, isLast: boolean): Promise<void> {
    const saving = new Map<Item, Entry['before']>()
    const seeded: [Item, Entry['before']][] = []
    for (const item of items) {
      const totals = item.totals(nowMs)
      const known = this.#saved.get(item) ?? item.entry.before
      const isSame = totals.uploaded === known.uploaded && totals.downloaded === known.downloaded
      if (!isSame) saving.set(item, totals)
      else if (isLast || totals.seedingMs - known.seedingMs >= seedingStepMs) seeded.push([item, totals])
    }
    const written = isLast ? seeded : this.#some(seeded)
    for (const [item, totals] of written) saving.set(item, totals)
    if (saving.size === 0) return
    const changes = Array.from(saving, ([{ id }, before]): [number, EntryChange] => [id, { before }])
    await this.#store.changeAll(new Map(changes))
    for (const [item, totals] of saving) this.#saved.set(item, totals)
  }

  #some(seeded: readonly [Item, Entry['before']][]): readonly [Item, Entry['before']][] {
    if (seeded.length <= seedingAtOnce) return seeded
    const after = seeded.findIndex(([{ id }]) => id > this.#lastId)
    const from = Math.max(0, after)
    const some = seeded.slice(from, from + seedingAtOnce)
    this.#lastId = some.at(-1)![0].id
    return some
  }
}
