export type { ChannelReport, GivenPeer } from './channels.ts'
export type { SeedOptions } from './create-seed.ts'
export { udpActions } from './discovery/udp-tracker.ts'
export { findUdpTrackers } from './discovery/udp-tracker-desk.ts'
export type {
  EncryptionPolicy,
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
export { fetchTorrent } from './fetch-torrent.ts'
export type { HttpBody, HttpGetOptions } from './http-get.ts'
export { httpGet } from './http-get.ts'
export type { HttpTrust } from './http-open.ts'
export { HttpAnswerError } from './http-open.ts'
export type { GetOptions } from './open-download.ts'
export { bestPlayable, isPlayableType, mediaTypeOf } from './playback/playable.ts'
export type { PlaybackInit } from './playback/playback.ts'
export { Playback } from './playback/playback.ts'
export type { ResolveOptions } from './pointer/dht-pointers.ts'
export type { PointerKeeperInit } from './pointer/keeper.ts'
export { PointerKeeper } from './pointer/keeper.ts'
export type { PointerLink } from './pointer/pointer-link.ts'
export { pointerLink, readPointerLink } from './pointer/pointer-link.ts'
export type { PointerDraft, PointerName, RawPointer, SignedPointer } from './pointer/signed-pointer.ts'
export { isPointerExpired, readPointer, signPointer } from './pointer/signed-pointer.ts'
export type { EngineName, SwarmInit } from './start-engine.ts'
export type { ChunkStore } from './store/chunk-store.ts'
export { lossOf } from './store/file-stamp.ts'
export type { FileReader } from './stream/file-reader.ts'
export type { StreamOptions } from './stream/file-streams.ts'
export { Swarm } from './swarm.ts'
export type { SwarmStats } from './swarm-stats.ts'
export { Transfer } from './transfer.ts'
export type { TransferEvents } from './transfer-events.ts'
export type { TransferState } from './transfer-state.ts'
export type { TransferStats, TransferTrouble } from './transfer-stats.ts'
