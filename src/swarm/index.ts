export type { ChannelReport, GivenPeer } from './channels.ts'
export type { SeedOptions } from './create-seed.ts'
export type {
  Engine,
  EngineFactory,
  EngineInit,
  EngineTorrent,
  EngineTorrentEvents,
  EngineTorrentStats,
  JoinInit,
  PeerStats,
  RateLimits,
  TorrentContent,
  TrackerStats,
} from './engine.ts'
export type { GetOptions } from './open-download.ts'
export type { SwarmInit } from './start-engine.ts'
export type { ChunkStore } from './store/chunk-store.ts'
export type { SwarmStats } from './swarm.ts'
export { Swarm } from './swarm.ts'
export { Transfer } from './transfer.ts'
export type { TransferEvents } from './transfer-events.ts'
export type { TransferState } from './transfer-state.ts'
export type { TransferStats } from './transfer-stats.ts'
