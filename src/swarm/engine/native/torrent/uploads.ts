import { askablePieceSize, type Bitfield, type Metainfo, pieceSize } from '../../../../core/index.ts'
import type { TokenBucket } from '../rate/token-bucket.ts'
import type { BlockReader } from '../storage/block-reader.ts'
import { frameLength } from '../storage/frame-pool.ts'
import { copiedBlocks, type RunCopies } from '../storage/run-copies.ts'
import { blockHeaderLength, blockLength, writeBlockHeader } from '../wire/message.ts'
import type { Peer } from './peer.ts'

export interface UploadsInit {
  readonly metainfo: Metainfo
  readonly have: Bitfield
  readonly reader: BlockReader
  readonly copies: RunCopies
  /** Every one of them has to let the bytes pass. */
  readonly buckets: readonly TokenBucket[]
  /** Has {@link Uploads.pump} called for the peer when the buckets have something again, each peer in its turn. */
  readonly waitForTurn: (peer: Peer) => void
  readonly onUploaded: (bytes: number) => void
  /** A piece that is held cannot be read. */
  readonly onUnreadable: (piece: number, error: unknown) => void
}

/** What waits in a connection is what it sends in this time, so that a slow peer holds no memory. */
const bufferedSeconds = 0.25
const leastBufferedBytes = 64 * 1024
const mostBufferedBytes = 2 * 1024 * 1024
/** With a limit, turns are short, so that peers share it evenly. */
const limitedBlocks = 4
/** What a limit lets pass in a while is read at once, and no more: it would be pushed out by what others ask for before it is sent. */
const limitedBlocksAhead = 16
/** One answer is one stretch of frames at most. */
const mostBlocks = 64

/**
 * Answers what the peers of a torrent ask for. Without a limit in the order asked; with one, what was sent least goes first,
 * so that leeches get different pieces and feed each other.
 */
export class Uploads {
  readonly #init: UploadsInit
  /** Blocks sent of each piece. */
  readonly #sent: Uint32Array
  readonly #loading = new Set<Peer>()
  /** Who asked for something in this turn. */
  readonly #asking = new Set<Peer>()

  constructor(init: UploadsInit) {
    this.#init = init
    this.#sent = new Uint32Array(init.metainfo.pieceCount)
  }

  /** A peer asks for a block; what breaks the rules or cannot be had is rejected. Answers `false` for nonsense. */
  request(peer: Peer, piece: number, begin: number, length: number): boolean {
    const { metainfo, have } = this.#init
    if (piece >= metainfo.pieceCount || length === 0 || length > blockLength) return false
    if (begin + length > askablePieceSize(metainfo, piece)) return false
    const isAllowed = !peer.isChoked
    if (!isAllowed || !have.has(piece) || !peer.uploads.add(piece, begin, length)) {
      peer.sendReject(piece, begin, length)
      return true
    }
    if (!this.#asking.has(peer)) {
      this.#asking.add(peer)
      queueMicrotask(this.#pumpAsking)
    }
    return true
  }

  /** Requests come many at once, for blocks that follow each other: they are answered together once all are read. */
  readonly #pumpAsking = () => {
    const asking = [...this.#asking]
    this.#asking.clear()
    for (const peer of asking) this.pump(peer)
  }

  /** Sends as much as the connection takes at the moment. */
  pump(peer: Peer): void {
    if (this.#loading.has(peer)) return
    if (this.isLimited) {
      if (this.#canSend(peer)) this.#init.waitForTurn(peer)
      return
    }
    while (this.#canSend(peer) && this.#sendRun(peer, false));
  }

  /** Sends one run, a turn among others with the same limits. */
  takeTurn(peer: Peer): void {
    if (!this.#loading.has(peer) && this.#canSend(peer) && this.#sendRun(peer, true)) this.pump(peer)
  }

  get isLimited(): boolean {
    return this.#init.buckets.some(({ rate }) => rate !== undefined)
  }

  msUntilAllowed(): number {
    let ms = 0
    for (const bucket of this.#init.buckets) ms = Math.max(ms, bucket.msUntil(1))
    return ms
  }

  #canSend(peer: Peer): boolean {
    return peer.uploads.size > 0 && !peer.isClosed && peer.socket.socket.writableLength < bufferLimit(peer)
  }

  /** Whether a peer asks for a piece of which nothing was sent to anybody: it goes before those who can get theirs elsewhere. */
  hasFresh(peer: Peer): boolean {
    for (const piece of peer.uploads.pieces()) if (this.#sent[piece] === 0) return true
    return false
  }

  /** `false` where it has to wait for the disk. */
  #sendRun(peer: Peer, isLimited: boolean): boolean {
    const piece = isLimited ? this.#leastSent(peer) : peer.uploads.firstPiece()
    return this.#sendOf(peer, piece, isLimited)
  }

  /** Sends a run of one piece that is asked for. */
  #sendOf(peer: Peer, piece: number, isLimited: boolean): boolean {
    const { reader, have, copies } = this.#init
    const { uploads } = peer
    const begin = uploads.beginOf(piece)
    const length = uploads.lengthOf(piece)
    if (!have.has(piece)) {
      uploads.drop(piece, 1)
      peer.sendReject(piece, begin, length)
      return true
    }
    if (!reader.isBlock(piece, begin, length)) return this.#sendLoose(peer, piece, begin, length)
    const most = isLimited ? limitedBlocks : Math.min(mostBlocks, Math.ceil(bufferLimit(peer) / blockLength))
    const size = pieceSize(this.#init.metainfo, piece)
    const run = reader.take(piece, begin, uploads.runOf(piece, size, blockLength, most))
    if (!run) {
      this.#load(peer, piece, begin, isLimited)
      return false
    }
    const { bytes, blocks } = run
    uploads.drop(piece, blocks)
    this.#count(peer, piece, bytes.length, blocks)
    if (blocks <= copiedBlocks) {
      const copy = copies.copy(bytes)
      reader.release(run)
      peer.write(copy, () => {
        copies.giveBack(copy)
        this.pump(peer)
      })
    } else {
      const onDone = () => reader.release(run)
      peer.writeShared(bytes, onDone, () => this.pump(peer))
    }
    return true
  }

  /**
   * Reads what was chosen. With a limit it was a peer's turn, which is not lost by that: others would read for theirs meanwhile, each
   * pushing out what was read for the one before.
   */
  #load(peer: Peer, piece: number, begin: number, isLimited: boolean): void {
    const spoken = isLimited ? limitedBlocks * frameLength : 0
    this.#take(spoken)
    this.#loading.add(peer)
    this.#init.reader.load(piece, begin, this.#blocksAhead(piece, begin), error => {
      this.#loading.delete(peer)
      this.#take(-spoken)
      if (error !== undefined) this.#giveUp(peer, piece, error)
      else if (isLimited && this.#canSend(peer) && peer.uploads.beginOf(piece) === begin)
        this.#sendOf(peer, piece, true)
      this.pump(peer)
    })
  }

  /** What is read with a block that is asked for: a seed's pieces lie together and are asked for one after the other. */
  #blocksAhead(piece: number, begin: number): number {
    if (this.isLimited) return limitedBlocksAhead
    if (this.#init.have.isFull) return mostBlocks
    return Math.ceil((pieceSize(this.#init.metainfo, piece) - begin) / blockLength)
  }

  /** Answers a request for bytes that are no block of the piece, by themselves. */
  #sendLoose(peer: Peer, piece: number, begin: number, length: number): boolean {
    const bytes = Buffer.allocUnsafeSlow(blockHeaderLength + length)
    writeBlockHeader(bytes, 0, piece, begin, length)
    peer.uploads.drop(piece, 1)
    this.#loading.add(peer)
    this.#init.reader.readLoose(piece, begin, bytes.subarray(blockHeaderLength)).then(
      () => {
        this.#loading.delete(peer)
        this.#count(peer, piece, bytes.length, 1)
        peer.write(bytes, () => this.pump(peer))
        this.pump(peer)
      },
      (error: unknown) => {
        this.#loading.delete(peer)
        this.#giveUp(peer, piece, error)
        this.pump(peer)
      },
    )
    return false
  }

  #giveUp(peer: Peer, piece: number, error: unknown): void {
    peer.uploads.dropPiece(piece, (begin, length) => peer.sendReject(piece, begin, length))
    this.#init.onUnreadable(piece, error)
  }

  #count(peer: Peer, piece: number, bytes: number, blocks: number): void {
    this.#take(bytes)
    this.#sent[piece]! += blocks
    peer.up.add(bytes)
    this.#init.onUploaded(bytes)
  }

  #take(bytes: number): void {
    for (const bucket of this.#init.buckets) bucket.take(bytes)
  }

  #leastSent(peer: Peer): number {
    let best = peer.uploads.firstPiece()
    for (const piece of peer.uploads.pieces()) if (this.#sent[piece]! < this.#sent[best]!) best = piece
    return best
  }
}

function bufferLimit(peer: Peer): number {
  return Math.min(Math.max(peer.up.rate() * bufferedSeconds, leastBufferedBytes), mostBufferedBytes)
}
