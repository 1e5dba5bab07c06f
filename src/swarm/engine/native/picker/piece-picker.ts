import type { Bitfield } from '../../../../core/index.ts'

export interface PiecePickerInit {
  readonly pieceCount: number
  /** From 0 to 1, as `Math.random`. */
  readonly random?: (() => number) | undefined
}

const maxReaders = 16
const maxHurried = 1_000
/** Peers that are counted apart; pieces that more have are common enough to be taken for alike. */
const maxAvailability = 63
const levels = 7

/**
 * Which piece is fetched next: what a reader waits for, then by level, and within a level the rarest, at random among equals.
 *
 * Pieces that may be picked lie in one array, sorted by level and rarity; `#from` says where each of these groups begins. A piece
 * that becomes rarer or more common changes places with the one at the border of its group: O(1), whatever the number of pieces.
 */
export class PiecePicker {
  readonly #pieceCount: number
  readonly #random: () => number
  /** 0: not to be fetched; 1 to 7. */
  readonly #level: Uint8Array
  /** Peers, seeds not counted, that have the piece. */
  readonly #peers: Uint16Array
  readonly #isTaken: Uint8Array
  readonly #order: Uint32Array
  /** Place of each piece in `#order`; meaningless for those that are not in it. */
  readonly #place: Uint32Array
  /** Where each group begins; one more than there are groups. */
  readonly #from = new Uint32Array(levels * (maxAvailability + 1) + 1)
  readonly #readers = new Map<symbol, readonly number[]>()
  readonly #hurried = new Set<number>()
  /** Those of them that nobody was asked for. */
  readonly #urgent = new Set<number>()
  /** Where going through the pieces in order goes on. */
  #cursor: number
  #seeds = 0
  #remaining = 0

  constructor({ pieceCount, random = Math.random }: PiecePickerInit) {
    this.#pieceCount = pieceCount
    this.#random = random
    this.#level = new Uint8Array(pieceCount)
    this.#peers = new Uint16Array(pieceCount)
    this.#isTaken = new Uint8Array(pieceCount)
    this.#order = new Uint32Array(pieceCount)
    this.#place = new Uint32Array(pieceCount)
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
    return this.#from[this.#from.length - 1] === 0 ? 0 : this.#level[this.#order[0]!]!
  }

  availability(piece: number): number {
    return this.#seeds + this.#peers[piece]!
  }

  /** @param bytes a byte a piece: 0 for those not to be fetched, else 1 (last) to 7 (first) */
  setLevels(bytes: Uint8Array): void {
    this.#remaining = 0
    for (let piece = 0; piece < this.#pieceCount; piece++) {
      this.#level[piece] = Math.min(bytes[piece]!, levels)
      if (this.#level[piece]! > 0) this.#remaining++
    }
    this.#rebuild()
    this.#indexHurried()
  }

  /** The piece is on its way: it is not picked until it is put back. */
  take(piece: number): void {
    if (this.#isTaken[piece]) return
    if (this.#level[piece]! > 0) this.#remove(piece)
    this.#isTaken[piece] = 1
    this.#urgent.delete(piece)
  }

  putBack(piece: number): void {
    if (!this.#isTaken[piece]) return
    this.#isTaken[piece] = 0
    if (this.#level[piece]! > 0) this.#insert(piece)
    if (this.#hurried.has(piece)) this.#urgent.add(piece)
  }

  /** The piece is held: it is never picked again. */
  done(piece: number): void {
    if (this.#level[piece]! > 0) {
      if (!this.#isTaken[piece]) this.#remove(piece)
      this.#level[piece] = 0
      this.#remaining--
    }
    this.#isTaken[piece] = 0
    this.#hurried.delete(piece)
    this.#urgent.delete(piece)
  }

  addSeed(): void {
    this.#seeds++
  }

  removeSeed(): void {
    this.#seeds--
  }

  addPeer(has: Bitfield): void {
    this.#countAll(has, 1)
  }

  removePeer(has: Bitfield): void {
    this.#countAll(has, -1)
  }

  /** One more peer has the piece. */
  have(piece: number): void {
    this.#count(piece, 1)
  }

  /** A peer that is no seed has the piece no more. */
  lost(piece: number): void {
    this.#count(piece, -1)
  }

  /** What a reader needs next, the most urgent first; replaces what it said before. Beyond 1,000 pieces and 16 readers it is passed over. */
  hurry(reader: symbol, pieces: readonly number[]): void {
    if (pieces.length === 0) this.#readers.delete(reader)
    else if (this.#readers.has(reader) || this.#readers.size < maxReaders)
      this.#readers.set(reader, pieces.slice(0, maxHurried))
    this.#indexHurried()
  }

  isHurried(piece: number): boolean {
    return this.#hurried.has(piece)
  }

  /**
   * The best piece for a peer that has `has`; -1 where there is none. It stays pickable until it is taken.
   *
   * @param rarest without it pieces come in order, from a random one on: better for disks, where all peers are seeds
   */
  pick(has: Bitfield | 'all', rarest = true): number {
    for (const piece of this.#urgent) if (has === 'all' || has.has(piece)) return piece
    const end = this.#from[this.#from.length - 1]!
    if (end === 0) return -1
    if (!rarest && has === 'all') return this.#pickInOrder()
    for (let at = 0; at < end; at++) {
      const piece = this.#order[at]!
      if (has === 'all' || has.has(piece)) return piece
    }
    return -1
  }

  /** Whether the peer has any piece that is to be fetched, those on their way counted. */
  interesting(has: Bitfield | 'all'): boolean {
    if (this.#remaining === 0) return false
    if (has === 'all') return true
    const { bytes } = has
    for (let at = 0; at < bytes.length; at++) {
      if (bytes[at] === 0) continue
      const end = Math.min(at * 8 + 8, this.#pieceCount)
      for (let piece = at * 8; piece < end; piece++)
        if (this.#level[piece]! > 0 && has.has(piece)) return true
    }
    return false
  }

  /** The next piece in order of the highest level that anything is left of. */
  #pickInOrder(): number {
    const top = this.topLevel
    for (let step = 0; step < this.#pieceCount; step++) {
      const piece = this.#cursor
      if (this.#level[piece] === top && !this.#isTaken[piece]) return piece
      this.#cursor = piece + 1 === this.#pieceCount ? 0 : piece + 1
    }
    return -1
  }

  #indexHurried(): void {
    this.#hurried.clear()
    this.#urgent.clear()
    const lists = [...this.#readers.values()]
    const longest = Math.max(0, ...lists.map(list => list.length))
    // Readers are alike: the first piece of each, then the second.
    for (let at = 0; at < longest; at++) {
      for (const list of lists) {
        const piece = list[at]
        if (piece === undefined || !(this.#level[piece]! > 0)) continue
        this.#hurried.add(piece)
        if (!this.#isTaken[piece]) this.#urgent.add(piece)
      }
    }
  }

  #groupOf(piece: number): number {
    return (levels - this.#level[piece]!) * (maxAvailability + 1) + Math.min(this.#peers[piece]!, maxAvailability)
  }

  #countAll({ bytes }: Bitfield, by: 1 | -1): void {
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at]!
      if (byte === 0) continue
      for (let bit = 0; bit < 8; bit++) if (byte & (0x80 >> bit)) this.#count(at * 8 + bit, by)
    }
  }

  #count(piece: number, by: 1 | -1): void {
    if (by < 0 && this.#peers[piece] === 0) return
    const isListed = this.#level[piece]! > 0 && !this.#isTaken[piece]
    const before = this.#groupOf(piece)
    this.#peers[piece]! += by
    if (!isListed) return
    const after = this.#groupOf(piece)
    if (after > before) this.#moveUp(piece, before)
    else if (after < before) this.#moveDown(piece, before)
  }

  /** To the group after its own: the last of its group changes places with it, and the border moves before it. */
  #moveUp(piece: number, group: number): void {
    const border = --this.#from[group + 1]!
    this.#swap(this.#place[piece]!, border)
    this.#shuffleInto(border, this.#from[group + 2]!)
  }

  #moveDown(piece: number, group: number): void {
    const border = this.#from[group]!++
    this.#swap(this.#place[piece]!, border)
    this.#shuffleInto(border, border + 1, this.#from[group - 1]!)
  }

  /** Puts what lies at `at` anywhere in its group, so that equals stay in no order that others share. */
  #shuffleInto(at: number, end: number, from = at): void {
    const other = from + Math.floor(this.#random() * (end - from))
    this.#swap(at, other)
  }

  #insert(piece: number): void {
    const group = this.#groupOf(piece)
    const last = this.#from.length - 1
    let hole = this.#from[last]!++
    // Each group behind its own gives its first place away and takes the one behind its last.
    for (let index = last - 1; index > group; index--) {
      const first = this.#from[index]!
      if (first !== hole) this.#put(this.#order[first]!, hole)
      hole = first
      this.#from[index] = first + 1
    }
    this.#put(piece, hole)
    this.#shuffleInto(hole, hole + 1, this.#from[group]!)
  }

  #remove(piece: number): void {
    const group = this.#groupOf(piece)
    const last = this.#from.length - 1
    let hole = this.#place[piece]!
    for (let index = group + 1; index <= last; index++) {
      const end = --this.#from[index]!
      if (end !== hole) this.#put(this.#order[end]!, hole)
      hole = end
    }
  }

  #rebuild(): void {
    const listed: number[] = []
    for (let piece = 0; piece < this.#pieceCount; piece++)
      if (this.#level[piece]! > 0 && !this.#isTaken[piece]) listed.push(piece)
    const sizes = new Uint32Array(this.#from.length)
    for (const piece of listed) sizes[this.#groupOf(piece)]!++
    let at = 0
    for (let group = 0; group < this.#from.length; group++) {
      this.#from[group] = at
      at += sizes[group]!
    }
    const next = this.#from.slice()
    for (const piece of listed) {
      const place = next[this.#groupOf(piece)]!++
      this.#put(piece, place)
      this.#shuffleInto(place, place + 1, this.#from[this.#groupOf(piece)]!)
    }
  }

  #put(piece: number, place: number): void {
    this.#order[place] = piece
    this.#place[piece] = place
  }

  #swap(a: number, b: number): void {
    if (a === b) return
    const first = this.#order[a]!
    this.#put(this.#order[b]!, a)
    this.#put(first, b)
  }
}
