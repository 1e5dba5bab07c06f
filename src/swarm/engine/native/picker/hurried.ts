/** Readers of one torrent that can be hurried for at once. */
const maxReaders = 16
/** Pieces that are hurried for one reader. */
const maxPieces = 1_000

/** The pieces that readers wait for, the most urgent first: the first of each reader, then the second of each. */
export class Hurried {
  readonly #readers = new Map<symbol, readonly number[]>()
  /** In order of urgency. */
  readonly #pieces = new Set<number>()

  get size(): number {
    return this.#pieces.size
  }

  has(piece: number): boolean {
    return this.#pieces.has(piece)
  }

  delete(piece: number): void {
    this.#pieces.delete(piece)
  }

  [Symbol.iterator](): Iterator<number> {
    return this.#pieces.values()
  }

  /** Replaces what a reader waits for. More than 1,000 pieces, and a 17th reader, are passed over. */
  set(reader: symbol, pieces: readonly number[]): void {
    if (pieces.length === 0) this.#readers.delete(reader)
    else if (this.#readers.has(reader) || this.#readers.size < maxReaders)
      this.#readers.set(reader, pieces.slice(0, maxPieces))
  }

  /** Finds anew which of what readers named is to be fetched. */
  sift(isWanted: (piece: number) => boolean): void {
    this.#pieces.clear()
    const lists = [...this.#readers.values()]
    const longest = Math.max(0, ...lists.map(list => list.length))
    for (let at = 0; at < longest; at++) {
      for (const list of lists) {
        const piece = list[at]
        if (piece !== undefined && isWanted(piece)) this.#pieces.add(piece)
      }
    }
  }
}
