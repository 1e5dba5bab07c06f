import { type P2pShareError, raceAbort } from '../../core/index.ts'

/** Who waits for which piece. */
export class PieceWaits {
  readonly #waits = new Map<number, PromiseWithResolvers<void>>()
  #ended: P2pShareError | undefined

  /**
   * Resolves when something may have changed for a piece: look again then.
   *
   * @throws {P2pShareError} what {@link end} was given; the signal's reason where it aborts
   */
  async next(piece: number, signal: AbortSignal | undefined): Promise<void> {
    if (this.#ended) throw this.#ended
    let wait = this.#waits.get(piece)
    if (!wait) {
      wait = Promise.withResolvers<void>()
      wait.promise.catch(() => {})
      this.#waits.set(piece, wait)
    }
    await raceAbort(wait.promise, signal)
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
