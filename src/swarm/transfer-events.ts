import type { Metainfo } from '../core/index.ts'
import type { TransferState } from './transfer-state.ts'
import type { TransferStats } from './transfer-stats.ts'

export interface TransferEvents {
  /** The metadata is known: name, files and sizes. */
  metadata: [metainfo: Metainfo]
  state: [state: TransferState]
  /** A piece was received and verified. */
  progress: [stats: TransferStats]
  /** Every selected file is here and verified. */
  finished: []
  /** A piece from peers failed its hash; it is fetched again. */
  corrupt: [pieceIndex: number]
  /** A peer is not spoken to any more, because of what it sent. */
  banned: [address: string, reason: string]
}
