import type { PieceExpectation } from '../torrent/piece-hash.ts'

/** A piece to verify: where it lies and what it has to hash to. */
export interface VerifyOrder {
  readonly id: number
  readonly buffer: number
  readonly length: number
  readonly expectation: PieceExpectation
}

/** What the main thread sends: memory that is new to the worker, memory that is gone, and pieces to verify, in this order. */
export interface VerifyBatch {
  readonly shared: readonly { readonly id: number; readonly memory: SharedArrayBuffer }[]
  readonly dropped: readonly number[]
  readonly orders: readonly VerifyOrder[]
}

/** What a worker answers, once a piece. */
export interface VerifyReply {
  readonly id: number
  readonly isIntact: boolean
}

/** What a worker says first of all: it is ready to take batches. */
export const running = 'running'
