import type { PieceBuffer } from '../storage/piece-buffers.ts'
import { blockLength } from '../wire/message.ts'
import type { Parole } from './parole.ts'

/** Nobody was asked for the block. */
export const blockFree = 0
/** Asked for, not yet arriving. */
export const blockRequested = 1
/** Its bytes are being written to their place. */
export const blockArriving = 2
export const blockReceived = 3

const nobody = -1

/** A piece that is being fetched: where its blocks are gathered, and who was asked for which. */
export class PieceDownload {
  readonly piece: number
  readonly length: number
  readonly blocks: number
  readonly buffer: PieceBuffer
  /** Whoever sent a block of it, by the peer's number, so that a liar is found though it has left. */
  readonly senders = new Map<number, string>()
  /** After a failure that could not be laid to one peer. */
  parole: Parole | undefined
  /** Its memory belongs to somebody else by now. */
  isClosed = false
  /** A source that is no peer fetches all of it, and writes to its memory until it says that it is done. */
  isClaimed = false
  /** When a block of it came last, or else when it was begun. */
  touchedAtMs = performance.now()
  readonly #state: Uint8Array
  readonly #owner: Int32Array
  #free: number
  #received = 0
  /** No block below it is free. */
  #freeFrom = 0

  constructor(piece: number, length: number, buffer: PieceBuffer) {
    this.piece = piece
    this.length = length
    this.buffer = buffer
    this.blocks = Math.ceil(length / blockLength)
    this.#state = new Uint8Array(this.blocks)
    this.#owner = new Int32Array(this.blocks).fill(nobody)
    this.#free = this.blocks
  }

  /** Blocks that nobody was asked for. */
  get free(): number {
    return this.#free
  }

  get received(): number {
    return this.#received
  }

  /** Blocks that somebody was asked for and that are not here. */
  get underway(): number {
    return this.blocks - this.#free - this.#received
  }

  get isComplete(): boolean {
    return this.#received === this.blocks
  }

  get isUntouched(): boolean {
    return this.#free === this.blocks
  }

  stateOf(block: number): number {
    return this.#state[block]!
  }

  /** The peer that was asked for the block, or sent it; -1 for none. */
  ownerOf(block: number): number {
    return this.#owner[block]!
  }

  /** Whether a peer was asked for the block, of which nothing has come. */
  isAskedOf(block: number, peer: number): boolean {
    return this.#state[block] === blockRequested && this.#owner[block] === peer
  }

  lengthOf(block: number): number {
    return Math.min(blockLength, this.length - block * blockLength)
  }

  /** The first block that nobody was asked for; -1 where there is none. */
  nextFree(): number {
    if (this.#free === 0) return -1
    while (this.#state[this.#freeFrom] !== blockFree) this.#freeFrom++
    return this.#freeFrom
  }

  /** All of it is on its way from a source that is no peer. */
  claim(source: number): void {
    this.isClaimed = true
    this.#state.fill(blockArriving)
    this.#owner.fill(source)
    this.#free = 0
  }

  /** The source that claimed it has filled its memory. */
  deliver(source: number, name: string): void {
    this.isClaimed = false
    this.#state.fill(blockReceived)
    this.#received = this.blocks
    this.senders.set(source, name)
  }

  request(block: number, peer: number): void {
    if (this.#state[block] === blockFree) this.#free--
    this.#state[block] = blockRequested
    this.#owner[block] = peer
  }

  arriving(block: number, peer: number): void {
    if (this.#state[block] === blockFree) this.#free--
    this.#state[block] = blockArriving
    this.#owner[block] = peer
  }

  receive(block: number): void {
    this.#state[block] = blockReceived
    this.#received++
  }

  /** Nobody is asked for the block any more; one that was received is thrown away. */
  release(block: number): void {
    const state = this.#state[block]
    if (state === blockFree) return
    if (state === blockReceived) this.#received--
    this.#state[block] = blockFree
    this.#owner[block] = nobody
    this.#free++
    if (block < this.#freeFrom) this.#freeFrom = block
  }

  /** All of it is to be fetched anew. */
  restart(): void {
    this.#state.fill(blockFree)
    this.#owner.fill(nobody)
    this.#free = this.blocks
    this.#received = 0
    this.#freeFrom = 0
    this.senders.clear()
    this.parole = undefined
    this.isClaimed = false
  }
}
