import { messageId, requestLength, writeBlockReference } from '../wire/message.ts'
import type { Peer } from './peer.ts'
import { mostRequests } from './pipeline.ts'

/** A batch is gathered and sent within one turn, so that all share the memory. */
let shared: Buffer | undefined

/** Requests for one peer, which go out in one write: one for each would cost as much as the blocks. */
export class RequestBatch {
  readonly #peer: Peer
  readonly #most: number
  #size = 0

  /** @param most how many requests it takes; never more than a peer is asked for at once */
  constructor(peer: Peer, most: number) {
    this.#peer = peer
    this.#most = Math.min(most, mostRequests)
  }

  get size(): number {
    return this.#size
  }

  get isFull(): boolean {
    return this.#size >= this.#most
  }

  /** The request counts as outstanding from now on. */
  add(piece: number, begin: number, length: number): void {
    shared ??= Buffer.allocUnsafeSlow(mostRequests * requestLength)
    writeBlockReference(shared, this.#size * requestLength, messageId.request, piece, begin, length)
    this.#size++
    this.#peer.outstanding++
  }

  send(): void {
    if (shared && this.#size > 0)
      this.#peer.sendRequests(Buffer.from(shared.subarray(0, this.#size * requestLength)))
  }
}
