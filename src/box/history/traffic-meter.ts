import type { Item } from '../shelf/item.ts'

/** What has gone through since the look before. */
export interface Traffic {
  readonly uploaded: number
  readonly downloaded: number
  /** Connected now. */
  readonly peers: number
}

/** Measures what goes through all transfers; that one of them is forgotten takes nothing away. */
export class TrafficMeter {
  readonly #seen = new WeakMap<Item, { readonly uploaded: number; readonly downloaded: number }>()

  look(items: Iterable<Item>, nowMs: number): Traffic {
    let [uploaded, downloaded, peers] = [0, 0, 0]
    for (const item of items) {
      const totals = item.totals(nowMs)
      const seen = this.#seen.get(item) ?? item.entry.before
      uploaded += Math.max(0, totals.uploaded - seen.uploaded)
      downloaded += Math.max(0, totals.downloaded - seen.downloaded)
      peers += item.transfer?.stats().peers ?? 0
      this.#seen.set(item, totals)
    }
    return { uploaded, downloaded, peers }
  }
}
