import type { Bitfield } from '../../../../core/index.ts'
import { Hurried } from './hurried.ts'
import { PieceOrder, topLevel } from './piece-order.ts'

export interface PiecePickerInit {
  readonly pieceCount: number
  /** From 0 to 1, as `Math.random`. */
  readonly random?: (() => number) | undefined
}

/** More than the pieces a torrent may have. */
const stampStep = 2 ** 22
/** Found at once for a peer that has nothing of what comes first, so that what it lacks is not gone through for each piece. */
const shortlistLength = 64

/** What there was for a peer when its pieces were gone through. */
interface Shortlist {
  /** Another one: something may have come up since. */
  readonly stamp: number
  readonly pieces: readonly number[]
  /** Whether there was nothing else. */
  readonly isAll: boolean
  /** What is before it is not to be had any more. */
  at: number
}

/** Which piece is fetched next: what a reader waits for, then by level, and within a level the rarest, at random among equals. */
export class PiecePicker {
  readonly #pieceCount: number
  /** 0: not to be fetched; 1 to 7. */
  readonly #level: Uint8Array
  /** A bit for each piece of a level above 0. */
  readonly #wanted: Uint8Array
  readonly #isTaken: Uint8Array
  readonly #order: PieceOrder
  readonly #hurried = new Hurried()
  readonly #shortlists = new WeakMap<Bitfield, Shortlist>()
  /** Counts how often there may have come up something for peers that there was nothing for. */
  #changes = 0
  /** Where going through the pieces in order goes on. */
  #cursor: number
  #seeds = 0
  #remaining = 0

  constructor({ pieceCount, random = Math.random }: PiecePickerInit) {
    this.#pieceCount = pieceCount
    this.#level = new Uint8Array(pieceCount)
    this.#wanted = new Uint8Array(Math.ceil(pieceCount / 8))
    this.#isTaken = new Uint8Array(pieceCount)
    this.#order = new PieceOrder(this.#level, random)
    this.#cursor = Math.floor(random() * pieceCount)
  }

  /** Pieces to be fetched, those on their way counted. */
  get remaining(): number {
    return this.#remaining
  }

  /** Whether any reader waits for a piece that is to be fetched. */
  get hasHurried(): boolean {
    return this.#hurried.size > 0
  }

  /** The level of a piece: 0 for one that is not to be fetched. */
  levelOf(piece: number): number {
    return this.#level[piece]!
  }

  /** The highest level that anything may be picked of; 0 where nothing is left. */
  get topLevel(): number {
    return this.#order.size === 0 ? 0 : this.#level[this.#order.first]!
  }

  /** Connected peers that have the piece. */
  availability(piece: number): number {
    return this.#seeds + this.#order.peersWith(piece)
  }

  /** @param bytes a byte a piece: 0 for those not to be fetched, else 1 (last) to 7 (first) */
  setLevels(bytes: Uint8Array): void {
    this.#remaining = 0
    this.#wanted.fill(0)
    for (let piece = 0; piece < this.#pieceCount; piece++) {
      const level = Math.min(bytes[piece]!, topLevel)
      this.#level[piece] = level
      if (level === 0) continue
      this.#remaining++
      this.#wanted[piece >> 3]! |= 0x80 >> (piece & 7)
    }
    this.#order.rebuild(piece => this.#isTaken[piece] === 1)
    this.#siftHurried()
    this.#changes++
  }

  /** The piece is on its way: it is not picked until it is put back. */
  take(piece: number): void {
    if (this.#isTaken[piece]) return
    if (this.#level[piece]! > 0) this.#order.remove(piece)
    this.#isTaken[piece] = 1
  }

  putBack(piece: number): void {
    if (!this.#isTaken[piece]) return
    this.#isTaken[piece] = 0
    if (this.#level[piece] === 0) return
    this.#order.insert(piece)
    this.#changes++
  }

  /** The piece is held: it is never picked again. */
  done(piece: number): void {
    if (this.#level[piece]! > 0) {
      if (!this.#isTaken[piece]) this.#order.remove(piece)
      this.#level[piece] = 0
      this.#wanted[piece >> 3]! &= ~(0x80 >> (piece & 7))
      this.#remaining--
    }
    this.#isTaken[piece] = 0
    this.#hurried.delete(piece)
  }

  addSeed(): void {
    this.#seeds++
  }

  removeSeed(): void {
    this.#seeds--
  }

  addPeer(has: Bitfield): void {
    this.#order.countAll(has, 1)
  }

  removePeer(has: Bitfield): void {
    this.#order.countAll(has, -1)
  }

  /** No peer is connected any more. */
  forgetPeers(): void {
    this.#seeds = 0
    this.#order.forgetPeers(piece => this.#isTaken[piece] === 1)
    this.#changes++
  }

  /** One more peer has the piece. */
  have(piece: number): void {
    this.#order.count(piece, 1)
  }

  /** A peer that is no seed has the piece no more. */
  lost(piece: number): void {
    this.#order.count(piece, -1)
    this.#changes++
  }

  /** What a reader needs next, the most urgent first; replaces what it said before. Beyond 1,000 pieces and 16 readers it is passed over. */
  hurry(reader: symbol, pieces: readonly number[]): void {
    this.#hurried.set(reader, pieces)
    this.#siftHurried()
  }

  /** Whether a reader waits for the piece and it is not held. */
  isHurried(piece: number): boolean {
    return this.#hurried.has(piece)
  }

  /**
   * The best piece for a peer that has `has`; -1 where there is none. It stays pickable until it is taken.
   *
   * @param rarest without it pieces come in order, from a random one on: better for disks, where all peers are seeds
   */
  pick(has: Bitfield | 'all', rarest = true): number {
    if (this.#order.size === 0) return -1
    if (has === 'all') return this.#firstHurried(has) ?? (rarest ? this.#order.first : this.#pickInOrder())
    const stamp = this.#changes * stampStep + has.count
    const shortlist = this.#shortlists.get(has)
    const listed = shortlist?.stamp === stamp ? this.#firstListed(shortlist) : undefined
    if (shortlist?.stamp === stamp && shortlist.isAll && listed === undefined) return -1
    return this.#firstHurried(has) ?? this.#order.firstNear(has) ?? listed ?? this.#shortlist(has, stamp)
  }

  /** Whether the peer has any piece that is to be fetched, those on their way counted. */
  interesting(has: Bitfield | 'all'): boolean {
    if (this.#remaining === 0) return false
    if (has === 'all') return true
    const { bytes } = has
    for (let at = 0; at < bytes.length; at++) if ((bytes[at]! & this.#wanted[at]!) !== 0) return true
    return false
  }

  #firstListed(shortlist: Shortlist): number | undefined {
    const { pieces } = shortlist
    while (shortlist.at < pieces.length && !this.#order.has(pieces[shortlist.at]!)) shortlist.at++
    return pieces[shortlist.at]
  }

  #shortlist(has: Bitfield, stamp: number): number {
    const found = this.#order.firstOf(has, shortlistLength)
    this.#shortlists.set(has, { ...found, stamp, at: 0 })
    return found.pieces[0] ?? -1
  }

  #firstHurried(has: Bitfield | 'all'): number | undefined {
    if (this.#hurried.size === 0) return undefined
    for (const piece of this.#hurried)
      if (this.#order.has(piece) && (has === 'all' || has.has(piece))) return piece
    return undefined
  }

  /** The next piece in order of the highest level that anything is left of. */
  #pickInOrder(): number {
    const top = this.#level[this.#order.first]
    for (let step = 0; step < this.#pieceCount; step++) {
      const piece = this.#cursor
      if (this.#level[piece] === top && this.#order.has(piece)) return piece
      this.#cursor = piece + 1 === this.#pieceCount ? 0 : piece + 1
    }
    return -1
  }

  #siftHurried(): void {
    this.#hurried.sift(piece => this.#level[piece]! > 0)
  }
}
