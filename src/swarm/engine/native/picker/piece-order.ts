import type { Bitfield } from '../../../../core/index.ts'

export const topLevel = 7

/** Peers that are counted apart; pieces that more have are common enough to be taken for alike. */
const maxAvailability = 63
const groupsPerLevel = maxAvailability + 1
/** Pieces that are looked at for each pick. */
const triedFirst = 256

/**
 * The pieces that may be picked, by level and then by rarity, at random among equals.
 *
 * They lie in one array; `#from` says where each group of equals begins. A piece that becomes rarer or more common changes places
 * with the one at the border of its group: O(1), whatever the number of pieces. To list one or to take it out moves one piece a group.
 */
export class PieceOrder {
  readonly #levels: Uint8Array
  readonly #random: () => number
  /** Peers, seeds not counted, that have the piece. */
  readonly #peers: Uint16Array
  /** A bit for each piece that is listed, in the order of a bitfield. */
  readonly #listed: Uint8Array
  readonly #order: Uint32Array
  /** Place of each piece in `#order`; meaningless for those that are not in it. */
  readonly #place: Uint32Array
  /** Where each group begins; one more than there are groups. */
  readonly #from = new Uint32Array(topLevel * groupsPerLevel + 1)

  /** @param levels a byte a piece, 0 to 7, looked at and never written; a change needs `rebuild`, or the piece not to be listed */
  constructor(levels: Uint8Array, random: () => number) {
    this.#levels = levels
    this.#random = random
    this.#peers = new Uint16Array(levels.length)
    this.#listed = new Uint8Array(Math.ceil(levels.length / 8))
    this.#order = new Uint32Array(levels.length)
    this.#place = new Uint32Array(levels.length)
  }

  /** How many are listed. */
  get size(): number {
    return this.#from[this.#from.length - 1]!
  }

  /** The first of all; -1 where none is listed. */
  get first(): number {
    return this.size === 0 ? -1 : this.#order[0]!
  }

  has(piece: number): boolean {
    return (this.#listed[piece >> 3]! & (0x80 >> (piece & 7))) !== 0
  }

  peersWith(piece: number): number {
    return this.#peers[piece]!
  }

  /** The first that a peer has, where it is near the front; the peer is one of those counted. */
  firstNear({ bytes }: Bitfield): number | undefined {
    if (this.size === 0) return undefined
    // What only seeds have lies before the rest, and no peer that is counted has it.
    const start = this.#from[(topLevel - this.#levels[this.#order[0]!]!) * groupsPerLevel + 1]!
    const end = Math.min(this.size, start + triedFirst)
    for (let at = start; at < end; at++) {
      const piece = this.#order[at]!
      if (bytes[piece >> 3]! & (0x80 >> (piece & 7))) return piece
    }
    return undefined
  }

  /** The first `limit` that a peer has, in order, and whether these are all. */
  firstOf(
    { bytes }: Bitfield,
    limit: number,
  ): { readonly pieces: readonly number[]; readonly isAll: boolean } {
    const all = this.#common(bytes, limit)
    if (all) return { pieces: all, isAll: true }
    const pieces: number[] = []
    for (let at = 0; pieces.length < limit && at < this.size; at++) {
      const piece = this.#order[at]!
      if (bytes[piece >> 3]! & (0x80 >> (piece & 7))) pieces.push(piece)
    }
    return { pieces, isAll: false }
  }

  /** Lists exactly the pieces of a level above 0 that `isLeftOut` does not name. */
  rebuild(isLeftOut: (piece: number) => boolean): void {
    const count = this.#levels.length
    const sizes = new Uint32Array(this.#from.length)
    this.#listed.fill(0)
    for (let piece = 0; piece < count; piece++) {
      if (this.#levels[piece] === 0 || isLeftOut(piece)) continue
      this.#listed[piece >> 3]! |= 0x80 >> (piece & 7)
      sizes[this.#groupOf(piece)]!++
    }
    let from = 0
    for (let group = 0; group < this.#from.length; group++) {
      this.#from[group] = from
      from += sizes[group]!
    }
    const next = this.#from.slice()
    for (let piece = 0; piece < count; piece++) {
      if (!this.has(piece)) continue
      const group = this.#groupOf(piece)
      const place = next[group]!++
      this.#put(piece, place)
      this.#shuffle(place, this.#from[group]!, place + 1)
    }
  }

  /** As {@link rebuild}, after no peer has anything any more. */
  forgetPeers(isLeftOut: (piece: number) => boolean): void {
    this.#peers.fill(0)
    this.rebuild(isLeftOut)
  }

  insert(piece: number): void {
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
    this.#listed[piece >> 3]! |= 0x80 >> (piece & 7)
    this.#shuffle(hole, this.#from[group]!, hole + 1)
  }

  remove(piece: number): void {
    let hole = this.#place[piece]!
    for (let index = this.#groupOf(piece) + 1; index < this.#from.length; index++) {
      const end = --this.#from[index]!
      if (end !== hole) this.#put(this.#order[end]!, hole)
      hole = end
    }
    this.#listed[piece >> 3]! &= ~(0x80 >> (piece & 7))
  }

  /** One peer more, or one less, has every piece of a bitfield. */
  countAll({ bytes }: Bitfield, by: 1 | -1): void {
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at]!
      if (byte === 0) continue
      for (let bit = 0; bit < 8; bit++) if (byte & (0x80 >> bit)) this.count(at * 8 + bit, by)
    }
  }

  count(piece: number, by: 1 | -1): void {
    if (by < 0 && this.#peers[piece] === 0) return
    const before = this.#groupOf(piece)
    this.#peers[piece]! += by
    if (!this.has(piece)) return
    const after = this.#groupOf(piece)
    if (after > before) this.#moveUp(piece, before)
    else if (after < before) this.#moveDown(piece, before)
  }

  #groupOf(piece: number): number {
    return (topLevel - this.#levels[piece]!) * groupsPerLevel + Math.min(this.#peers[piece]!, maxAvailability)
  }

  /** All that are listed and set in `bytes`, in order; `undefined` where there are more than `limit`. */
  #common(bytes: Uint8Array, limit: number): number[] | undefined {
    const pieces: number[] = []
    for (let at = 0; at < bytes.length; at++) {
      let common = bytes[at]! & this.#listed[at]!
      while (common !== 0) {
        if (pieces.length === limit) return undefined
        const bit = Math.clz32(common) - 24
        common &= ~(0x80 >> bit)
        pieces.push(at * 8 + bit)
      }
    }
    return pieces.sort((a, b) => this.#place[a]! - this.#place[b]!)
  }

  /** To the group after its own: the last of its group changes places with it, and the border moves before it. */
  #moveUp(piece: number, group: number): void {
    const border = --this.#from[group + 1]!
    this.#swap(this.#place[piece]!, border)
    this.#shuffle(border, border, this.#from[group + 2]!)
  }

  #moveDown(piece: number, group: number): void {
    const border = this.#from[group]!++
    this.#swap(this.#place[piece]!, border)
    this.#shuffle(border, this.#from[group - 1]!, border + 1)
  }

  /** Puts what lies at `at` anywhere in its group, so that equals stay in no order that others share. */
  #shuffle(at: number, from: number, end: number): void {
    this.#swap(at, from + Math.floor(this.#random() * (end - from)))
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
