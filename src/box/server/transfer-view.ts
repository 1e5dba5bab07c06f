import type { ErrorCode } from '../../core/index.ts'
import type { Item, ItemState } from '../shelf/item.ts'

/** A transfer as the API tells of it. Sizes in bytes, rates in bytes a second, times ISO 8601. */
export interface TransferView {
  readonly id: number
  readonly infoHash: string
  readonly name: string
  readonly magnet: string
  readonly state: ItemState
  /** Why it does not run, where nobody wanted that, for a person; one that is `paused` goes on by itself then. */
  readonly reason: string | undefined
  /** The same for a program, such as `ERR_DISK_FULL`. */
  readonly reasonCode: ErrorCode | undefined
  /** Whether it is fetched of others, or made of files that are only ever read. */
  readonly kind: 'get' | 'share'
  readonly origin: string
  readonly labels: readonly string[]
  /** The file or folder of it alone: of copies what they were made of; `undefined` where it was shared from several places. */
  readonly path: string | undefined
  readonly sizeBytes: number
  readonly haveBytes: number
  readonly downloadBytesPerSecond: number
  readonly uploadBytesPerSecond: number
  /** In all runs of the box, protocol included. */
  readonly downloadedBytes: number
  readonly uploadedBytes: number
  readonly ratio: number
  readonly peers: number
  readonly seeds: number
  readonly etaSeconds: number | undefined
  readonly addedAt: string
  readonly doneAt: string | undefined
  /** A smaller one goes first; it is no count. */
  readonly queuePlace: number
  /** Bytes a second; `null` is without limit. */
  readonly uploadLimit: number | null
  readonly downloadLimit: number | null
  /** 0 never rests; `null` is as the settings have it. */
  readonly ratioGoal: number | null
  readonly seedSecondsGoal: number | null
}

export function viewOf(item: Item, nowMs: number): TransferView {
  const { entry, transfer, reason } = item
  const stats = transfer?.stats()
  const { uploaded, downloaded } = item.totals(nowMs)
  const sizeBytes = stats?.sizeBytes ?? 0
  const { limits, goals } = entry
  return {
    id: item.id,
    infoHash: item.infoHash,
    name: item.name,
    magnet: transfer?.magnetLink ?? entry.source.magnet,
    state: item.state,
    reason: reason?.message,
    reasonCode: reason?.code,
    kind: entry.source.kind,
    origin: entry.origin,
    labels: entry.labels,
    path: item.path,
    sizeBytes,
    haveBytes: stats?.haveBytes ?? 0,
    downloadBytesPerSecond: Math.round(stats?.downloadBytesPerSecond ?? 0),
    uploadBytesPerSecond: Math.round(stats?.uploadBytesPerSecond ?? 0),
    downloadedBytes: downloaded,
    uploadedBytes: uploaded,
    ratio: sizeBytes > 0 ? uploaded / sizeBytes : 0,
    peers: stats?.peers ?? 0,
    seeds: stats?.seeds ?? 0,
    etaSeconds: stats?.etaMs === undefined ? undefined : Math.round(stats.etaMs / 1000),
    addedAt: new Date(entry.addedAt).toISOString(),
    doneAt: entry.doneAt === undefined ? undefined : new Date(entry.doneAt).toISOString(),
    queuePlace: entry.queuePlace,
    uploadLimit: limits.upload ?? null,
    downloadLimit: limits.download ?? null,
    ratioGoal: goals.ratio ?? null,
    seedSecondsGoal: goals.seedMs === undefined ? null : goals.seedMs / 1000,
  }
}
