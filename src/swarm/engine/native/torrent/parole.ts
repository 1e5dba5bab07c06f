/** Seconds without a block after which somebody else is tried. */
const patienceSeconds = 3

/**
 * A piece that failed its hash, of several peers of which it is not known who lied: it is fetched of one peer alone, so that the
 * next failure is certain to be that one's. Who lets it lie gives way, and is not chosen again.
 */
export class Parole {
  #only: number | undefined
  readonly #declined = new Set<number>()
  #received = 0
  #idleSeconds = 0

  /** The peer that it is fetched of, by its number. */
  get only(): number | undefined {
    return this.#only
  }

  /** Whether the peer may be asked for blocks of it. */
  allows(peer: number, isSnubbed: boolean): boolean {
    if (this.#only !== undefined) return this.#only === peer
    return !isSnubbed && !this.#declined.has(peer)
  }

  /** It is the peer's from now on. */
  take(peer: number): void {
    this.#only = peer
  }

  /** The peer answers no requests any more. */
  leave(peer: number): void {
    if (this.#only !== peer) return
    this.#declined.add(peer)
    this.#only = undefined
    this.#idleSeconds = 0
  }

  /**
   * Called every second with the number of blocks that are here. Answers the peer that lets it lie, whose blocks are to be
   * asked of others, or `hopeless` where everybody did.
   */
  onSecond(received: number, peers: number): number | 'hopeless' | undefined {
    const isIdle = received === this.#received
    this.#received = received
    this.#idleSeconds = isIdle ? this.#idleSeconds + 1 : 0
    if (this.#idleSeconds < patienceSeconds) return undefined
    this.#idleSeconds = 0
    const only = this.#only
    if (only === undefined) return this.#declined.size > 0 || peers > 0 ? 'hopeless' : undefined
    this.leave(only)
    return only
  }
}
