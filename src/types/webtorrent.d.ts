// What the webtorrent driver uses of webtorrent 3.0.21, beyond its public documentation where the driver puts our
// own validation in front. The version is pinned; test/swarm/engine/webtorrent.test.ts fails if a seam moves.
declare module 'webtorrent' {
  import type { EventEmitter } from 'node:events'

  type NodeCallback<T = void> = (error: Error | null, value?: T) => void

  interface PieceStore {
    readonly chunkLength: number
    put(index: number, bytes: Uint8Array, done: NodeCallback): void
    get(
      index: number,
      options: { offset?: number; length?: number } | null,
      done: NodeCallback<Uint8Array>,
    ): void
    close(done: NodeCallback): void
    destroy(done: NodeCallback): void
  }

  interface MetadataExtension extends EventEmitter {
    metadata?: Uint8Array
    _metadataComplete: boolean
    _metadataSize: number
    _infoHash?: string
    onMessage(bytes: Uint8Array): void
    cancel(): void
    setMetadata(bytes: Uint8Array): Promise<boolean>
  }

  interface PexExtension extends EventEmitter {
    onMessage(bytes: Uint8Array): void
    addPeer(address: string, flags: { isReachable: boolean }): void
    addPeer6(address: string, flags: { isReachable: boolean }): void
    dropPeer(address: string): void
    dropPeer6(address: string): void
    _sendMessage(): void
  }

  interface Wire extends EventEmitter {
    readonly type: string
    readonly peerId?: string
    readonly remoteAddress?: string
    readonly remotePort?: number
    readonly isSeeder: boolean
    readonly peerExtendedHandshake?: { v?: Uint8Array; p?: number }
    readonly peerExtendedMapping: { ut_pex?: number }
    readonly extendedHandshake: { metadata_size?: number; p?: number; v?: string }
    readonly ut_metadata: MetadataExtension
    readonly ut_pex?: PexExtension
    readonly destroyed: boolean
    readonly downloaded: number
    readonly uploaded: number
    readonly amChoking: boolean
    readonly amInterested: boolean
    readonly peerChoking: boolean
    readonly peerInterested: boolean
    readonly peerPieces: { readonly buffer: Uint8Array }
    /** 1: encrypted handshake alone, 2: RC4. */
    readonly _encryptionMethod?: number | null
    _write(bytes: Uint8Array, done: NodeCallback): void
    downloadSpeed(bytes?: number): number
    uploadSpeed(): number
    destroy(): void
  }

  interface WebSeedConnection {
    readonly url: string
    httpRequest(piece: number, offset: number, length: number, done: NodeCallback<Uint8Array>): void
  }

  interface Peer {
    readonly id: string
    readonly addr: string | null
    readonly type: string
    readonly source: string | null
    readonly connected: boolean
    readonly wire: Wire | null
    readonly conn: unknown
  }

  interface TrackerClient extends EventEmitter {
    /** Announces now. */
    update(): void
    readonly destroyed: boolean
    readonly _trackers: readonly { readonly announceUrl: string; client: TrackerClient }[]
  }

  interface ParsedTorrent {
    infoHash: string
    name: string
    private: boolean
    announce: string[]
    urlList: string[]
    info: object
    length: number
    pieceLength: number
    lastPieceLength: number
    pieces: string[]
    files: { path: string; name: string; length: number; offset: number }[]
  }

  class Torrent extends EventEmitter {
    readonly infoHash: string
    readonly destroyed: boolean
    readonly ready: boolean
    readonly wires: readonly Wire[]
    readonly received: number
    readonly uploaded: number
    readonly downloadSpeed: number
    readonly uploadSpeed: number
    private: boolean
    metadata: unknown
    strategy: 'rarest' | 'sequential'
    _peers: Map<string, Peer> | null
    discovery: { readonly tracker: TrackerClient | null } | null
    _preloadedStore: PieceStore | null
    _startupBitfield: Uint8Array | undefined
    _onMetadata(metadata: ParsedTorrent | Uint8Array): Promise<void>
    _verifyPieces(done: NodeCallback): void
    addPeer(address: string, source?: string): boolean
    _addPeer(address: string, type: string, source: string): Peer | null
    readonly _selections: {
      clear(): void
      insert(item: {
        from: number
        to: number
        offset: number
        priority: number
        isStreamSelection: boolean
      }): void
    }
    readonly _critical: boolean[]
    _updateSelections(): void
    destroy(options: { destroyStore: boolean }, done: NodeCallback): void
  }

  interface ClientOptions {
    torrentPort?: number
    dht?: false | { bootstrap: readonly string[] | false; socket: EventEmitter }
    lsd?: boolean
    utPex?: boolean
    utp?: boolean
    natUpnp?: boolean
    natPmp?: boolean
    maxConns?: number
    downloadLimit?: number
    uploadLimit?: number
    tracker?: { rtcConfig?: { iceServers: readonly { readonly urls: string }[] } }
  }

  interface AddOptions {
    announce: readonly string[]
    private: boolean
    deselect: boolean
    storeCacheSlots: number
    strategy: 'rarest' | 'sequential'
  }

  export default class WebTorrent extends EventEmitter {
    constructor(options: ClientOptions)
    readonly destroyed: boolean
    readonly torrentPort: number
    readonly dht: false | null | { readonly nodes: { count(): number }; lookup(infoHash: string): void }
    secure: number
    add(
      id: { infoHash: string; announce: string[]; urlList: string[]; peerAddresses: string[] },
      options: AddOptions,
    ): Torrent
    throttleDownload(rate: number): void
    throttleUpload(rate: number): void
    destroy(done: NodeCallback): void
  }

  export type {
    NodeCallback,
    ParsedTorrent,
    Peer,
    PexExtension,
    PieceStore,
    Torrent,
    TrackerClient,
    WebSeedConnection,
    Wire,
  }
}

declare module 'webtorrent/lib/peer.js' {
  export default class Peer {
    readonly destroyed: boolean
    readonly swarm: object | null
    readonly wire: object | null
    handshake(): void
  }
}

declare module 'webrtc-polyfill' {
  export class RTCPeerConnection extends EventTarget {
    readonly iceGatheringState: string
    onicecandidate?: ((event: { candidate: null }) => void) | null
  }
}
