import { type P2pShareError, raceAbort } from '../../core/index.ts'

/** Copies what it needs of a piece. */
export type PieceTaker = (bytes: Buffer) => void

interface Wait extends PromiseWithResolvers<void> {
  readonly takers: Set<PieceTaker>
}

/** Who waits for which piece. */
export class PieceWaits {
  readonly #waits = new Map<number, Wait>()
  #ended: P2pShareError | undefined

  /**
   * Resolves when something may have changed for a piece: look again then.
   *
   * @param take given the piece where it has passed its hash and is not in the store yet; never after this has ended
   * @throws {P2pShareError} what {@link end} was given; the signal's reason where it aborts
   */
  async next(piece: number, signal: AbortSignal | undefined, take: PieceTaker): Promise<void> {
    if (this.#ended) throw this.#ended
    let wait = this.#waits.get(piece)
    if (!wait) {
      wait = { ...Promise.withResolvers<void>(), takers: new Set() }
      wait.promise.catch(() => {})
      this.#waits.set(piece, wait)
    }
    wait.takers.add(take)
    try {
      await raceAbort(wait.promise, signal)
    } finally {
      wait.takers.delete(take)
    }
  }

  /** The bytes of a piece that is not in the store yet: only lent. */
  onVerified(piece: number, bytes: Buffer): void {
    const wait = this.#waits.get(piece)
    if (!wait) return
    for (const take of wait.takers) take(bytes)
    this.onPiece(piece)
  }

  /** A piece is there. */
  onPiece(piece: number): void {
    const wait = this.#waits.get(piece)
    if (!wait) return
    this.#waits.delete(piece)
    wait.resolve()
  }

  /** Everybody is to look again. */
  wakeAll(): void {
    const waits = [...this.#waits.values()]
    this.#waits.clear()
    for (const { resolve } of waits) resolve()
  }

  /** Nothing comes any more. */
  end(reason: P2pShareError): void {
    this.#ended ??= reason
    for (const { reject } of this.#waits.values()) reject(this.#ended)
    this.#waits.clear()
  }
}
