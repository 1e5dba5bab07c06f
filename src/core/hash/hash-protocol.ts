import type { HashJob, PieceHashes } from './piece-hasher.ts'
import type { ReadFault } from './read-fault.ts'

/** What the pool tells a worker: to take up a job, to hash some of its pieces, or to forget it. */
export type HashOrder =
  | { readonly id: number; readonly job: HashJob }
  | { readonly id: number; readonly pieces: Uint32Array }
  | { readonly id: number; readonly forget: true }

/** What a worker answers, once to each order of pieces. */
export interface HashReply {
  readonly id: number
  readonly hashes?: PieceHashes
  readonly fault?: ReadFault
}
