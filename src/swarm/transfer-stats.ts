import type { P2pShareError } from '../core/index.ts'
import type { EngineTorrentStats } from './engine.ts'
import type { Tally } from './tally.ts'
import type { TransferState } from './transfer-state.ts'
import type { TransferStatus } from './transfer-status.ts'

/**
 * Why nothing comes although something is wanted: `no-peers`, nobody is connected; `only-liars`, whoever sent something sent
 * what failed its hash.
 */
export type TransferTrouble = 'no-peers' | 'only-liars'

/** Pieces in a row that fail their hash before it is put down to the peers. */
const liesInARow = 8

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
  /** Bytes received in vain: what failed its hash, came twice or unasked. */
  readonly wastedBytes: number
  /** Peers that are not spoken to any more because of what they sent. */
  readonly bannedPeers: number
  /** Why nothing comes, of a transfer that is `downloading`. */
  readonly trouble: TransferTrouble | undefined
  /** Why the transfer is `paused`, `missing` or `failed`. */
  readonly reason: P2pShareError | undefined
}

export interface StatsParts {
  readonly status: TransferStatus
  readonly wire: EngineTorrentStats
  readonly tally: Tally | undefined
  readonly piecesHave: number
  readonly pieceCount: number
  /** Pieces that failed their hash since the last good one. */
  readonly corruptInARow: number
}

/** Puts a snapshot together. */
export function snapshot({
  status,
  wire,
  tally,
  piecesHave,
  pieceCount,
  corruptInARow,
}: StatsParts): TransferStats {
  const { sizeBytes, haveBytes } = tally ?? { sizeBytes: 0, haveBytes: 0 }
  const left = sizeBytes - haveBytes
  const rate = wire.downloadBytesPerSecond
  return Object.freeze({
    state: status.state,
    sizeBytes,
    haveBytes,
    downloadedBytes: wire.downloadedBytes,
    uploadedBytes: wire.uploadedBytes,
    ratio: sizeBytes > 0 ? wire.uploadedBytes / sizeBytes : 0,
    downloadBytesPerSecond: rate,
    uploadBytesPerSecond: wire.uploadBytesPerSecond,
    peers: wire.peers,
    seeds: wire.seeds,
    piecesHave,
    pieceCount,
    etaMs: rate > 0 && left > 0 ? (left / rate) * 1000 : undefined,
    wastedBytes: wire.wastedBytes,
    bannedPeers: wire.bannedPeers,
    trouble: status.state === 'downloading' ? troubleOf(wire, corruptInARow) : undefined,
    reason: status.reason,
  })
}

function troubleOf(
  { peers, bannedPeers }: EngineTorrentStats,
  corruptInARow: number,
): TransferTrouble | undefined {
  if (corruptInARow >= liesInARow || (peers === 0 && bannedPeers > 0)) return 'only-liars'
  return peers === 0 ? 'no-peers' : undefined
}
