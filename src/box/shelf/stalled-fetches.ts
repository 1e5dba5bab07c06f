import type { Item } from './item.ts'

interface Progress {
  readonly word: string
  readonly sinceMs: number
  readonly isStalled: boolean
}

/** A peer that is slow to answer, or a tracker that is asked every few minutes, is no reason to go on to the next. */
export const stalledMinutes = 5
const stalledMs = stalledMinutes * 60_000

/** Tells which of those that fetch have got nothing for five minutes. */
export class StalledFetches {
  readonly #seen = new WeakMap<Item, Progress>()

  has(item: Item): boolean {
    return this.#seen.get(item)?.isStalled ?? false
  }

  /**
   * Looks how far each is, which is to be done every few seconds.
   *
   * @returns those of which it is another now
   */
  look(items: Iterable<Item>, nowMs: number): Item[] {
    const changed: Item[] = []
    for (const item of items) {
      const before = this.#seen.get(item)
      const word = progressOf(item)
      if (word === undefined) this.#seen.delete(item)
      else if (before?.word !== word) this.#seen.set(item, { word, sinceMs: nowMs, isStalled: false })
      else if (!before.isStalled && nowMs - before.sinceMs >= stalledMs)
        this.#seen.set(item, { ...before, isStalled: true })
      if ((before?.isStalled ?? false) !== this.has(item)) changed.push(item)
    }
    return changed
  }
}

/** Another one after each byte, and as what it waits for is another; `undefined` where it does not fetch. */
function progressOf({ isDone, hold, transfer }: Item): string | undefined {
  if (isDone || hold !== undefined || !transfer) return undefined
  const { state } = transfer
  if (state !== 'finding' && state !== 'downloading') return undefined
  return `${state} ${transfer.stats().downloadedBytes}`
}
