import type { Hex } from '../../../core/index.ts'

const maxKnown = 50_000
const keptMs = 60_000

/**
 * Whether a torrent is listed, asked of the database once a minute at most. What was asked longest ago is forgotten first.
 */
export class ListedCache {
  readonly #known = new Map<Hex, { readonly isListed: Promise<boolean>; readonly until: number }>()
  readonly #look: (infoHash: Hex) => Promise<boolean>
  readonly #now: () => number

  constructor(look: (infoHash: Hex) => Promise<boolean>, now: () => number = () => performance.now()) {
    this.#look = look
    this.#now = now
  }

  has(infoHash: Hex): Promise<boolean> {
    const known = this.#known.get(infoHash)
    if (known && known.until > this.#now()) return known.isListed
    const isListed = this.#look(infoHash)
    isListed.catch(() => this.#known.delete(infoHash))
    this.#known.delete(infoHash)
    this.#known.set(infoHash, { isListed, until: this.#now() + keptMs })
    if (this.#known.size > maxKnown) this.#known.delete(this.#known.keys().next().value!)
    return isListed
  }
}
