import type { EventEmitter } from 'node:events'
import { type Bitfield, type Hex, matchesInfoHash, type P2pShareError } from '../../../../core/index.ts'
import type { EngineTorrentEvents, PeerStats, TorrentContent } from '../../../engine.ts'
import { Choking } from './choking.ts'
import { Connections } from './connections.ts'
import type { EngineShared } from './engine-shared.ts'
import type { Peer } from './peer.ts'
import { PeerExtensions } from './peer-extensions.ts'
import { statisticsOf } from './peer-statistics.ts'
import { PieceExchange } from './piece-exchange.ts'
import type { Traffic } from './traffic.ts'
import { WebSeeds } from './web-seeds.ts'

export interface CompanyInit {
  /** What the metadata has to match. */
  readonly infoHashes: readonly (Hex | undefined)[]
  readonly ownPeerId: Uint8Array
  readonly traffic: Traffic
  /** Told what the exchange brings. */
  readonly events: Pick<EventEmitter<EngineTorrentEvents>, 'emit'>
  readonly maxPeers: () => number
  readonly isPrivate: () => boolean
  readonly infoBytes: () => Uint8Array | undefined
  readonly onMetadata: (infoBytes: Uint8Array) => void
  /** Peers that a peer told of. */
  readonly onAddresses: (addresses: readonly string[]) => void
  /** A connection has ended; `fault` is what the peer did wrong, where it did. */
  readonly onClosed: (peer: Peer, fault: string | undefined) => void
  readonly onComplete: () => void
  /** Whoever is at an address is not to be spoken to any more. */
  readonly onLiar: (address: string, reason: string) => void
  /** A web seed was given up. */
  readonly onWebSeedBanned: (url: string, reason: string) => void
  readonly onFailed: (error: P2pShareError) => void
}

/** Whom a torrent exchanges pieces with, peers and web seeds, and all that is there for them. */
export class Company {
  readonly peers = new Map<number, Peer>()
  readonly connections: Connections
  readonly extensions: PeerExtensions
  readonly #shared: EngineShared
  readonly #init: CompanyInit
  readonly #choking: Choking
  #exchange: PieceExchange | undefined
  #webSeeds: WebSeeds | undefined

  constructor(shared: EngineShared, init: CompanyInit) {
    const { peers } = this
    const { isPrivate, infoHashes, traffic, events, onLiar } = init
    const exchange = () => this.#exchange
    this.#shared = shared
    this.#init = init
    this.#choking = new Choking(peers, () => shared.uploadSlots())
    this.extensions = new PeerExtensions({
      peers,
      port: () => shared.port(),
      usesPex: () => shared.init.pex && !isPrivate(),
      infoBytes: init.infoBytes,
      accepts: infoBytes => infoHashes.every(hash => hash === undefined || matchesInfoHash(infoBytes, hash)),
      isSeeding: () => this.#isSeeding,
      exchange,
      onMetadata: init.onMetadata,
      onLiar: (peer, reason) => onLiar(peer.address, reason),
      onAddresses: init.onAddresses,
      onListenPort: (peer, port) => {
        peer.address = peer.address.replace(/:\d+$/, `:${port}`)
      },
    })
    this.connections = new Connections(shared, {
      peers,
      ownPeerId: init.ownPeerId,
      maxPeers: init.maxPeers,
      exchange,
      extensions: () => this.extensions,
      context: {
        get exchange() {
          return exchange()
        },
        onExtended: (peer, id, payload) => this.extensions.take(peer, id, payload),
        onHashMessage: (peer, id, body) => exchange()?.layers?.take(peer, id, body),
        onInterest: peer => this.#choking.onInterest(peer, performance.now()),
      },
      onRead: (peer, bytes) => traffic.onRead(peer, bytes),
      onChanged: () => events.emit('peers', peers.size),
      onClosed: init.onClosed,
    })
  }

  /** Not there before the metainfo is known. */
  get exchange(): PieceExchange | undefined {
    return this.#exchange
  }

  /** Whether anything is to be done for it every second. */
  get isActive(): boolean {
    return this.peers.size > 0 || this.#webSeeds !== undefined || !!this.#exchange?.downloads.isHolding
  }

  /** Whether nothing is lost when it is closed, and made anew when somebody comes. */
  get mayRest(): boolean {
    // Piece layers that were fetched are known to the exchange alone.
    return !this.isActive && this.#isSeeding && !this.#exchange?.layers
  }

  /** The metainfo is known: pieces are exchanged from now on. */
  begin(content: TorrentContent): void {
    const { traffic, events, onLiar, onComplete, onFailed } = this.#init
    const exchange = new PieceExchange({
      content,
      shared: this.#shared,
      peers: this.peers,
      traffic,
      onPiece: piece => {
        this.#webSeeds?.onPiece(piece)
        events.emit('piece', piece)
      },
      onComplete,
      onCorrupt: piece => events.emit('corrupt', piece),
      onLiar: address => this.#onLiar(address, 'what it sent failed its hash'),
      onContradiction: onFailed,
      onStalled: error => events.emit('stalled', error),
      onFlowing: () => events.emit('flowing'),
      onLayer: (root, layer) => events.emit('layer', root, layer),
      onFalseHashes: (peer, reason) => onLiar(peer.address, reason),
    })
    this.#exchange = exchange
    for (const peer of this.peers.values()) exchange.addPeer(peer)
    this.extensions.greetAll()
    this.#fetchFromWebSeeds()
  }

  want(pieces: Bitfield, levels?: Uint8Array): void {
    const wasSeeding = this.#isSeeding
    this.#exchange?.want(pieces, levels)
    if (wasSeeding && !this.#isSeeding) this.extensions.greetAll()
    this.#fetchFromWebSeeds()
  }

  hurry(reader: symbol, pieces: readonly number[]): void {
    this.#exchange?.hurry(reader, pieces)
    this.#webSeeds?.fill()
  }

  pause(): void {
    this.connections.closeAll('paused')
    this.#webSeeds?.pause()
  }

  resume(): void {
    this.#webSeeds?.resume()
    this.#fetchFromWebSeeds()
  }

  statistics(): readonly PeerStats[] {
    const connected = [...this.peers.values()].map(peer => statisticsOf(peer, this.#isSeeding))
    return this.#webSeeds ? [...connected, ...this.#webSeeds.statistics()] : connected
  }

  /** Called every second. */
  tick(nowMs: number): void {
    this.connections.tick(nowMs)
    this.extensions.tick()
    this.#exchange?.tick()
    this.#choking.tick(this.#isSeeding, nowMs)
    this.#webSeeds?.fill()
  }

  /** Ends all connections, and waits for what is being fetched and written. */
  async close(reason: string): Promise<void> {
    const stopping = this.#webSeeds?.stop()
    this.connections.closeAll(reason)
    await stopping
    await this.#exchange?.close()
  }

  get #isSeeding(): boolean {
    return this.#exchange?.isComplete ?? false
  }

  #fetchFromWebSeeds(): void {
    const exchange = this.#exchange
    if (!this.#webSeeds && exchange && !exchange.isComplete && exchange.content.webSeeds.length > 0) {
      this.#webSeeds = new WebSeeds(exchange.content, exchange, this.#init.traffic)
      if (this.#init.maxPeers() === 0) this.#webSeeds.pause()
    }
    this.#webSeeds?.fill()
  }

  /** Who sent a false piece is a peer, by its address, or a web seed, by its URL. */
  #onLiar(address: string, reason: string): void {
    const ofWebSeed = this.#webSeeds?.lied(address)
    if (ofWebSeed === undefined) this.#init.onLiar(address, reason)
    if (ofWebSeed === 'given up') this.#init.onWebSeedBanned(address, reason)
  }
}
