import type { Hex, Metainfo, P2pShareError } from '../core/index.ts'
import type { ChannelReport } from './channels.ts'
import type { Content } from './content/content.ts'
import type { EngineTorrent } from './engine.ts'
import type { LostWatch } from './lost-watch.ts'

/** What has to be known of a torrent to join its swarm and to open its files. */
export interface Joining {
  readonly infoHash: Hex
  /** Beside a v1 info-hash. */
  readonly infoHashV2: Hex | undefined
  readonly name: string
  readonly trackers: readonly string[]
  readonly trustedTrackers: readonly string[]
  readonly peers: readonly string[]
  /** Trackers and peers at private addresses that are not contacted because nobody asked for it. */
  readonly refused: { readonly trackers: readonly string[]; readonly peers: readonly string[] }
  readonly webSeeds: readonly string[]
  /** Whether web seeds may be at private addresses. */
  readonly allowsPrivate: boolean
  readonly isPrivate: boolean
  magnetLink(metainfo: Metainfo | undefined): string
  /** Turns the raw `info` dictionary into a checked metainfo. */
  readInfo(infoBytes: Uint8Array): Metainfo
  /** Opens the files of the torrent; `onLost` is to be called when one of them is gone or changed. */
  open(metainfo: Metainfo, onLost: (error: P2pShareError) => void, signal: AbortSignal): Promise<Content>
  /** Whether the files may have changed since the torrent was made of them. */
  readonly looksAgain?: boolean | undefined
  /** Keeps the torrent, which got piece layers that it lacked. */
  saveTorrent?(metainfo: Metainfo): Promise<void>
}

/** What the swarm hands to a new transfer. */
export interface TransferInit {
  readonly joining: Joining
  /** Looks for the lost files of all transfers of the swarm. */
  readonly lostWatch: LostWatch
  /** Joins the torrent's swarm; called again after it has been left to look at the files. */
  join(): EngineTorrent
  channels(): Pick<ChannelReport, 'dht' | 'lsd' | 'pex'>
  /** Called once, when the metadata is known, before anybody else hears of it. */
  onMetadata(metainfo: Metainfo): void
  /** Called when nothing is exchanged for a while, and nobody is to come, and when that is over. */
  onHeld(isHeld: boolean): void
  /** Called once, when the transfer has ended for whatever reason. */
  onEnd(): Promise<void> | void
}
