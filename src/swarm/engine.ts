import type { EventEmitter } from 'node:events'
import type { AbortOptions, Bitfield, Hex, Metainfo, P2pShareError } from '../core/index.ts'
import type { DhtNode } from './discovery/dht.ts'
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
  /** Connections that all torrents together may have; the native engine holds it alone. @default 500 */
  readonly maxConnections?: number | undefined
  /** Message stream encryption. @default 'prefer' */
  readonly encryption?: EncryptionPolicy | undefined
  /** File that keeps the nodes of the DHT from one run to the next; without it every start begins with the bootstrap nodes. */
  readonly dhtNodesFile?: string | undefined
  /** STUN and TURN servers for peers met through WebSocket trackers. */
  readonly iceServers: readonly { readonly urls: string }[]
  readonly limits: RateLimits
}

/**
 * How connections are encrypted (MSE/PE). `prefer`: tried first, and plain connections are taken too; `require`: RC4 or nothing;
 * `off`: never offered, and refused where a peer begins with it.
 */
export type EncryptionPolicy = 'prefer' | 'require' | 'off'

/** Limits in bytes per second, over all torrents of an engine together or for one of them; `undefined` means none. */
export interface RateLimits {
  readonly downloadBytesPerSecond?: number | undefined
  readonly uploadBytesPerSecond?: number | undefined
}

/** What is known of a torrent when its swarm is joined; the metainfo may still be missing. */
export interface JoinInit {
  /** The v1 info-hash, 40 digits; of a torrent that is v2 only, its v2 info-hash, 64 digits. */
  readonly infoHash: Hex
  /** The v2 info-hash, 64 digits, of a torrent that is known to have both: its two swarms are joined as one. */
  readonly infoHashV2?: Hex | undefined
  readonly trackers: readonly string[]
  /** Those of the trackers that somebody here named: their names may lead to private addresses. @default none */
  readonly trustedTrackers?: readonly string[] | undefined
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
  /** See {@link EngineTorrent.want}. @default every wanted piece alike */
  readonly levels?: Uint8Array | undefined
  /**
   * Hears of each piece that has passed its hash, with its bytes, which are only lent, before it is written. For whoever waits
   * for it now; an engine that does not hold whole pieces tells nobody.
   */
  readonly onVerified?: ((piece: number, bytes: Buffer) => void) | undefined
}

/** A connected peer as it stands now. */
export interface PeerStats {
  /** `host:port`, or a name of the engine's for a peer without an address. */
  readonly address: string
  /** What the peer calls itself, where it says so. */
  readonly client: string | undefined
  readonly source: 'manual' | 'tracker' | 'dht' | 'lsd' | 'pex' | 'incoming' | 'web seed'
  readonly isSeed: boolean
  /** Share of the pieces that the peer has, 0 to 1. */
  readonly progress: number
  readonly downloadedBytes: number
  readonly uploadedBytes: number
  readonly downloadBytesPerSecond: number
  readonly uploadBytesPerSecond: number
  /**
   * One letter a fact, as qBittorrent writes them: `D` downloading from it, `d` it chokes us, `U` uploading to it, `u` we choke
   * it, `O` optimistic unchoke, `S` snubbed, `I` it came to us, `E` encrypted, `e` encrypted handshake, `K` not interested in
   * what we want, `?` it wants nothing of us.
   */
  readonly flags: string
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
  /** Bytes of blocks that came twice, unasked, or in pieces that failed their hash. */
  readonly wastedBytes: number
  /** Addresses that were banned because what they sent failed its hash or broke the protocol. */
  readonly bannedPeers: number
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
  /** BEP 52: the piece layer of a file, which the metainfo lacked, was fetched or worked out, and hashes up to the file's root. */
  layer: [root: Hex, layer: Uint8Array]
  /** A peer is not spoken to any more. */
  banned: [address: string, reason: string]
  /** The list of peers changed in number. */
  peers: [count: number]
  /** Nothing more can be done here; the torrent has left its swarm. */
  failed: [error: P2pShareError]
}

/** One torrent inside an engine. */
export interface EngineTorrent extends EventEmitter<EngineTorrentEvents> {
  /** Starts exchanging pieces. To be called once: at once where the metainfo is known, else after `metadata`. */
  begin(content: TorrentContent): void
  /**
   * Replaces the pieces to fetch. An empty bitfield pauses fetching; held pieces are still served.
   *
   * @param levels a byte a piece, 1 (last) to 7 (first); without it all are 4. Rarest first holds within a level.
   */
  want(pieces: Bitfield, levels?: Uint8Array): void
  /**
   * Names the pieces that a reader needs next, the most urgent first, 1,000 at most: they are fetched before all others. Replaces
   * what the same reader named before; an empty list takes it back. Pieces held or not wanted are passed over.
   */
  hurry(reader: symbol, pieces: readonly number[]): void
  /** Sets the limits of this torrent alone; those of the engine hold besides. */
  setLimits(limits: RateLimits): void
  /**
   * Closes every connection and takes no new one: nothing is offered, served or fetched until `resume`. Trackers and the DHT are
   * told so (the engine on webtorrent goes on to announce the torrent).
   */
  pause(): void
  /** Goes on after `pause`, with the peers of before where they can be reached. */
  resume(): void
  /** Adds a peer, `host:port`. Anything that is not such an address is ignored. */
  addPeer(address: string, source: 'manual' | 'lsd'): void
  /** Asks for peers now, everywhere, rather than at its time; asked again within half a minute trackers hear nothing. */
  announce(): void
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
  /** The engine's own DHT node, for pointers to share; `undefined` where it is off or the engine does not lend it. */
  readonly dht?: DhtNode | undefined
}

/** Makes an engine; nothing is opened before its `start`. */
export type EngineFactory = (init: EngineInit) => Engine
