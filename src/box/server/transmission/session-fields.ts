import { packageVersion } from '../../../core/index.ts'
import type { SwarmInit } from '../../../swarm/index.ts'
import type { BoxConfig } from '../../config/box-config.ts'
import { stalledMinutes } from '../../shelf/stalled-fetches.ts'

/** What the session's fields are told from. */
export interface SessionFacts {
  readonly config: BoxConfig
  /** What the swarm was started with, whatever the settings say by now. */
  readonly network: SwarmInit
  /** Bytes a second over all transfers; `undefined` is without limit. */
  readonly limits: { readonly upload?: number | undefined; readonly download?: number | undefined }
  readonly isSlow: boolean
  readonly downloads: string
  /** Of the disk of that folder. */
  readonly freeBytes: number | undefined
  readonly port: number
  readonly hasDht: boolean
  readonly sessionId: string
}

/** The version of the protocol that is spoken. */
export const rpcVersion = '6.0.0'

const kiloByte = 1_000
const kilo = (bytes: number | undefined) => Math.round((bytes ?? 0) / kiloByte)

/** What there is to know of the box as a session, by the names of 4.1. What it does not have is told as switched off. */
export const sessionFields: Readonly<Record<string, (facts: SessionFacts) => unknown>> = {
  alt_speed_down: ({ config }) => kilo(config.slow.download),
  alt_speed_enabled: ({ isSlow }) => isSlow,
  alt_speed_time_begin: () => 0,
  alt_speed_time_day: () => 127,
  alt_speed_time_enabled: ({ config }) => config.slow.hours.length > 0,
  alt_speed_time_end: () => 0,
  alt_speed_up: ({ config }) => kilo(config.slow.upload),
  blocklist_enabled: () => false,
  blocklist_size: () => 0,
  blocklist_url: () => '',
  cache_size_mib: () => 0,
  config_dir: () => '',
  default_trackers: () => '',
  dht_enabled: ({ hasDht }) => hasDht,
  download_dir: ({ downloads }) => downloads,
  download_dir_free_space: ({ freeBytes }) => freeBytes ?? -1,
  download_queue_enabled: ({ config }) => config.queue.downloads > 0,
  download_queue_size: ({ config }) => config.queue.downloads,
  encryption: ({ network }) => encryptions[network.encryption ?? 'prefer'],
  idle_seeding_limit: ({ config }) => Math.round(config.goals.seed_time / 60_000),
  idle_seeding_limit_enabled: ({ config }) => config.goals.seed_time > 0,
  incomplete_dir: ({ downloads }) => downloads,
  incomplete_dir_enabled: () => false,
  lpd_enabled: ({ network }) => network.lsd !== false,
  peer_limit_global: ({ network }) => network.maxConnections,
  peer_limit_per_torrent: ({ network }) => network.maxPeers,
  peer_port: ({ port }) => port,
  peer_port_random_on_start: () => false,
  pex_enabled: ({ network }) => network.pex !== false,
  port_forwarding_enabled: ({ network }) => network.nat !== false,
  preferred_transports: () => ['tcp'],
  queue_stalled_enabled: () => true,
  queue_stalled_minutes: () => stalledMinutes,
  rename_partial_files: () => false,
  rpc_version: () => 18,
  rpc_version_minimum: () => 14,
  rpc_version_semver: () => rpcVersion,
  script_torrent_added_enabled: ({ config }) => config.hooks.added.length > 0,
  script_torrent_added_filename: ({ config }) => config.hooks.added[0] ?? '',
  script_torrent_done_enabled: ({ config }) => config.hooks.done.length > 0,
  script_torrent_done_filename: ({ config }) => config.hooks.done[0] ?? '',
  script_torrent_done_seeding_enabled: () => false,
  script_torrent_done_seeding_filename: () => '',
  seed_queue_enabled: ({ config }) => config.queue.seeds > 0,
  seed_queue_size: ({ config }) => config.queue.seeds,
  seed_ratio_limit: ({ config }) => config.goals.ratio,
  seed_ratio_limited: ({ config }) => config.goals.ratio > 0,
  sequential_download: () => false,
  session_id: ({ sessionId }) => sessionId,
  speed_limit_down: ({ limits }) => kilo(limits.download),
  speed_limit_down_enabled: ({ limits }) => limits.download !== undefined,
  speed_limit_up: ({ limits }) => kilo(limits.upload),
  speed_limit_up_enabled: ({ limits }) => limits.upload !== undefined,
  start_added_torrents: () => true,
  tcp_enabled: () => true,
  trash_original_torrent_files: () => false,
  units: () => ({
    memory_bytes: 1_024,
    memory_units: ['KiB', 'MiB', 'GiB', 'TiB'],
    size_bytes: kiloByte,
    size_units: ['kB', 'MB', 'GB', 'TB'],
    speed_bytes: kiloByte,
    speed_units: ['kB/s', 'MB/s', 'GB/s', 'TB/s'],
  }),
  utp_enabled: () => false,
  // Clients look for the version of Transmission in it that has what they need.
  version: () => `4.1.0 (p2pshare ${packageVersion()})`,
}

const encryptions = { require: 'required', prefer: 'preferred', off: 'tolerated' } as const
