import { blockLength } from '../wire/message.ts'
import { OpenPieces, type OpenPiecesInit } from './open-pieces.ts'
import { Parole } from './parole.ts'
import type { Peer } from './peer.ts'
import { PieceChoice, type PieceChoiceInit } from './piece-choice.ts'
import { PieceClaims } from './piece-claims.ts'
import { blockArriving, blockReceived, blockRequested, type PieceDownload } from './piece-download.ts'
import { RequestBatch } from './request-batch.ts'
import { isSlowOwner, isStuck } from './slow-owner.ts'

export interface DownloadsInit extends OpenPiecesInit, PieceChoiceInit {
  /** All blocks of a piece are here; it stays taken until {@link Downloads.finish} or {@link Downloads.retry}. */
  readonly onComplete: (download: PieceDownload) => void
  readonly onWasted: (bytes: number) => void
}

/** How often one peer looks for blocks that others are long in sending. */
const takeOverEveryMs = 100
/** The looking of all takes a fiftieth of the time at most: among many peers and pieces it would take all of it. */
const restPerLook = 50
/** What a peer may send without having been asked before it is cut off. */
const maxUnaskedBlocks = 64

/**
 * The blocks on their way: which is asked of whom. A peer is given whole pieces while there are some, then blocks that nobody
 * was asked for, and at last blocks that slower peers let wait, which are taken back from them (endgame).
 */
export class Downloads {
  /** For sources that are no peers. */
  readonly claims: PieceClaims
  readonly #init: DownloadsInit
  readonly #open: OpenPieces
  readonly #choice: PieceChoice
  #isStopped = false
  #peerCount = 1

  constructor(init: DownloadsInit) {
    this.#init = init
    this.#open = new OpenPieces(init)
    this.#choice = new PieceChoice(this.#open, init)
    this.claims = new PieceClaims(this.#open, this.#choice, init.onComplete)
  }

  /** No more is asked for until {@link go}; what was asked for still comes. */
  hold(): void {
    this.#isStopped = true
    this.claims.isStopped = true
  }

  go(): void {
    this.#isStopped = false
    this.claims.isStopped = false
  }

  /** Asks a peer for as much as its pipeline takes, in one write. */
  fill(peer: Peer): void {
    // Until the metainfo is known, a peer may have unchoked us and what it has cannot be told.
    if (!peer.has || this.#isStopped || peer.isClosed || (peer.chokesUs && peer.allowedFast.size === 0))
      return
    const { target } = peer.pipeline
    const room = (peer.isSnubbed ? 1 : target) - peer.outstanding
    // In batches: a write for each block that arrives would cost as much as the block.
    if (room <= 0 || (peer.outstanding > 0 && room < target >> 2)) return
    const batch = new RequestBatch(peer, room)
    while (!batch.isFull) {
      const download = this.#choice.choose(peer)
      if (!download) break
      this.#ask(peer, download, download.nextFree(), batch)
    }
    if (batch.size === 0 && this.#open.size > 0) this.#takeOverAny(peer, batch)
    batch.send()
  }

  /**
   * A peer has a piece now that others were asked for: what they will be long in sending is asked of it. So requests do not
   * wait at a seed that everybody asks, and make room there for pieces that nobody else has.
   */
  offer(peer: Peer, piece: number): void {
    const download = this.#open.get(piece)
    const room = peer.pipeline.target - peer.outstanding
    if (!download || this.#isStopped || peer.chokesUs || peer.isSnubbed || room <= 0) return
    const batch = new RequestBatch(peer, room)
    this.#takeOver(peer, download, batch, owner => isSlowOwner(owner, peer, performance.now()))
    batch.send()
  }

  /** Where an arriving block goes; `undefined` where it is of no use. */
  blockStart(peer: Peer, piece: number, begin: number, length: number): Buffer | undefined {
    const download = this.#open.get(piece)
    const block = begin / blockLength
    // A peer that has ended may have sent more in the same read: of a block that only begins there, nothing would follow.
    if (!download || peer.isClosed || !Number.isInteger(block) || block >= download.blocks) return undefined
    if (download.lengthOf(block) !== length) return undefined
    const state = download.stateOf(block)
    const isAsked = download.isAskedOf(block, peer.id)
    const isLate = peer.late > 0 && !download.parole
    if (state === blockReceived || state === blockArriving || !(isAsked || isLate)) return undefined
    if (!isAsked) {
      if (!peer.answersCancel(piece, begin)) peer.late--
      peer.outstanding++
      if (state === blockRequested) this.#takeBack(download, block)
    }
    download.arriving(block, peer.id)
    this.#open.changed(download)
    return download.buffer.bytes
  }

  /** The block is whole. Answers why the peer should be cut off, where it should. */
  blockEnd(peer: Peer, piece: number, begin: number, length: number, isKept: boolean): string | undefined {
    peer.lastBlockAtMs = performance.now()
    if (!isKept) return this.#onUseless(peer, piece, begin, length)
    peer.onDelivered()
    const download = this.#open.get(piece)
    // Its piece may have been given up while the last bytes came.
    if (!download || download.ownerOf(begin / blockLength) !== peer.id) return undefined
    download.receive(begin / blockLength)
    download.touchedAtMs = peer.lastBlockAtMs
    if (!download.senders.has(peer.id)) download.senders.set(peer.id, peer.address)
    if (download.isComplete) this.#init.onComplete(download)
    return undefined
  }

  /**
   * A peer answers no requests any more.
   *
   * @param dropsArriving whether the block that is arriving is given up too: the peer is gone, or too slow
   */
  release(peer: Peer, dropsArriving: boolean): void {
    let arriving = 0
    for (const download of this.#open.all()) {
      download.parole?.leave(peer.id)
      for (let block = 0; block < download.blocks; block++) {
        if (download.ownerOf(block) !== peer.id) continue
        const state = download.stateOf(block)
        if (state === blockArriving && !dropsArriving) arriving++
        else if (state === blockRequested || state === blockArriving) this.#free(download, block)
      }
    }
    if (dropsArriving) peer.dropBlock()
    peer.current = undefined
    peer.late += peer.outstanding - arriving
    peer.outstanding = arriving
    this.#open.putBackUntouched()
  }

  /** A peer will not answer one request (BEP 6). Answers whether it was asked, is no longer, or never was. */
  reject(peer: Peer, piece: number, begin: number): 'asked' | 'late' | 'unasked' {
    const download = this.#open.get(piece)
    const block = begin / blockLength
    if (peer.answersCancel(piece, begin)) return 'late'
    if (download?.isAskedOf(block, peer.id)) {
      this.#free(download, block)
      // Who rejects everything must not hold the memory for pieces that others would send.
      if (download.isUntouched) this.#open.putBack(download)
      peer.outstanding--
      if (peer.current === download) peer.current = undefined
      return 'asked'
    }
    if (peer.late === 0) return 'unasked'
    peer.late--
    return 'late'
  }

  finish(download: PieceDownload): void {
    this.#open.finish(download)
  }

  /** The piece failed its hash: all of it is asked for again, of one peer alone where it is not known who lied. */
  retry(download: PieceDownload, isParoled: boolean): void {
    download.restart()
    if (isParoled) download.parole = new Parole()
    this.#open.changed(download)
  }

  /** Called every second: a piece that is fetched of one peer alone does not wait for it for ever. */
  tick(peers: number): void {
    this.#peerCount = peers
    for (const download of this.#open.all()) {
      const idle = download.isComplete ? undefined : download.parole?.onSecond(download.received, peers)
      if (idle === 'hopeless') download.parole = undefined
      else if (idle !== undefined) this.#takeBackAll(download, idle)
    }
  }

  get isHolding(): boolean {
    return this.#open.size > 0
  }

  /** Gives up pieces that are not wanted any more. */
  drop(isWanted: (piece: number, download: PieceDownload) => boolean): void {
    for (const download of [...this.#open.all()]) {
      if (download.isComplete || download.isClaimed || isWanted(download.piece, download)) continue
      this.#abandon(download)
    }
  }

  /** Takes back what a peer was asked for of other pieces than those that are urgent now, so that they need not wait behind it. */
  makeWay(peer: Peer, isUrgent: (piece: number) => boolean): void {
    for (const download of this.#open.all()) {
      if (isUrgent(download.piece)) continue
      this.#takeBackAll(download, peer.id)
    }
    peer.current = undefined
    this.#open.putBackUntouched()
  }

  /** Gives all memory back. */
  close(): void {
    this.hold()
    this.#open.close()
  }

  #ask(peer: Peer, download: PieceDownload, block: number, batch: RequestBatch): void {
    download.request(block, peer.id)
    this.#open.changed(download)
    batch.add(download.piece, block * blockLength, download.lengthOf(block))
  }

  /** Asks a peer for blocks that others were asked for and will be long in sending, now and then. */
  #takeOverAny(peer: Peer, batch: RequestBatch): void {
    const now = performance.now()
    if (peer.chokesUs || peer.isSnubbed || now < peer.takesOverAgainAtMs) return
    // Whoever is fast enough stays so while this one is asked for more.
    const fast = new Set<Peer>()
    const isSlow = (owner: Peer): boolean => {
      if (fast.has(owner)) return false
      const found = isSlowOwner(owner, peer, now)
      if (!found) fast.add(owner)
      return found
    }
    for (const download of this.#open.all()) {
      if (batch.isFull) break
      if (peer.hasPiece(download.piece)) this.#takeOver(peer, download, batch, isSlow)
    }
    const end = performance.now()
    peer.takesOverAgainAtMs = end + Math.max(takeOverEveryMs, (end - now) * this.#peerCount * restPerLook)
  }

  /** Asks a peer for blocks of a piece that slower ones were asked for. */
  #takeOver(
    peer: Peer,
    download: PieceDownload,
    batch: RequestBatch,
    isSlow: (owner: Peer) => boolean,
  ): void {
    if (download.underway === 0 || download.parole) return
    for (let block = download.blocks - 1; block >= 0 && !batch.isFull; block--) {
      const state = download.stateOf(block)
      if (state !== blockRequested && state !== blockArriving) continue
      const owner = this.#init.peer(download.ownerOf(block))
      if (!owner || owner === peer) continue
      if (state === blockRequested && isSlow(owner)) this.#takeBack(download, block)
      else if (state === blockArriving && isStuck(owner, performance.now())) owner.giveUpBlock()
      else continue
      this.#ask(peer, download, block, batch)
    }
  }

  /** A block is not wanted of the peer that was asked for it; it may come all the same. */
  #takeBack(download: PieceDownload, block: number): void {
    const owner = this.#init.peer(download.ownerOf(block))
    owner?.takeBack(download.piece, block * blockLength, download.lengthOf(block))
  }

  /** What one peer was asked for of a piece may be asked of others. */
  #takeBackAll(download: PieceDownload, peer: number): void {
    for (let block = 0; block < download.blocks; block++) {
      if (!download.isAskedOf(block, peer)) continue
      this.#takeBack(download, block)
      this.#free(download, block)
    }
  }

  #free(download: PieceDownload, block: number): void {
    download.release(block)
    this.#open.changed(download)
  }

  #onUseless(peer: Peer, piece: number, begin: number, length: number): string | undefined {
    if (peer.late > 0) {
      if (!peer.answersCancel(piece, begin)) peer.late--
    } else if (++peer.unasked > maxUnaskedBlocks) return 'it sends what nobody asked for'
    this.#init.onWasted(length)
    return undefined
  }

  #abandon(download: PieceDownload): void {
    for (let block = 0; block < download.blocks; block++) {
      const state = download.stateOf(block)
      if (state === blockRequested) this.#takeBack(download, block)
      else if (state === blockArriving) this.#init.peer(download.ownerOf(block))?.giveUpBlock()
    }
    this.#open.putBack(download)
  }
}
