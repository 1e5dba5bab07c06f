import type { Hex } from '../../core/index.ts'

const maxFloors = 10_000

/** The newest seq that was accepted of each item, so that nobody can bring back an older revision. */
export class ItemFloors {
  readonly #floors = new Map<Hex, number>()

  /** The lowest seq that is still good. */
  of(target: Buffer): number {
    return this.#floors.get(target.toString('hex')) ?? 0
  }

  raise(target: Buffer, seq: number): void {
    const key = target.toString('hex')
    this.#floors.delete(key)
    this.#floors.set(key, seq)
    const [oldest] = this.#floors.keys()
    if (this.#floors.size > maxFloors && oldest !== undefined) this.#floors.delete(oldest)
  }
}
