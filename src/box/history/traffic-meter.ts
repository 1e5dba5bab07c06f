import type { Item } from '../shelf/item.ts'
import { Rounds } from '../shelf/rounds.ts'

/** What has gone through since the look before. */
export interface Traffic {
  readonly uploaded: number
  readonly downloaded: number
  /** Connected now. */
  readonly peers: number
}

/** Of many thousands those where nobody is are looked at in turns: who came and went between two looks counts a little later. */
const looksPerRound = 12
const looksAtLeast = 1_000

/** Measures what goes through all transfers; that one of them is forgotten takes nothing away. */
export class TrafficMeter {
  readonly #seen = new WeakMap<Item, { readonly uploaded: number; readonly downloaded: number }>()
  readonly #items: () => readonly Item[]
  readonly #rounds: Rounds<Item>
  /** Where somebody was at the last look. */
  #busy: ReadonlySet<Item> = new Set()

  constructor(items: () => readonly Item[]) {
    this.#items = items
    this.#rounds = new Rounds(items)
  }

  look(nowMs: number, { isLast = false } = {}): Traffic {
    const items = this.#items()
    const looked = new Set(isLast ? items : this.#rounds.next(looksPerRound, looksAtLeast))
    if (looked.size < items.length)
      for (const item of items)
        if (this.#busy.has(item) || (item.transfer?.peers().length ?? 0) > 0) looked.add(item)
    const busy = new Set<Item>()
    let [uploaded, downloaded, peers] = [0, 0, 0]
    for (const item of looked) {
      const totals = item.totals(nowMs)
      const seen = this.#seen.get(item) ?? item.entry.before
      uploaded += Math.max(0, totals.uploaded - seen.uploaded)
      downloaded += Math.max(0, totals.downloaded - seen.downloaded)
      this.#seen.set(item, totals)
      const there = item.transfer?.stats().peers ?? 0
      peers += there
      if (there > 0) busy.add(item)
    }
    this.#busy = busy
    return { uploaded, downloaded, peers }
  }
}
