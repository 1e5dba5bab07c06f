import { EventEmitter } from 'node:events'
import type { Bitfield, P2pShareError } from '../../../../core/index.ts'
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
import { Company } from './company.ts'
import type { EngineShared } from './engine-shared.ts'
import type { Peer } from './peer.ts'
import { type DiscoveryHost, TorrentDiscovery } from './torrent-discovery.ts'
import { Traffic } from './traffic.ts'
import { holdsAllWanted, withWanted } from './wanted-content.ts'
import { WireIdentity } from './wire-identity.ts'

/** What the engine is told by its torrents. */
export interface NativeTorrentHooks {
  /** Another hash by which peers ask for it has come to light. */
  readonly onHashes: (torrent: NativeTorrent) => void
  /** There is something to do for it, so that {@link NativeTorrent.tick} is to be called. */
  readonly onActive: (torrent: NativeTorrent) => void
  readonly onLeft: (torrent: NativeTorrent) => void
}

const nobody: ReadonlyMap<number, Peer> = new Map()

/**
 * One torrent in the native engine: its peers, and what is exchanged with them. While everything is here and nobody is connected it
 * rests: it has no more than what finds peers and lets them in, for there may be many thousands.
 */
export class NativeTorrent extends EventEmitter<EngineTorrentEvents> implements EngineTorrent, DiscoveryHost {
  readonly identity: WireIdentity
  readonly joined: JoinInit
  readonly #shared: EngineShared
  readonly #hooks: NativeTorrentHooks
  readonly #discovery: TorrentDiscovery
  /** Not there while it rests. */
  #company: Company | undefined
  #traffic: Traffic | undefined
  #content: TorrentContent | undefined
  #banned: Set<string> | undefined
  #infoBytes: Uint8Array | undefined
  #isPrivate: boolean
  #isPaused = false
  #isCompleteSaid = false
  #leaving: Promise<void> | undefined

  constructor(shared: EngineShared, init: JoinInit, hooks: NativeTorrentHooks) {
    super()
    this.joined = init
    this.#shared = shared
    this.#hooks = hooks
    this.#isPrivate = init.isPrivate
    this.identity = new WireIdentity(init.infoHash, init.infoHashV2)
    this.#discovery = new TorrentDiscovery(shared, this)
  }

  get uploadedBytes(): number {
    return this.#traffic?.uploaded.total ?? 0
  }

  get downloadedBytes(): number {
    return this.#traffic?.downloaded.total ?? 0
  }

  /** Bytes that are wanted and not here; `undefined` while that is not known. */
  get leftBytes(): number | undefined {
    return this.#content && (this.#company?.exchange?.leftBytes ?? 0)
  }

  /** Connections that may be made. */
  get room(): number {
    if (this.#company) return this.#company.connections.room
    return Math.min(this.#maxPeers, this.#shared.connections.roomFor(nobody))
  }

  get isSeeding(): boolean {
    const exchange = this.#company?.exchange
    return exchange ? exchange.isComplete : this.#content !== undefined
  }

  /** Whether anything is to be done for it every second. */
  get isActive(): boolean {
    return this.#company?.isActive ?? false
  }

  /** Begins to look for peers. */
  start(): void {
    this.#discovery.start(this.#isPrivate)
    this.#discovery.found(this.joined.peers, 'manual')
  }

  begin(content: TorrentContent): void {
    if (this.#content || this.#leaving) return
    const { metainfo } = content
    this.#infoBytes = metainfo.infoBytes
    this.#isPrivate ||= metainfo.isPrivate
    if (metainfo.isPrivate) this.#company?.connections.keepPrivate()
    if (this.identity.add(metainfo.infoHash, metainfo.infoHashV2)) this.#hooks.onHashes(this)
    if (metainfo.infoHash) this.identity.upgradeTo(metainfo.infoHashV2)
    this.#content = content
    if (this.#company) this.#company.begin(content)
    else this.#beginAlone(content)
    if (this.#company) this.#hooks.onActive(this)
    this.#discovery.begin(this.#isPrivate)
  }

  want(pieces: Bitfield, levels?: Uint8Array): void {
    if (!this.#content) return
    this.#content = withWanted(this.#content, pieces, levels)
    this.#isCompleteSaid = false
    if (this.#company) this.#company.want(pieces, levels)
    else this.#beginAlone(this.#content)
    if (this.#company) this.#hooks.onActive(this)
    this.#discovery.wanting()
  }

  hurry(reader: symbol, pieces: readonly number[]): void {
    const company = pieces.length > 0 && this.#content ? this.#gather() : this.#company
    company?.hurry(reader, pieces)
    if (company) this.#hooks.onActive(this)
  }

  setLimits(limits: RateLimits): void {
    this.#line().setLimits(limits)
    this.pumpAll()
  }

  /** Lets every peer have what limits held back. */
  pumpAll(): void {
    for (const peer of this.#peers.values()) this.#company?.exchange?.uploads.pump(peer)
  }

  pause(): void {
    if (this.#isPaused) return
    this.#isPaused = true
    this.#discovery.pause()
    this.#company?.pause()
  }

  resume(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.#discovery.resume()
    this.#company?.resume()
  }

  addPeer(address: string, source: 'manual' | 'lsd'): void {
    if (!this.#leaving) this.#discovery.found([address], source)
  }

  announce(): void {
    this.#discovery.announceNow()
  }

  peers(): readonly PeerStats[] {
    return this.#company?.statistics() ?? []
  }

  trackers(): readonly TrackerStats[] {
    return this.#discovery.trackers()
  }

  stats(): EngineTorrentStats {
    const { downloaded, uploaded, wastedBytes = 0 } = this.#traffic ?? {}
    let seeds = 0
    for (const peer of this.#peers.values()) if (peer.isSeed) seeds++
    return {
      downloadedBytes: this.downloadedBytes,
      uploadedBytes: this.uploadedBytes,
      downloadBytesPerSecond: downloaded?.rate() ?? 0,
      uploadBytesPerSecond: uploaded?.rate() ?? 0,
      peers: this.#peers.size,
      seeds,
      wastedBytes,
      bannedPeers: this.#banned?.size ?? 0,
    }
  }

  leave(): Promise<void> {
    this.#leaving ??= this.#leave()
    return this.#leaving
  }

  /** Takes over a connection on which the handshakes have passed; `false` where it was ended instead. */
  accept(negotiated: Negotiated, address: string, source: PeerStats['source']): boolean {
    const isTaken = this.#gather().connections.accept(negotiated, address, source)
    if (!this.#leaving) this.#hooks.onActive(this)
    return isTaken
  }

  /** Called every second while it is active. */
  tick(nowMs: number): void {
    this.#company?.tick(nowMs)
    if (!this.#company?.mayRest) return
    void this.#company.close('at rest')
    this.#company = undefined
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
    this.#hooks.onLeft(this)
    await Promise.all([this.#discovery.stop(), this.#company?.close('leaving')])
  }

  get #peers(): ReadonlyMap<number, Peer> {
    return this.#company?.peers ?? nobody
  }

  get #maxPeers(): number {
    return this.#isPaused || this.#leaving ? 0 : this.#shared.init.maxPeers
  }

  /** With nobody there, nothing is needed unless something is missing. */
  #beginAlone(content: TorrentContent): void {
    if (holdsAllWanted(content)) queueMicrotask(() => this.#onComplete())
    else this.#gather()
  }

  /** Somebody comes, or something is to be fetched. */
  #gather(): Company {
    if (this.#company) return this.#company
    const company = new Company(this.#shared, {
      infoHashes: [this.joined.infoHash, this.joined.infoHashV2],
      ownPeerId: this.identity.peerId,
      traffic: this.#line(),
      events: this,
      maxPeers: () => this.#maxPeers,
      isPrivate: () => this.#isPrivate,
      infoBytes: () => this.#infoBytes,
      onMetadata: infoBytes => {
        this.#infoBytes ??= infoBytes
        this.emit('metadata', infoBytes)
      },
      onAddresses: addresses => this.#discovery.found(addresses, 'pex'),
      onClosed: (peer, fault) => this.#discovery.lost(peer, fault !== undefined),
      onComplete: () => this.#onComplete(),
      onLiar: (address, reason) => this.#ban(address, reason),
      onWebSeedBanned: (url, reason) => this.#noteBan(url, reason),
      onFailed: error => this.fail(error),
    })
    this.#company = company
    if (this.#content && !this.#leaving) company.begin(this.#content)
    return company
  }

  /** Counters and limits, which outlast the peers. */
  #line(): Traffic {
    this.#traffic ??= new Traffic(this.#shared)
    return this.#traffic
  }

  #onComplete(): void {
    if (this.#isCompleteSaid || this.#leaving || !this.isSeeding) return
    this.#isCompleteSaid = true
    this.#discovery.complete()
    this.emit('complete')
  }

  /** Stops speaking to whoever is at an address, in this torrent and all others. */
  #ban(address: string, reason: string): void {
    if (this.#shared.ban(address)) this.#noteBan(address, reason)
  }

  #noteBan(address: string, reason: string): void {
    this.#banned ??= new Set()
    this.#banned.add(address)
    this.emit('banned', address, reason)
  }
}
