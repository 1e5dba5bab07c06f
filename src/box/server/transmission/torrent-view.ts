import { dirname } from 'node:path'
import type { Metainfo } from '../../../core/index.ts'
import type { PeerStats, TrackerStats, TransferStats } from '../../../swarm/index.ts'
import type { Item } from '../../shelf/item.ts'
import type { RecentActivity } from './recent-activity.ts'

/** What is the same for all transfers of one answer. */
export interface TorrentViewing {
  /** Monotonic. */
  readonly nowMs: number
  readonly activity: RecentActivity
  /** Connections that a transfer may have. */
  readonly maxPeers: number
  /** From 0; worked out when it is first asked for. */
  queuePosition(item: Item): number
}

const nobody: readonly PeerStats[] = []
const none: readonly TrackerStats[] = []

/** One transfer as fields ask for it: what several of them need is asked for once, what none needs never. */
export class TorrentView {
  readonly item: Item
  readonly viewing: TorrentViewing
  #stats: TransferStats | undefined
  #peers: readonly PeerStats[] | undefined
  #trackers: readonly TrackerStats[] | undefined

  constructor(item: Item, viewing: TorrentViewing) {
    this.item = item
    this.viewing = viewing
  }

  /** `undefined` while it does not run. */
  get stats(): TransferStats | undefined {
    this.#stats ??= this.item.transfer?.stats()
    return this.#stats
  }

  get metainfo(): Metainfo | undefined {
    return this.item.transfer?.metainfo
  }

  get peers(): readonly PeerStats[] {
    this.#peers ??= this.stats && this.stats.peers > 0 ? this.item.transfer!.peers() : nobody
    return this.#peers
  }

  get trackers(): readonly TrackerStats[] {
    this.#trackers ??= this.item.transfer?.channels().trackers ?? none
    return this.#trackers
  }

  /** Of what is wanted. */
  get sizeBytes(): number {
    return this.stats?.sizeBytes ?? 0
  }

  get leftBytes(): number {
    return this.stats ? this.stats.sizeBytes - this.stats.haveBytes : 0
  }

  get uploadedBytes(): number {
    return this.item.entry.before.uploaded + (this.stats?.uploadedBytes ?? 0)
  }

  get downloadedBytes(): number {
    return this.item.entry.before.downloaded + (this.stats?.downloadedBytes ?? 0)
  }

  /** The folder that it is in. */
  get folder(): string {
    const { entry, transfer, path = transfer?.path } = this.item
    if (entry.source.kind === 'get') return entry.source.folder
    return path === undefined ? '' : dirname(path)
  }

  /** Why it does not run as it should, for a person; empty where it does. */
  get problem(): string {
    return this.item.reason?.message ?? ''
  }
}
