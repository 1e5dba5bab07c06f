import { Bitfield } from '../../../../core/index.ts'
import type { PiecePicker } from '../picker/piece-picker.ts'
import { messageId } from '../wire/message.ts'
import type { Peer } from './peer.ts'
import { RarityTurns } from './rarity-turns.ts'

export interface PeerPiecesInit {
  readonly pieceCount: number
  readonly picker: PiecePicker
  /** A peer has said, for the first time or anew, what all it has. */
  readonly onAll: (peer: Peer) => void
  /** A peer has one piece more. */
  readonly onOne: (peer: Peer, piece: number) => void
}

const refusedMs = 10_000

/** Which pieces the peers of a torrent have, as they say it, and whether that interests us. */
export class PeerPieces {
  readonly #init: PeerPiecesInit
  readonly #rarity: RarityTurns
  #leeches = 0
  #isEmptying = false

  constructor(init: PeerPiecesInit) {
    this.#init = init
    this.#rarity = new RarityTurns(init.picker)
  }

  /** Connected peers that lack pieces. */
  get leeches(): number {
    return this.#leeches
  }

  /** Takes what a peer said before the metainfo was known. */
  add(peer: Peer): void {
    const { early } = peer
    peer.has = new Bitfield(this.#init.pieceCount)
    if (early.all) this.haveAll(peer)
    else if (early.bits) this.bitfield(peer, early.bits)
    if (!peer.isSeed && !peer.isCounted) this.#count(peer, peer.has)
    for (const piece of early.haves) this.have(peer, piece)
    early.bits = undefined
    early.haves = []
  }

  remove(peer: Peer): void {
    if (!this.#isEmptying) this.#uncount(peer)
  }

  /** While `remove` runs all peers are removed: they are forgotten together, not piece by piece. */
  removeAll(remove: () => void): void {
    this.#isEmptying = true
    remove()
    this.#isEmptying = false
    this.#rarity.clear()
    this.#leeches = 0
  }

  /** Answers `false` for a bitfield that is not this torrent's. */
  bitfield(peer: Peer, bits: Uint8Array): boolean {
    if (bits.length !== Math.ceil(this.#init.pieceCount / 8)) return false
    const has = new Bitfield(this.#init.pieceCount, bits)
    if (has.isFull) {
      this.haveAll(peer)
      return true
    }
    this.#uncount(peer)
    this.#count(peer, has)
    this.#init.onAll(peer)
    this.updateInterest(peer)
    return true
  }

  haveAll(peer: Peer): void {
    if (peer.isSeed) return
    this.#uncount(peer)
    peer.isSeed = true
    this.#init.picker.addSeed()
    this.#init.onAll(peer)
    this.updateInterest(peer)
  }

  /** Answers `false` for a piece beyond the last. */
  have(peer: Peer, piece: number): boolean {
    if (piece >= this.#init.pieceCount) return false
    if (peer.isSeed || !peer.has || peer.has.has(piece)) return true
    peer.has.add(piece)
    if (this.#rarity.isCounted(peer.has)) this.#init.picker.have(piece)
    if (peer.has.isFull) this.haveAll(peer)
    else this.#init.onOne(peer, piece)
    return true
  }

  /** BEP 54: the peer has a piece no more. Answers `false` for a piece beyond the last. */
  dontHave(peer: Peer, piece: number): boolean {
    const { pieceCount, picker } = this.#init
    if (piece >= pieceCount) return false
    peer.refused.delete(piece)
    if (!peer.hasPiece(piece)) return true
    if (peer.isSeed) {
      this.#uncount(peer)
      this.#count(peer, Bitfield.full(pieceCount))
    }
    peer.has!.delete(piece)
    if (this.#rarity.isCounted(peer.has!)) picker.lost(piece)
    return true
  }

  /** A peer would not send a piece: it is not asked for it for a while, or it would refuse for ever. */
  refused(peer: Peer, piece: number): void {
    if (peer.refused.size === 0) peer.refusedAtMs = performance.now()
    this.dontHave(peer, piece)
    peer.refused.add(piece)
  }

  /** Takes a peer to have again what it refused a while ago. */
  retryRefused(peer: Peer, nowMs: number): void {
    if (peer.refused.size === 0 || nowMs - peer.refusedAtMs < refusedMs) return
    const refused = [...peer.refused]
    peer.refused.clear()
    for (const piece of refused) this.have(peer, piece)
  }

  updateInterest(peer: Peer): void {
    const isInteresting = this.#init.picker.interesting(peer.isSeed ? 'all' : (peer.has ?? new Bitfield(0)))
    if (isInteresting === peer.isInteresting) return
    peer.isInteresting = isInteresting
    peer.sendBare(isInteresting ? messageId.interested : messageId.notInterested)
  }

  #count(peer: Peer, has: Bitfield): void {
    peer.has = has
    peer.isCounted = true
    this.#rarity.add(has)
    this.#leeches++
  }

  #uncount(peer: Peer): void {
    const { picker } = this.#init
    if (peer.isSeed) picker.removeSeed()
    else if (peer.isCounted && peer.has) {
      this.#rarity.remove(peer.has)
      this.#leeches--
    }
    peer.isSeed = false
    peer.isCounted = false
  }
}
