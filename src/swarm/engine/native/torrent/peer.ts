import type { Bitfield } from '../../../../core/index.ts'
import type { PeerStats } from '../../../engine.ts'
import type { Negotiated } from '../connection/negotiate.ts'
import type { PeerSocket } from '../connection/peer-socket.ts'
import type { Rc4 } from '../encryption/rc4.ts'
import { writeDontHave } from '../extension/dont-have.ts'
import type { ExtendedHandshake } from '../extension/extended-handshake.ts'
import { SpeedMeter } from '../rate/speed-meter.ts'
import { blocksPerFrames, frameLength } from '../storage/frame-pool.ts'
import { messageId, requestLength, writeBare, writeBlockReference, writeMessage } from '../wire/message.ts'
import { MessageReader, type MessageSink } from '../wire/message-reader.ts'
import { Patience } from './patience.ts'
import type { PieceDownload } from './piece-download.ts'
import { Pipeline } from './pipeline.ts'
import { maxQueuedRequests, UploadQueue } from './upload-queue.ts'

/** Requests taken back that are remembered; a peer that answers so many no more is far behind. */
const maxCancelled = 4_096
/** Rejects that a peer may leave unread: who asks on and reads no answers would fill the memory. */
const maxUnreadRejects = 4 * maxQueuedRequests

/** The longest run of blocks that is sent at once. */
const cipherLength = blocksPerFrames * frameLength
/** More are never on their way to one peer: see what waits in a connection. */
const maxSpare = 2

export interface PeerInit {
  readonly id: number
  /** Where the peer listens, or else where its connection comes from. */
  readonly address: string
  readonly source: PeerStats['source']
  readonly negotiated: Negotiated
}

/** A connected peer: what it said, what we said, and how its bytes are read and written. It decides nothing. */
export class Peer {
  readonly id: number
  readonly source: PeerStats['source']
  readonly socket: PeerSocket
  readonly hasFast: boolean
  readonly hasExtensions: boolean
  /** What both speak by. */
  readonly infoHash: Uint8Array
  readonly isObfuscated: boolean
  readonly peerId: Uint8Array
  readonly down = new SpeedMeter()
  readonly up = new SpeedMeter()
  readonly pipeline = new Pipeline()
  readonly uploads = new UploadQueue()
  readonly patience = new Patience()
  readonly joinedAtMs = performance.now()
  address: string
  extended: ExtendedHandshake | undefined

  /** Pieces that the peer has; `undefined` until the metainfo is known, see {@link early}. */
  has: Bitfield | undefined
  isSeed = false
  /** What it said of its pieces before the metainfo was known. */
  readonly early: { all: boolean; bits: Buffer | undefined; haves: number[] } = {
    all: false,
    bits: undefined,
    haves: [],
  }
  /** Whether the picker counts its pieces one by one. */
  isCounted = false
  isInterested = false
  isInteresting = false
  chokesUs = true
  isChoked = true
  isOptimistic = false
  isSnubbed = false
  unchokedAtMs = 0

  /** Blocks asked for and not here. */
  outstanding = 0
  /** It has told of a piece that is wanted, and was not asked for more since. */
  hasNews = false
  /** Whether any block that it was asked for has come. */
  hasDelivered = false
  /** Since when it has been asked for blocks and sent none; infinite while it owes nothing. */
  askedAtMs = Number.POSITIVE_INFINITY
  /** Blocks asked for once and then of somebody else: they may still come. */
  late = 0
  /** The piece that it is being asked for. */
  current: PieceDownload | undefined
  /** Blocks that came though nobody asked. */
  unasked = 0
  takesOverAgainAtMs = 0
  lastBlockAtMs = 0
  lastSentAtMs = performance.now()
  lastHeardAtMs = performance.now()

  /** Pieces that it would not send, taken for pieces that it lacks until some time has passed. */
  readonly refused = new Set<number>()
  refusedAtMs = 0
  /** Pieces that we may be asked for, or may ask for, though choked (BEP 6). */
  readonly allowedFast = new Set<number>()

  /** Requests that were taken back, by piece and offset: a peer that speaks the fast extension answers each (BEP 6). */
  readonly #cancelled = new Set<number>()
  /** Memory that encrypted blocks have left again. */
  readonly #spare: Buffer[] = []
  readonly #encrypt: Rc4 | undefined
  readonly #decrypt: Rc4 | undefined
  #reader: MessageReader | undefined
  #rest: Buffer | undefined
  #unreadRejects = 0

  constructor({ id, address, source, negotiated }: PeerInit) {
    const { socket, handshake, encrypt, decrypt, rest, isObfuscated } = negotiated
    this.id = id
    this.address = address
    this.source = source
    this.socket = socket
    this.hasFast = handshake.hasFast
    this.hasExtensions = handshake.hasExtensions
    this.infoHash = negotiated.infoHash
    this.peerId = handshake.peerId
    this.isObfuscated = isObfuscated
    this.#encrypt = encrypt
    this.#decrypt = decrypt
    this.#rest = rest
  }

  get isEncrypted(): boolean {
    return this.#encrypt !== undefined
  }

  get isClosed(): boolean {
    return this.socket.isClosed
  }

  /** Begins to read. `onBytes` hears how many came after each read was taken in; `onFault` that they were no good. */
  open(sink: MessageSink, onBytes: (length: number) => void, onFault: (reason: string) => void): void {
    const reader = new MessageReader(sink)
    this.#reader = reader
    const take = (chunk: Buffer, length: number) => {
      this.lastHeardAtMs = performance.now()
      const fault = reader.push(chunk, length)
      if (fault) onFault(fault)
      else if (!this.isClosed) onBytes(length)
    }
    const rest = this.#rest
    this.#rest = undefined
    if (rest && rest.length > 0) take(rest, rest.length)
    this.socket.read((chunk, length) => {
      this.#decrypt?.apply(length === chunk.length ? chunk : chunk.subarray(0, length))
      take(chunk, length)
    })
  }

  /** The block that is arriving is not wanted any more. */
  dropBlock(): void {
    this.#reader?.dropBlock()
  }

  /**
   * How long it has let us wait since a moment, by the monotonic clock; nothing while a limit keeps us from reading: it may have
   * sent long ago.
   */
  waitedMs(sinceMs: number, nowMs: number): number {
    return this.socket.isPaused ? 0 : nowMs - Math.max(sinceMs, this.socket.resumedAtMs)
  }

  /** A block that it was asked for is here. */
  onDelivered(): void {
    this.isSnubbed = false
    this.hasDelivered = true
    this.askedAtMs = Number.POSITIVE_INFINITY
    this.outstanding--
    this.pipeline.onBlock()
  }

  /** The block that is arriving is thrown away, as if it had been taken back in time. */
  giveUpBlock(): void {
    this.dropBlock()
    this.outstanding--
    this.late++
  }

  /** Writes bytes that belong to this peer alone: they are encrypted in place. */
  write(bytes: Buffer, onFlushed?: () => void): void {
    this.lastSentAtMs = performance.now()
    this.#encrypt?.apply(bytes)
    this.socket.write(bytes, onFlushed)
  }

  /** Writes bytes that others use too: `onDone` comes when they are needed no more, at once where the connection takes a copy. */
  writeShared(bytes: Buffer, onDone: () => void, onFlushed: () => void): void {
    this.lastSentAtMs = performance.now()
    if (!this.#encrypt) {
      this.socket.write(bytes, () => {
        onDone()
        onFlushed()
      })
      return
    }
    // Fresh pages would cost more than the cipher.
    const memory = this.#spare.pop() ?? Buffer.allocUnsafeSlow(Math.max(bytes.length, cipherLength))
    const copy = memory.subarray(0, bytes.length)
    this.#encrypt.apply(bytes, copy)
    onDone()
    this.socket.write(copy, () => {
      if (this.#spare.length < maxSpare && memory.length === cipherLength) this.#spare.push(memory)
      onFlushed()
    })
  }

  sendBare(id: number): void {
    this.write(writeBare(id))
  }

  sendExtended(extensionId: number, payload: Uint8Array): void {
    this.write(writeMessage(messageId.extended, Uint8Array.of(extensionId), payload))
  }

  /** Sends requests that are counted in {@link outstanding} already. */
  sendRequests(batch: Buffer): void {
    const now = performance.now()
    // It was asked for nothing before: only from now on it lets us wait.
    if (this.outstanding * requestLength === batch.length) this.lastBlockAtMs = now
    this.askedAtMs = Math.min(this.askedAtMs, now)
    this.write(batch)
  }

  sendBitfield(bits: Uint8Array): void {
    this.write(writeMessage(messageId.bitfield, bits))
  }

  /** BEP 54, where the peer knows of it. */
  sendDontHave(piece: number): void {
    const id = this.extended?.ids.ltDonthave
    if (id !== undefined) this.sendExtended(id, writeDontHave(piece))
  }

  /** A block is not wanted of it any more; it may come all the same. */
  takeBack(piece: number, begin: number, length: number): void {
    this.outstanding--
    this.late++
    if (this.hasFast) {
      this.#cancelled.add(keyOf(piece, begin))
      const [oldest] = this.#cancelled
      if (this.#cancelled.size > maxCancelled && oldest !== undefined) this.#cancelled.delete(oldest)
    }
    const bytes = Buffer.allocUnsafe(requestLength)
    writeBlockReference(bytes, 0, messageId.cancel, piece, begin, length)
    this.write(bytes)
  }

  /** Whether a reject is the answer to a request that was taken back, even if the block was asked for again since. */
  answersCancel(piece: number, begin: number): boolean {
    if (!this.#cancelled.delete(keyOf(piece, begin))) return false
    if (this.late > 0) this.late--
    return true
  }

  /** Only where the peer speaks the fast extension; others take silence for it. */
  sendReject(piece: number, begin: number, length: number): void {
    if (!this.hasFast) return
    const bytes = Buffer.allocUnsafe(requestLength)
    writeBlockReference(bytes, 0, messageId.reject, piece, begin, length)
    this.#unreadRejects++
    this.write(bytes, this.#onRejectFlushed)
    if (this.#unreadRejects > maxUnreadRejects) this.destroy('it reads no answers')
  }

  readonly #onRejectFlushed = () => {
    this.#unreadRejects--
  }

  hasPiece(piece: number): boolean {
    return this.isSeed || (this.has?.has(piece) ?? false)
  }

  destroy(reason: string): void {
    this.socket.destroy(reason)
  }
}

/** One number for a block, whatever the piece: an offset is below 2^26. */
function keyOf(piece: number, begin: number): number {
  return piece * 2 ** 26 + begin
}
