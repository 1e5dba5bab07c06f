import type { SharedVerifier } from '../../../../core/index.ts'
import type { DhtLookups } from '../../../discovery/dht-lookups.ts'
import type { EngineInit } from '../../../engine.ts'
import type { Dialer } from '../connection/dialer.ts'
import type { ReadThrottle } from '../rate/read-throttle.ts'
import type { TokenBucket } from '../rate/token-bucket.ts'
import type { UploadTurns } from '../rate/upload-turns.ts'
import type { FramePool } from '../storage/frame-pool.ts'
import type { PieceBuffers } from '../storage/piece-buffers.ts'
import type { RunCopies } from '../storage/run-copies.ts'
import type { AllConnections } from './all-connections.ts'
import type { Peer } from './peer.ts'

/** What the torrents of one engine have in common. */
export interface EngineShared {
  readonly buffers: PieceBuffers
  readonly frames: FramePool
  readonly copies: RunCopies
  readonly verifier: SharedVerifier
  readonly init: EngineInit
  /** Limits over all torrents. */
  readonly upload: TokenBucket
  readonly download: TokenBucket
  readonly turns: UploadTurns<Peer>
  readonly reads: ReadThrottle
  readonly dialer: Dialer
  readonly connections: AllConnections
  readonly dht: DhtLookups | undefined
  /** Names this process to trackers for as long as it runs. */
  readonly trackerKey: number
  /** TCP port that peers may reach us at. */
  port(): number
  /** How many peers of a torrent are sent to at once. */
  uploadSlots(): number
  nextPeerId(): number
  isBanned(address: string): boolean
  /** Speaks to nobody at this address any more, in any torrent; `false` where that is so already. */
  ban(address: string): boolean
}
