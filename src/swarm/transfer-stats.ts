import type { P2pShareError } from '../core/index.ts'
import type { TransferState } from './transfer-state.ts'

/** A frozen snapshot of a transfer. Bytes and pieces are of the selected files; rates are bytes per second. */
export interface TransferStats {
  readonly state: TransferState
  /** Bytes of the selected files; 0 until the metadata is known. */
  readonly sizeBytes: number
  /** Bytes of them that are held and verified. */
  readonly haveBytes: number
  /** Bytes received since the start, protocol included. */
  readonly downloadedBytes: number
  /** Bytes sent since the start, protocol included. */
  readonly uploadedBytes: number
  /** `uploadedBytes` against the size of what was selected; 0 while that is unknown. */
  readonly ratio: number
  readonly downloadBytesPerSecond: number
  readonly uploadBytesPerSecond: number
  readonly peers: number
  readonly seeds: number
  readonly piecesHave: number
  readonly pieceCount: number
  /** Milliseconds until everything is here at the present rate; `undefined` while that cannot be told. */
  readonly etaMs: number | undefined
  /** Why the transfer is `paused`, `missing` or `failed`. */
  readonly reason: P2pShareError | undefined
}
