import { EventEmitter } from 'node:events'
import { type Bitfield, matchesInfoHash, type P2pShareError } from '../../../../core/index.ts'
import type {
  EngineTorrent,
  EngineTorrentEvents,
  EngineTorrentStats,
  JoinInit,
  PeerStats,
  RateLimits,
  TorrentContent,
  TrackerStats,
} from '../../../engine.ts'
import type { Negotiated } from '../connection/negotiate.ts'
import { Choking } from './choking.ts'
import { Connections } from './connections.ts'
import type { EngineShared } from './engine-shared.ts'
import type { Peer } from './peer.ts'
import { PeerExtensions } from './peer-extensions.ts'
import { statisticsOf } from './peer-statistics.ts'
import { PieceExchange } from './piece-exchange.ts'
import { TorrentDiscovery } from './torrent-discovery.ts'
import { Traffic } from './traffic.ts'
import { WebSeeds } from './web-seeds.ts'
import { WireIdentity } from './wire-identity.ts'

/** What the engine is told by its torrents. */
export interface NativeTorrentHooks {
  /** Another hash by which peers ask for it has come to light. */
  readonly onHashes: () => void
  /** It has peers, so that {@link NativeTorrent.tick} is to be called. */
  readonly onActive: () => void
  readonly onLeft: () => void
}

/** One torrent in the native engine: its peers, and what is exchanged with them. */
export class NativeTorrent extends EventEmitter<EngineTorrentEvents> implements EngineTorrent {
  readonly identity: WireIdentity
  readonly #init: JoinInit
  readonly #shared: EngineShared
  readonly #hooks: NativeTorrentHooks
  readonly #peers = new Map<number, Peer>()
  readonly #connections: Connections
  readonly #extensions: PeerExtensions
  readonly #discovery: TorrentDiscovery
  readonly #choking: Choking
  readonly #traffic: Traffic
  readonly #banned = new Set<string>()
  #exchange: PieceExchange | undefined
  #webSeeds: WebSeeds | undefined
  #infoBytes: Uint8Array | undefined
  #isPrivate: boolean
  #isPaused = false
  #leaving: Promise<void> | undefined

  constructor(shared: EngineShared, init: JoinInit, hooks: NativeTorrentHooks) {
    super()
    this.#init = init
    this.#shared = shared
    this.#hooks = hooks
    this.#traffic = new Traffic(shared)
    this.#isPrivate = init.isPrivate
    this.identity = new WireIdentity(init.infoHash, init.infoHashV2)
    this.#choking = new Choking(this.#peers, () => shared.uploadSlots())
    this.#extensions = new PeerExtensions({
      peers: this.#peers,
      port: () => shared.port(),
      usesPex: () => shared.init.pex && !this.#isPrivate,
      infoBytes: () => this.#infoBytes,
      accepts: infoBytes =>
        [init.infoHash, init.infoHashV2].every(
          hash => hash === undefined || matchesInfoHash(infoBytes, hash),
        ),
      isSeeding: () => this.isSeeding,
      exchange: () => this.#exchange,
      onMetadata: infoBytes => {
        this.#infoBytes ??= infoBytes
        this.emit('metadata', infoBytes)
      },
      onLiar: (peer, reason) => this.#ban(peer.address, reason),
      onAddresses: addresses => this.#discovery.found(addresses, 'pex'),
      onListenPort: (peer, port) => {
        peer.address = peer.address.replace(/:\d+$/, `:${port}`)
      },
    })
    this.#connections = new Connections(shared, {
      peers: this.#peers,
      ownPeerId: this.identity.peerId,
      maxPeers: () => (this.#isPaused || this.#leaving ? 0 : shared.init.maxPeers),
      exchange: () => this.#exchange,
      extensions: () => this.#extensions,
      context: this.#messageContext(),
      onRead: (peer, bytes) => this.#traffic.onRead(peer, bytes),
      onChanged: () => this.emit('peers', this.#peers.size),
      onClosed: (peer, fault) => this.#discovery.lost(peer, fault !== undefined),
    })
    this.#discovery = new TorrentDiscovery(shared, {
      init,
      identity: this.identity,
      room: () => (this.#isPaused || this.#leaving ? 0 : shared.init.maxPeers - this.#peers.size),
      onConnected: (negotiated, address, source) => this.accept(negotiated, address, source),
      uploaded: () => this.#traffic.uploaded.total,
      downloaded: () => this.#traffic.downloaded.total,
      isSeeding: () => this.isSeeding,
      left: () => this.#exchange?.leftBytes,
    })
  }

  get isSeeding(): boolean {
    return this.#exchange?.isComplete ?? false
  }

  /** Whether anything is to be done for it every second. */
  get isActive(): boolean {
    return this.#peers.size > 0 || this.#webSeeds !== undefined || !!this.#exchange?.downloads.isHolding
  }

  /** Begins to look for peers. */
  start(): void {
    this.#discovery.start(this.#isPrivate)
    this.#discovery.found(this.#init.peers, 'manual')
  }

  begin(content: TorrentContent): void {
    if (this.#exchange || this.#leaving) return
    const { metainfo } = content
    this.#infoBytes = metainfo.infoBytes
    this.#isPrivate ||= metainfo.isPrivate
    if (this.identity.add(metainfo.infoHash, metainfo.infoHashV2)) this.#hooks.onHashes()
    if (metainfo.infoHash) this.identity.upgradeTo(metainfo.infoHashV2)
    const exchange = new PieceExchange({
      content,
      shared: this.#shared,
      peers: this.#peers,
      traffic: this.#traffic,
      onPiece: piece => {
        this.#webSeeds?.onPiece(piece)
        this.emit('piece', piece)
      },
      onComplete: () => {
        this.#discovery.complete()
        this.emit('complete')
      },
      onCorrupt: piece => this.emit('corrupt', piece),
      onLiar: address => this.#onLiar(address, 'what it sent failed its hash'),
      onStalled: error => this.emit('stalled', error),
      onFlowing: () => this.emit('flowing'),
      onLayer: (root, layer) => this.emit('layer', root, layer),
      onFalseHashes: (peer, reason) => this.#ban(peer.address, reason),
    })
    this.#exchange = exchange
    if (!exchange.isComplete) this.#shared.verifier.prepare()
    for (const peer of this.#peers.values()) exchange.addPeer(peer)
    this.#extensions.announceMetadata()
    this.#discovery.begin(this.#isPrivate)
    if (content.webSeeds.length > 0) {
      this.#webSeeds = new WebSeeds(content, exchange, this.#traffic)
      this.#webSeeds.fill()
      this.#hooks.onActive()
    }
  }

  want(pieces: Bitfield, levels?: Uint8Array): void {
    this.#exchange?.want(pieces, levels)
    this.#webSeeds?.fill()
  }

  hurry(reader: symbol, pieces: readonly number[]): void {
    this.#exchange?.hurry(reader, pieces)
    this.#webSeeds?.fill()
  }

  setLimits(limits: RateLimits): void {
    this.#traffic.setLimits(limits)
    this.pumpAll()
  }

  /** Lets every peer have what limits held back. */
  pumpAll(): void {
    for (const peer of this.#peers.values()) this.#exchange?.uploads.pump(peer)
  }

  pause(): void {
    if (this.#isPaused) return
    this.#isPaused = true
    this.#discovery.pause()
    this.#connections.closeAll('paused')
    this.#webSeeds?.pause()
  }

  resume(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.#discovery.resume()
    this.#webSeeds?.resume()
  }

  addPeer(address: string, source: 'manual' | 'lsd'): void {
    if (!this.#leaving) this.#discovery.found([address], source)
  }

  peers(): readonly PeerStats[] {
    const connected = [...this.#peers.values()].map(peer => statisticsOf(peer, this.isSeeding))
    return this.#webSeeds ? [...connected, ...this.#webSeeds.statistics()] : connected
  }

  trackers(): readonly TrackerStats[] {
    return this.#discovery.trackers()
  }

  stats(): EngineTorrentStats {
    const { downloaded, uploaded, wastedBytes } = this.#traffic
    let seeds = 0
    for (const peer of this.#peers.values()) if (peer.isSeed) seeds++
    return {
      downloadedBytes: downloaded.total,
      uploadedBytes: uploaded.total,
      downloadBytesPerSecond: downloaded.rate(),
      uploadBytesPerSecond: uploaded.rate(),
      peers: this.#peers.size,
      seeds,
      wastedBytes,
      bannedPeers: this.#banned.size,
    }
  }

  leave(): Promise<void> {
    this.#leaving ??= this.#leave()
    return this.#leaving
  }

  /** Takes over a connection on which the handshakes have passed; `false` where it was ended instead. */
  accept(negotiated: Negotiated, address: string, source: PeerStats['source']): boolean {
    const isTaken = this.#connections.accept(negotiated, address, source)
    if (isTaken) this.#hooks.onActive()
    return isTaken
  }

  /** Called every second while it is active. */
  tick(nowMs: number): void {
    this.#connections.tick(nowMs)
    this.#extensions.tick()
    this.#exchange?.tick()
    this.#choking.tick(this.isSeeding, nowMs)
    this.#webSeeds?.fill()
  }

  /** Ends the connections to a host that was banned. */
  onBanned(): void {
    for (const peer of [...this.#peers.values()])
      if (this.#shared.isBanned(peer.address)) peer.destroy('banned')
  }

  /** Ends the torrent for good, because of something that cannot be mended here. */
  fail(error: P2pShareError): void {
    if (this.#leaving) return
    void this.leave()
    this.emit('failed', error)
  }

  async #leave(): Promise<void> {
    this.#hooks.onLeft()
    const stopping = Promise.all([this.#discovery.stop(), this.#webSeeds?.stop()])
    this.#connections.closeAll('leaving')
    await stopping
    await this.#exchange?.close()
  }

  #messageContext() {
    const torrent = this
    return {
      get exchange() {
        return torrent.#exchange
      },
      onExtended: (peer: Peer, id: number, payload: Buffer) => this.#extensions.take(peer, id, payload),
      onHashMessage: (peer: Peer, id: number, body: Buffer) => this.#exchange?.layers?.take(peer, id, body),
      onInterest: (peer: Peer) => this.#choking.onInterest(peer, performance.now()),
    }
  }

  /** Who sent a false piece is a peer, by its address, or a web seed, by its URL. */
  #onLiar(address: string, reason: string): void {
    const ofWebSeed = this.#webSeeds?.lied(address)
    if (ofWebSeed === undefined) this.#ban(address, reason)
    if (ofWebSeed !== 'given up') return
    this.#banned.add(address)
    this.emit('banned', address, reason)
  }

  /** Stops speaking to whoever is at an address, in this torrent and all others. */
  #ban(address: string, reason: string): void {
    if (this.#shared.ban(address)) this.#noteBan(address, reason)
  }

  #noteBan(address: string, reason: string): void {
    this.#banned.add(address)
    this.emit('banned', address, reason)
  }
}
