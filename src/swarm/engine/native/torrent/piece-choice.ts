import type { PiecePicker } from '../picker/piece-picker.ts'
import type { OpenPieces } from './open-pieces.ts'
import type { Peer } from './peer.ts'
import type { PieceDownload } from './piece-download.ts'

export interface PieceChoiceInit {
  readonly picker: PiecePicker
  /** The peer of a number, while it is connected. */
  readonly peer: (id: number) => Peer | undefined
  /** Whether pieces are fetched in an order that suits disks (all peers are seeds) rather than rarest first. */
  readonly isSequential: () => boolean
}

/**
 * Which piece a peer is asked for next: what a reader waits for; the one it is being asked for; one that was left behind; a new
 * one; and where there is none, or no memory for it, one that others are asked for too.
 */
export class PieceChoice {
  readonly #open: OpenPieces
  readonly #picker: PiecePicker
  readonly #peer: (id: number) => Peer | undefined
  readonly #isSequential: () => boolean

  constructor(open: OpenPieces, { picker, peer, isSequential }: PieceChoiceInit) {
    this.#open = open
    this.#picker = picker
    this.#peer = peer
    this.#isSequential = isSequential
  }

  /** A piece with a block that nobody was asked for; it is the peer's current one from now on. */
  choose(peer: Peer): PieceDownload | undefined {
    const download = peer.chokesUs ? this.#chooseAllowed(peer) : this.#chooseAny(peer)
    if (!download) return undefined
    peer.current = download
    download.parole?.take(peer.id)
    return download
  }

  /** The best piece for a source that has everything. */
  open(): PieceDownload | undefined {
    return this.#openPiece(this.#picker.pick('all', !this.#isSequential()))
  }

  #chooseAny(peer: Peer): PieceDownload | undefined {
    const { current } = peer
    const hurried = this.#picker.hasHurried ? this.#chooseHurried(peer) : undefined
    if (hurried) return hurried
    if (current && this.#suits(current, peer)) return current
    let shared: PieceDownload | undefined
    for (const download of this.#open.loose) {
      if (!this.#suits(download, peer)) continue
      if (download.underway === 0) return download
      shared ??= download
    }
    return this.#openPiece(this.#pick(peer)) ?? shared
  }

  /** Pieces that a reader waits for are fetched by all peers together. */
  #chooseHurried(peer: Peer): PieceDownload | undefined {
    for (const download of this.#open.loose)
      if (this.#picker.isHurried(download.piece) && this.#suits(download, peer)) return download
    const piece = this.#pick(peer)
    return this.#picker.isHurried(piece) ? this.#openPiece(piece) : undefined
  }

  /** What a peer that chokes us lets us have none the less (BEP 6). */
  #chooseAllowed(peer: Peer): PieceDownload | undefined {
    for (const piece of peer.allowedFast) {
      const download = this.#open.get(piece)
      if (download && this.#suits(download, peer)) return download
    }
    return undefined
  }

  #pick(peer: Peer): number {
    return this.#picker.pick(peer.isSeed ? 'all' : peer.has!, !this.#isSequential())
  }

  #openPiece(piece: number): PieceDownload | undefined {
    return piece < 0 ? undefined : this.#open.open(piece)
  }

  #suits(download: PieceDownload, peer: Peer): boolean {
    const { free, isClosed, parole, piece } = download
    if (free === 0 || isClosed || !peer.hasPiece(piece)) return false
    if (!parole || parole.allows(peer.id, peer.isSnubbed)) return true
    if (parole.only === undefined) return false
    // The one that was to send all of it will not, for now.
    const other = this.#peer(parole.only)
    return !other || other.chokesUs || other.isSnubbed || !other.hasPiece(piece)
  }
}
