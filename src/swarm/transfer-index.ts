import type { Hex, InfoHashes } from '../core/index.ts'

const wireDigits = 40

/**
 * Things by all the info-hashes of a torrent: v1, v2, and v2 cut to 40 digits, as trackers, the DHT and the local network know it.
 * Of two that have the same hash, the first is found.
 */
export class TransferIndex<T> {
  readonly #hashes = new Map<T, readonly Hex[]>()
  readonly #byHash = new Map<Hex, T>()

  get(infoHash: Hex): T | undefined {
    return this.#byHash.get(infoHash)
  }

  /** Adds a thing, or more hashes of it, as metadata bring them to light. */
  add(item: T, { infoHash, infoHashV2 }: InfoHashes): void {
    let own = this.#hashes.get(item) ?? []
    for (const hash of [infoHash, infoHashV2, infoHashV2?.slice(0, wireDigits)]) {
      if (hash === undefined || this.#byHash.has(hash)) continue
      this.#byHash.set(hash, item)
      own = [...own, hash]
    }
    this.#hashes.set(item, own)
  }

  delete(item: T): void {
    for (const hash of this.#hashes.get(item) ?? []) this.#byHash.delete(hash)
    this.#hashes.delete(item)
  }

  /** In the order in which they were added. */
  values(): T[] {
    return [...this.#hashes.keys()]
  }
}

/** What a torrent goes by on the wire, 40 digits each: v1, v2 cut short, or both. */
export function wireHashesOf({ infoHash, infoHashV2 }: InfoHashes): Hex[] {
  return [infoHash, infoHashV2?.slice(0, wireDigits)].filter(hash => hash !== undefined)
}

/** The hashes of a torrent that is known by one of them, of which the digits tell the kind. */
export function hashesOf(infoHash: Hex, infoHashV2?: Hex): InfoHashes {
  if (infoHash.length > wireDigits) return { infoHashV2: infoHash }
  return infoHashV2 === undefined ? { infoHash } : { infoHash, infoHashV2 }
}
