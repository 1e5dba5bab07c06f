import type { Torrent } from 'webtorrent'
import { Bitfield } from '../../../core/index.ts'
import { Readers } from './readers.ts'
import { fetchingOrder } from './selection.ts'

/** What one torrent fetches, and in which order. */
export class Fetching {
  readonly #torrent: Torrent
  readonly #readers = new Readers()
  #have: Bitfield | undefined
  #wanted = new Bitfield(0)
  #levels: Uint8Array | undefined
  #urgent = new Set<number>()
  #missing = 0
  #isHeldUp = false

  constructor(torrent: Torrent) {
    this.#torrent = torrent
  }

  /** Whether every wanted piece is held. */
  get isComplete(): boolean {
    return this.#missing === 0
  }

  get pieceCount(): number {
    return this.#wanted.length
  }

  /** @param have what is held; {@link Fetching.onHeld} is to be told of each bit that is set in it */
  want(have: Bitfield, wanted: Bitfield, levels: Uint8Array | undefined): void {
    this.#have = have
    this.#wanted = wanted
    this.#levels = levels
    this.#missing = 0
    for (let index = 0; index < wanted.length; index++) {
      if (wanted.has(index) && !have.has(index)) this.#missing++
    }
    this.select()
  }

  hurry(reader: symbol, pieces: readonly number[]): void {
    this.#readers.set(reader, pieces)
    this.select()
  }

  /** Fetches nothing until told otherwise. */
  holdUp(isHeldUp: boolean): void {
    this.#isHeldUp = isHeldUp
    this.select()
  }

  onHeld(index: number): void {
    if (this.#wanted.has(index)) this.#missing--
    this.#urgent.delete(index)
    this.#chooseStrategy()
  }

  /**
   * Tells webtorrent what to fetch in which order. It goes through its selections one by one as they were put in, as long as they
   * have no priority: those with one take turns.
   */
  select(): void {
    const torrent = this.#torrent
    const have = this.#have
    if (!have || torrent.destroyed) return
    this.#urgent = this.#readers.inOrder(piece => this.#wanted.has(piece) && !have.has(piece))
    this.#chooseStrategy()
    torrent._selections.clear()
    torrent._critical.length = 0
    for (const piece of this.#urgent) torrent._critical[piece] = true
    if (!this.#isHeldUp) {
      const insert = (from: number, to: number) =>
        torrent._selections.insert({ from, to, offset: 0, priority: 0, isStreamSelection: true })
      const runs = fetchingOrder(this.#wanted, this.#levels, this.#urgent)
      for (const [from, to] of runs) insert(from, to)
      // A new peer is tried with the last piece of all: it may as well be the most urgent one.
      if (runs[0]) insert(runs[0][0], runs[0][0])
    }
    torrent._updateSelections()
  }

  /**
   * Rarest first is what leeches need to feed each other; among seeds alone it only costs a walk over all pieces a request. A
   * reader needs them in order.
   */
  #chooseStrategy(): void {
    const isAmongLeeches = this.#torrent.wires.some(wire => !wire.isSeeder)
    this.#torrent.strategy = isAmongLeeches && this.#urgent.size === 0 ? 'rarest' : 'sequential'
  }
}
