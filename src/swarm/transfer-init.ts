import type { Hex, Metainfo, P2pShareError } from '../core/index.ts'
import type { ChannelReport } from './channels.ts'
import type { Content } from './content/content.ts'
import type { EngineTorrent } from './engine.ts'

/** What the swarm hands to a new transfer. */
export interface TransferInit {
  readonly infoHash: Hex
  readonly name: string
  /** Joins the torrent's swarm; called again after it has been left to look at the files. */
  readonly join: () => EngineTorrent
  readonly magnetLink: (metainfo: Metainfo | undefined) => string
  /** Turns the raw `info` dictionary into a checked metainfo. */
  readonly readInfo: (infoBytes: Uint8Array) => Metainfo
  /** Opens the files of the torrent; `onLost` is to be called when one of them is gone or changed. */
  readonly open: (
    metainfo: Metainfo,
    onLost: (error: P2pShareError) => void,
    signal: AbortSignal,
  ) => Promise<Content>
  /** Keeps the torrent, which got piece layers that it lacked. */
  readonly saveTorrent?: (metainfo: Metainfo) => Promise<void>
  readonly webSeeds: readonly string[]
  /** Whether web seeds may be at private addresses. */
  readonly allowsPrivate: boolean
  readonly channels: () => Pick<ChannelReport, 'dht' | 'lsd' | 'pex'>
  readonly givenPeers: readonly string[]
  /** Trackers and peers at private addresses that are not contacted because nobody asked for it. */
  readonly refused: { readonly trackers: readonly string[]; readonly peers: readonly string[] }
  /** Called once, when the transfer has ended for whatever reason. */
  readonly onEnd: () => Promise<void> | void
}
