const maxReaders = 16
const maxPieces = 1_000

/** Who waits for which pieces of a torrent. */
export class Readers {
  readonly #pieces = new Map<symbol, readonly number[]>()

  /** Replaces what a reader waits for; nothing takes it back. A reader too many is not heard. */
  set(reader: symbol, pieces: readonly number[]): void {
    if (pieces.length === 0) this.#pieces.delete(reader)
    else if (this.#pieces.has(reader) || this.#pieces.size < maxReaders) {
      this.#pieces.set(reader, pieces.slice(0, maxPieces))
    }
  }

  /** What they wait for, each reader's most urgent piece first, then each one's second. */
  inOrder(isWaitedFor: (piece: number) => boolean): Set<number> {
    const urgent = new Set<number>()
    const lists = [...this.#pieces.values()]
    const longest = Math.max(0, ...lists.map(({ length }) => length))
    for (let rank = 0; rank < longest; rank++) {
      for (const list of lists) {
        const piece = list[rank]
        if (piece !== undefined && isWaitedFor(piece)) urgent.add(piece)
      }
    }
    return urgent
  }
}
