import type { Hex } from '../../core/index.ts'
import type { ItemLists } from './find-item.ts'
import type { Item } from './item.ts'

/** Items by their number and by their info-hash, in the order in which they were added. */
export class ItemIndex implements ItemLists {
  readonly #byId = new Map<number, Item>()
  readonly #byHash = new Map<Hex, Item>()

  items(): readonly Item[] {
    return [...this.#byId.values()]
  }

  lookUp(reference: number | Hex): Item | undefined {
    return typeof reference === 'number' ? this.#byId.get(reference) : this.#byHash.get(reference)
  }

  put(item: Item): void {
    this.#byId.set(item.id, item)
    this.#byHash.set(item.infoHash, item)
  }

  has({ id }: Item): boolean {
    return this.#byId.has(id)
  }

  delete({ id, infoHash }: Item): void {
    this.#byId.delete(id)
    this.#byHash.delete(infoHash)
  }
}
