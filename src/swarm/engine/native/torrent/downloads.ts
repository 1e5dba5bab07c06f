import type { PiecePicker } from '../picker/piece-picker.ts'
import type { PieceBuffers } from '../storage/piece-buffers.ts'
import { blockLength, messageId, requestLength, writeBlockReference } from '../wire/message.ts'
import type { Peer } from './peer.ts'
import { blockArriving, blockReceived, blockRequested, PieceDownload } from './piece-download.ts'

export interface DownloadsInit {
  readonly pieceSize: (piece: number) => number
  readonly picker: PiecePicker
  readonly buffers: PieceBuffers
  /** The peer of a number, while it is connected. */
  readonly peer: (id: number) => Peer | undefined
  /** Whether pieces are fetched in an order that suits disks (all peers are seeds) rather than rarest first. */
  readonly isSequential: () => boolean
  /** All blocks of a piece are here; it stays taken until {@link Downloads.finish} or {@link Downloads.retry}. */
  readonly onComplete: (download: PieceDownload) => void
  readonly onWasted: (peer: Peer, bytes: number) => void
}

/** A peer that has sent nothing for so long while asked is passed over for its blocks. */
const stuckMs = 2_000
/** A block is asked of a faster peer only where that spares more than this. */
const worthwhileMs = 50
/** How often one peer looks for blocks that others are long in sending. */
const stealEveryMs = 20
/** What a peer is taken to send at least, before it has shown it. */
const assumedRate = 256 * 1024
/** What a peer may send without having been asked before it is cut off. */
const maxUnaskedBlocks = 64

/**
 * The pieces on their way: which block is asked of whom. A peer is given whole pieces while there are some, then blocks that
 * nobody was asked for, and at last blocks that slower peers let wait, which are taken back from them (endgame).
 */
export class Downloads {
  readonly #init: DownloadsInit
  readonly #open = new Map<number, PieceDownload>()
  /** Those with blocks that nobody was asked for. */
  readonly #loose = new Set<PieceDownload>()
  #isStopped = false

  constructor(init: DownloadsInit) {
    this.#init = init
  }

  /** Pieces on their way. */
  get size(): number {
    return this.#open.size
  }

  /** No more is asked for until {@link go}; what was asked for still comes. */
  hold(): void {
    this.#isStopped = true
  }

  go(): void {
    this.#isStopped = false
  }

  /** Asks a peer for as much as its pipeline takes, in one write. */
  fill(peer: Peer): void {
    if (this.#isStopped || peer.isClosed || (peer.chokesUs && peer.allowedFast.size === 0)) return
    const { target } = peer.pipeline
    const room = (peer.isSnubbed ? 1 : target) - peer.outstanding
    // In batches: a write for each block that arrives would cost as much as the block.
    if (room <= 0 || (peer.outstanding > 0 && room < target >> 2)) return
    let batch: Buffer | undefined
    let at = 0
    for (let asked = 0; asked < room; asked++) {
      const download = this.#choose(peer)
      if (!download) break
      const block = download.nextFree()
      batch ??= Buffer.allocUnsafe(room * requestLength)
      at = this.#ask(peer, download, block, batch, at)
    }
    if (at === 0 && this.#maySteal(peer)) {
      batch = Buffer.allocUnsafe(room * requestLength)
      at = this.#steal(peer, room, batch)
    }
    if (!batch || at === 0) return
    if (peer.outstanding * requestLength === at) peer.lastBlockAtMs = performance.now()
    peer.write(batch.subarray(0, at))
  }

  /** Where an arriving block goes; `undefined` where it is of no use. */
  blockStart(peer: Peer, piece: number, begin: number, length: number): Buffer | undefined {
    const download = this.#open.get(piece)
    const block = begin / blockLength
    if (!download || !Number.isInteger(block) || block >= download.blocks) return undefined
    if (download.lengthOf(block) !== length) return undefined
    const state = download.stateOf(block)
    const isAsked = state === blockRequested && download.ownerOf(block) === peer.id
    if (state === blockReceived || state === blockArriving || !(isAsked || peer.late > 0)) return undefined
    if (!isAsked) {
      peer.late--
      peer.outstanding++
      if (state === blockRequested) this.#takeBack(download, block)
    }
    download.arriving(block, peer.id)
    if (download.free === 0) this.#loose.delete(download)
    return download.buffer.bytes
  }

  /** The block is whole. Answers why the peer should be cut off, where it should. */
  blockEnd(peer: Peer, piece: number, begin: number, length: number, isKept: boolean): string | undefined {
    peer.lastBlockAtMs = performance.now()
    if (!isKept) return this.#onUseless(peer, length)
    peer.isSnubbed = false
    peer.outstanding--
    peer.pipeline.onBlock()
    const download = this.#open.get(piece)
    // Its piece may have been given up while the last bytes came.
    if (!download || download.ownerOf(begin / blockLength) !== peer.id) return undefined
    download.receive(begin / blockLength)
    if (!download.senders.has(peer.id)) download.senders.set(peer.id, peer.address)
    if (!download.isComplete) return undefined
    if (peer.current === download) peer.current = undefined
    this.#init.onComplete(download)
    return undefined
  }

  /**
   * A peer answers no requests any more.
   *
   * @param dropsArriving whether the block that is arriving is given up too: the peer is gone, or too slow
   */
  release(peer: Peer, dropsArriving: boolean): void {
    peer.current = undefined
    for (const download of this.#open.values()) {
      if (download.only === peer.id) download.only = undefined
      for (let block = 0; block < download.blocks; block++) {
        if (download.ownerOf(block) !== peer.id) continue
        const state = download.stateOf(block)
        if (state === blockRequested || (state === blockArriving && dropsArriving))
          this.#free(download, block)
      }
    }
    if (dropsArriving) peer.dropBlock()
    const arriving = dropsArriving ? 0 : this.#arrivingFrom(peer)
    peer.late += peer.outstanding - arriving
    peer.outstanding = arriving
    this.#closeUntouched()
  }

  /** A peer will not answer one request (BEP 6). Answers whether it was asked, is no longer, or never was. */
  reject(peer: Peer, piece: number, begin: number): 'asked' | 'late' | 'unasked' {
    const download = this.#open.get(piece)
    const block = begin / blockLength
    const isAsked =
      download !== undefined &&
      Number.isInteger(block) &&
      block < download.blocks &&
      download.stateOf(block) === blockRequested &&
      download.ownerOf(block) === peer.id
    if (isAsked) {
      this.#free(download, block)
      peer.outstanding--
      if (peer.current === download) peer.current = undefined
      return 'asked'
    }
    if (peer.late === 0) return 'unasked'
    peer.late--
    return 'late'
  }

  /** Gives a whole piece to a source that has everything and is no peer; `undefined` where none is left, or no memory. */
  claim(source: number): PieceDownload | undefined {
    if (this.#isStopped) return undefined
    const download = this.#openPiece(this.#init.picker.pick('all', !this.#init.isSequential()))
    if (!download) return undefined
    download.claim(source)
    this.#loose.delete(download)
    return download
  }

  /** The source has filled the memory of the piece that it claimed. */
  deliver(download: PieceDownload, source: number, name: string): void {
    download.deliver(source, name)
    this.#init.onComplete(download)
  }

  /** The source could not have it: others may. */
  disclaim(download: PieceDownload): void {
    download.restart()
    this.#abandon(download)
  }

  /** The piece is in the store, or not wanted any more: its memory comes free. */
  finish(download: PieceDownload): void {
    this.#open.delete(download.piece)
    this.#loose.delete(download)
    this.#init.buffers.giveBack(download.buffer)
  }

  /** The piece failed its hash: all of it is asked for again, of one peer alone where it is not known who lied. */
  retry(download: PieceDownload, isParoled: boolean): void {
    download.restart()
    download.isParoled = isParoled
    this.#loose.add(download)
  }

  /** Gives up pieces that are not wanted any more. */
  drop(isWanted: (piece: number) => boolean): void {
    for (const download of [...this.#open.values()]) {
      if (download.isComplete || download.isClaimed || isWanted(download.piece)) continue
      this.#abandon(download)
    }
  }

  /** Takes back what a peer was asked for of other pieces than those that are urgent now, so that they need not wait behind it. */
  makeWay(peer: Peer, isUrgent: (piece: number) => boolean): void {
    for (const download of this.#open.values()) {
      if (isUrgent(download.piece)) continue
      for (let block = 0; block < download.blocks; block++) {
        if (download.stateOf(block) !== blockRequested || download.ownerOf(block) !== peer.id) continue
        this.#takeBack(download, block)
        this.#free(download, block)
      }
    }
    peer.current = undefined
    this.#closeUntouched()
  }

  /** Gives all memory back. */
  close(): void {
    this.#isStopped = true
    for (const download of this.#open.values()) this.#init.buffers.giveBack(download.buffer)
    this.#open.clear()
    this.#loose.clear()
  }

  #choose(peer: Peer): PieceDownload | undefined {
    const { current } = peer
    const { picker } = this.#init
    if (peer.chokesUs) return this.#chooseAllowed(peer)
    if (picker.hasHurried) {
      const hurried = this.#chooseHurried(peer)
      if (hurried) return this.#give(peer, hurried)
    }
    if (current && this.#suits(current, peer)) return current
    let shared: PieceDownload | undefined
    for (const download of this.#loose) {
      if (!this.#suits(download, peer)) continue
      shared ??= download
      if (download.underway === 0) return this.#give(peer, download)
    }
    const chosen = this.#openPiece(this.#pick(peer)) ?? shared
    return chosen && this.#give(peer, chosen)
  }

  /** Pieces that a reader waits for are fetched by all peers together. */
  #chooseHurried(peer: Peer): PieceDownload | undefined {
    const { picker } = this.#init
    for (const download of this.#loose)
      if (picker.isHurried(download.piece) && this.#suits(download, peer)) return download
    const piece = this.#pick(peer)
    return picker.isHurried(piece) ? this.#openPiece(piece) : undefined
  }

  #pick(peer: Peer): number {
    return this.#init.picker.pick(peer.isSeed ? 'all' : peer.has!, !this.#init.isSequential())
  }

  #openPiece(piece: number): PieceDownload | undefined {
    if (piece < 0) return undefined
    const length = this.#init.pieceSize(piece)
    const buffer = this.#init.buffers.take(length)
    if (!buffer) return undefined
    this.#init.picker.take(piece)
    const download = new PieceDownload(piece, length, buffer)
    this.#open.set(piece, download)
    this.#loose.add(download)
    return download
  }

  /** What a peer that chokes us lets us have none the less (BEP 6). */
  #chooseAllowed(peer: Peer): PieceDownload | undefined {
    for (const piece of peer.allowedFast) {
      const download = this.#open.get(piece)
      if (download && download.free > 0 && this.#suits(download, peer)) return download
    }
    return undefined
  }

  #give(peer: Peer, download: PieceDownload): PieceDownload {
    peer.current = download
    if (download.isParoled) download.only ??= peer.id
    return download
  }

  #suits(download: PieceDownload, peer: Peer): boolean {
    return (
      download.free > 0 &&
      (download.only === undefined || download.only === peer.id) &&
      peer.hasPiece(download.piece)
    )
  }

  #ask(peer: Peer, download: PieceDownload, block: number, batch: Buffer, at: number): number {
    download.request(block, peer.id)
    if (download.free === 0) this.#loose.delete(download)
    peer.outstanding++
    return writeBlockReference(
      batch,
      at,
      messageId.request,
      download.piece,
      block * blockLength,
      download.lengthOf(block),
    )
  }

  #maySteal(peer: Peer): boolean {
    const now = performance.now()
    if (peer.chokesUs || peer.isSnubbed || this.#open.size === 0 || now < peer.stealsAgainAtMs) return false
    peer.stealsAgainAtMs = now + stealEveryMs
    return true
  }

  /** Asks a peer for blocks that others were asked for and will be long in sending. */
  #steal(peer: Peer, room: number, batch: Buffer): number {
    const now = performance.now()
    let at = 0
    let asked = 0
    for (const download of this.#open.values()) {
      if (asked >= room) break
      if (download.underway === 0 || download.only !== undefined || !peer.hasPiece(download.piece)) continue
      for (let block = download.blocks - 1; block >= 0 && asked < room; block--) {
        if (download.stateOf(block) !== blockRequested) continue
        const owner = this.#init.peer(download.ownerOf(block))
        if (!owner || owner === peer || !isWorthStealing(peer, owner, now)) continue
        this.#takeBack(download, block)
        at = this.#ask(peer, download, block, batch, at)
        asked++
      }
    }
    return at
  }

  /** A block is not wanted of the peer that was asked for it; it may come all the same. */
  #takeBack(download: PieceDownload, block: number): void {
    const owner = this.#init.peer(download.ownerOf(block))
    if (!owner) return
    owner.outstanding--
    owner.late++
    owner.sendCancel(download.piece, block * blockLength, download.lengthOf(block))
  }

  #free(download: PieceDownload, block: number): void {
    download.release(block)
    this.#loose.add(download)
  }

  #onUseless(peer: Peer, length: number): string | undefined {
    if (peer.late > 0) peer.late--
    else if (++peer.unasked > maxUnaskedBlocks) return 'it sends what nobody asked for'
    this.#init.onWasted(peer, length)
    return undefined
  }

  #arrivingFrom(peer: Peer): number {
    let count = 0
    for (const download of this.#open.values())
      for (let block = 0; block < download.blocks; block++)
        if (download.stateOf(block) === blockArriving && download.ownerOf(block) === peer.id) count++
    return count
  }

  /** Pieces of which nothing is here and nobody was asked for anything give their memory to others. */
  #closeUntouched(): void {
    for (const download of [...this.#loose]) if (download.isUntouched) this.#abandon(download)
  }

  #abandon(download: PieceDownload): void {
    for (let block = 0; block < download.blocks; block++) {
      const state = download.stateOf(block)
      if (state === blockRequested) this.#takeBack(download, block)
      if (state !== blockArriving) continue
      const owner = this.#init.peer(download.ownerOf(block))
      if (!owner) continue
      owner.dropBlock()
      owner.outstanding--
      owner.late++
    }
    this.#init.picker.putBack(download.piece)
    this.finish(download)
  }
}

function isWorthStealing(thief: Peer, owner: Peer, nowMs: number): boolean {
  const isStuck = owner.isSnubbed || nowMs - owner.lastBlockAtMs > stuckMs
  if (isStuck) return true
  const ownersWaitMs = waitMs(owner.outstanding, owner.down.rate())
  return (
    ownersWaitMs > 2 * waitMs(thief.outstanding + 1, Math.max(thief.down.rate(), assumedRate)) + worthwhileMs
  )
}

function waitMs(blocks: number, bytesPerSecond: number): number {
  return (blocks * blockLength * 1000) / Math.max(bytesPerSecond, 1024)
}
