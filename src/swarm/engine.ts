import type { EventEmitter } from 'node:events'
import type { AbortOptions, Bitfield, Hex, Metainfo, P2pShareError } from '../core/index.ts'
import type { ChunkStore } from './store/chunk-store.ts'

/** How an engine is set up, once. Rates are bytes per second; `undefined` means without limit. */
export interface EngineInit {
  /** TCP port to listen on; 0 takes any free one. A taken port rejects `start` with `ERR_PORT_TAKEN`. */
  readonly port: number
  /** The DHT (BEP 5) and the nodes it starts from (`host:port`), or `false` for none. */
  readonly dht: false | { readonly bootstrap: readonly string[] }
  /** Peer exchange (BEP 11). */
  readonly pex: boolean
  /** Asks the router for a port mapping (UPnP, NAT-PMP). */
  readonly nat: boolean
  /** Connections a torrent may have. */
  readonly maxPeers: number
  /** STUN and TURN servers for peers met through WebSocket trackers. */
  readonly iceServers: readonly { readonly urls: string }[]
  readonly limits: RateLimits
}

/** Limits over all torrents of an engine together, in bytes per second. */
export interface RateLimits {
  readonly downloadBytesPerSecond?: number | undefined
  readonly uploadBytesPerSecond?: number | undefined
}

/** What is known of a torrent when its swarm is joined; the metainfo may still be missing. */
export interface JoinInit {
  readonly infoHash: Hex
  readonly trackers: readonly string[]
  /** Addresses of peers to try at once, `host:port`. */
  readonly peers: readonly string[]
  /** BEP 27: no DHT, no PEX. */
  readonly isPrivate: boolean
}

/** What a torrent needs to begin exchanging pieces. */
export interface TorrentContent {
  readonly metainfo: Metainfo
  readonly store: ChunkStore
  /** Pieces known to be in the store. The engine takes it over and sets a bit for each piece it has written. */
  readonly have: Bitfield
  /** Pieces to fetch; pieces outside are served where held, never asked for. */
  readonly wanted: Bitfield
  /** HTTP servers that have the same files (BEP 19). */
  readonly webSeeds: readonly string[]
  /** Whether web seeds may be at private and loopback addresses. @default false */
  readonly allowsPrivate?: boolean | undefined
}

/** A connected peer as it stands now. */
export interface PeerStats {
  /** `host:port`, or a name of the engine's for a peer without an address. */
  readonly address: string
  /** What the peer calls itself, where it says so. */
  readonly client: string | undefined
  readonly source: 'manual' | 'tracker' | 'dht' | 'lsd' | 'pex' | 'incoming' | 'web seed'
  readonly isSeed: boolean
  readonly downloadBytesPerSecond: number
  readonly uploadBytesPerSecond: number
}

/** What a tracker last said, or why it said nothing. */
export interface TrackerStats {
  readonly url: string
  /** `refused`: at a private address that nobody asked to contact. */
  readonly status: 'waiting' | 'working' | 'failed' | 'refused'
  /** Why it failed, in the tracker's or the network's own words. */
  readonly message: string | undefined
  readonly seeds: number | undefined
  readonly leeches: number | undefined
}

/** Counters since the torrent was joined; rates in bytes per second over the last seconds. */
export interface EngineTorrentStats {
  readonly downloadedBytes: number
  readonly uploadedBytes: number
  readonly downloadBytesPerSecond: number
  readonly uploadBytesPerSecond: number
  readonly peers: number
  readonly seeds: number
}

export interface EngineTorrentEvents {
  /** The raw `info` dictionary came from a peer and its hash is the info-hash. Once, before `begin`. */
  metadata: [infoBytes: Uint8Array]
  /** A piece passed its hash, is in the store, and is now offered to peers. */
  piece: [index: number]
  /** Every wanted piece is held. May come again after `want`. */
  complete: []
  /** A piece from peers did not match its hash and is fetched anew. */
  corrupt: [index: number]
  /**
   * A verified piece cannot be written (disk full, read-only folder). It is kept and tried again every few seconds;
   * nothing more is fetched meanwhile, what is held is still served.
   */
  stalled: [error: P2pShareError]
  /** Writing works again and fetching goes on. */
  flowing: []
  /** The list of peers changed in number. */
  peers: [count: number]
  /** Nothing more can be done here; the torrent has left its swarm. */
  failed: [error: P2pShareError]
}

/** One torrent inside an engine. */
export interface EngineTorrent extends EventEmitter<EngineTorrentEvents> {
  /** Starts exchanging pieces. To be called once: at once where the metainfo is known, else after `metadata`. */
  begin(content: TorrentContent): void
  /** Replaces the pieces to fetch. An empty bitfield pauses fetching; held pieces are still served. */
  want(pieces: Bitfield): void
  /** Closes every connection and takes no new one: nothing is offered, served or fetched until `resume`. */
  pause(): void
  /** Goes on after `pause`, with the peers of before where they can be reached. */
  resume(): void
  /** Adds a peer, `host:port`. Anything that is not such an address is ignored. */
  addPeer(address: string, source: 'manual' | 'lsd'): void
  peers(): readonly PeerStats[]
  trackers(): readonly TrackerStats[]
  stats(): EngineTorrentStats
  /** Says `stopped` to trackers, closes every connection. The store stays open. Idempotent. */
  leave(): Promise<void>
}

/**
 * The engine that speaks to peers. One service object; `start` and `stop` are idempotent. Whatever a peer, tracker or
 * DHT node sends, an engine neither throws past this contract nor hands on a piece that fails its hash.
 */
export interface Engine {
  readonly name: string
  /** The TCP port that peers connect to; 0 before `start`. */
  readonly port: number
  /** @throws {P2pShareError} `ERR_PORT_TAKEN`; aborting stops the engine again */
  start(options?: AbortOptions): Promise<void>
  /** Leaves every swarm, within 5 s. */
  stop(): Promise<void>
  /** Joins a swarm. Joining the same info-hash twice without leaving it is a fault of the caller. */
  join(init: JoinInit): EngineTorrent
  setLimits(limits: RateLimits): void
  /** DHT nodes in the routing table; `undefined` where the DHT is off. */
  dhtNodes(): number | undefined
}

/** Makes an engine; nothing is opened before its `start`. */
export type EngineFactory = (init: EngineInit) => Engine
