import { EventEmitter } from 'node:events'
import type { Torrent, WebSeedConnection, default as WebTorrent, Wire } from 'webtorrent'
import { type Bitfield, P2pShareError, packageVersion, pieceSize } from '../../../core/index.ts'
import type {
  EncryptionPolicy,
  EngineTorrent,
  EngineTorrentEvents,
  EngineTorrentStats,
  JoinInit,
  PeerStats,
  RateLimits,
  TorrentContent,
  TrackerStats,
} from '../../engine.ts'
import { lookUpUntilMet } from './dht.ts'
import { dialPlainlyAfterRefusal } from './dial.ts'
import { keepsPolicy } from './encryption.ts'
import { Fetching } from './fetching.ts'
import { offerMetadata, useRawMetadata } from './metadata.ts'
import { Pace, paceReading } from './pace.ts'
import { parsedTorrent } from './parsed.ts'
import { peerStats } from './peer-stats.ts'
import { PeerExchange } from './pex.ts'
import { boundPipeline } from './pipeline.ts'
import { WebTorrentStore } from './store.ts'
import { TrackerAnswers } from './trackers.ts'
import { useOwnRequests } from './web-seed.ts'

/** A tracker that does not answer must not keep the process: its `stopped` is then lost. */
const leaveTimeoutMs = 3_500

/** One torrent inside webtorrent, behind the engine contract. */
export class WebTorrentTorrent extends EventEmitter<EngineTorrentEvents> implements EngineTorrent {
  readonly #torrent: Torrent
  readonly #init: JoinInit
  readonly #onLeft: () => void
  readonly #answers: TrackerAnswers
  readonly #exchange = new PeerExchange()
  readonly #speeds = new WeakMap<Wire, () => number>()
  readonly #client: WebTorrent
  readonly #encryption: EncryptionPolicy
  readonly #fetching: Fetching
  readonly #readPace = new Pace()
  readonly #servePace = new Pace()
  readonly #early: [address: string, source: 'manual' | 'lsd'][] = []
  #content: TorrentContent | undefined
  #away: string[] = []
  #isPaused = false
  #wastedBytes = 0
  #joined = false
  #isStalled = false
  #leaving: Promise<void> | undefined

  constructor(client: WebTorrent, init: JoinInit, encryption: EncryptionPolicy, onLeft: () => void) {
    super()
    this.#encryption = encryption
    this.#init = init
    this.#client = client
    this.#onLeft = onLeft
    this.#answers = new TrackerAnswers(init.trackers)
    const torrent = client.add(
      { infoHash: init.infoHash, announce: [...init.trackers], urlList: [], peerAddresses: [...init.peers] },
      { announce: [], private: init.isPrivate, deselect: true, storeCacheSlots: 0, strategy: 'sequential' },
    )
    this.#torrent = torrent
    this.#fetching = new Fetching(torrent)
    // What webtorrent would do with a dictionary that it decoded itself is done by `begin`, after our own validation.
    const onMetadata = torrent._onMetadata.bind(torrent)
    torrent._onMetadata = async metadata => {
      if (!ArrayBuffer.isView(metadata)) return onMetadata(metadata)
    }
    torrent._verifyPieces = done => done(null)
    torrent.on('infoHash', () => {
      this.#joined = true
      if (this.#content) this.#hand(this.#content)
      for (const [address, source] of this.#early.splice(0)) torrent.addPeer(address, source)
      setImmediate(() => this.#watchTrackers())
    })
    if (encryption === 'prefer') dialPlainlyAfterRefusal(client, torrent)
    torrent.once('close', lookUpUntilMet(client, torrent))
    torrent.on('wire', (wire: Wire, address?: string) => this.#onWire(wire, address))
    torrent.on('verified', (index: number) => this.#onVerified(index))
    torrent.on('warning', (warning: Error | string) => this.#onWarning(warning))
    torrent.on('ready', () => this.#watchTrackers())
    torrent.on('error', (error: Error) => {
      const message = `Sharing ${init.infoHash} failed: ${error.message}`
      this.fail(new P2pShareError('ERR_INTERNAL', message, { cause: error }))
    })
  }

  begin(content: TorrentContent): void {
    this.#content = content
    if (this.#joined) this.#hand(content)
  }

  want(pieces: Bitfield, levels?: Uint8Array): void {
    const content = this.#content
    if (!content || this.#leaving) return
    if (!this.#joined) this.#content = { ...content, wanted: pieces, levels }
    this.#fetching.want(content.have, pieces, levels)
    if (this.#fetching.isComplete) queueMicrotask(() => this.emit('complete'))
  }

  hurry(reader: symbol, pieces: readonly number[]): void {
    this.#fetching.hurry(reader, pieces)
  }

  setLimits({ downloadBytesPerSecond, uploadBytesPerSecond }: RateLimits): void {
    this.#readPace.rate = downloadBytesPerSecond
    this.#servePace.rate = uploadBytesPerSecond
  }

  /** Not webtorrent's own pause, which does not bear an encrypted connection that comes in meanwhile. */
  pause(): void {
    if (this.#isPaused) return
    this.#isPaused = true
    this.#away = this.#exchange.addresses()
    for (const wire of [...this.#torrent.wires]) wire.destroy()
  }

  resume(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    for (const address of this.#away.splice(0)) this.addPeer(address, 'manual')
  }

  addPeer(address: string, source: 'manual' | 'lsd'): void {
    if (this.#torrent.destroyed) return
    if (!this.#joined) {
      if (this.#early.length < 1_000) this.#early.push([address, source])
      return
    }
    this.#torrent.addPeer(address, source)
  }

  announce(): void {
    if (!this.#torrent.destroyed) this.#torrent.discovery?.tracker?.update()
  }

  peers(): readonly PeerStats[] {
    const peers: PeerStats[] = []
    const wires = new Set(this.#torrent.wires)
    for (const peer of this.#torrent._peers?.values() ?? []) {
      const wire = peer.wire
      if (!wire || !wires.has(wire)) continue
      peers.push(peerStats(peer, wire, this.#fetching.pieceCount, this.#speeds.get(wire)?.() ?? 0))
    }
    return peers
  }

  trackers(): readonly TrackerStats[] {
    return this.#answers.all()
  }

  stats(): EngineTorrentStats {
    const torrent = this.#torrent
    let seeds = 0
    for (const wire of torrent.wires) if (wire.isSeeder) seeds++
    return {
      downloadedBytes: torrent.received,
      uploadedBytes: torrent.uploaded,
      downloadBytesPerSecond: torrent.downloadSpeed,
      uploadBytesPerSecond: torrent.uploadSpeed,
      peers: torrent.wires.length,
      seeds,
      wastedBytes: this.#wastedBytes,
      bannedPeers: 0,
    }
  }

  leave(): Promise<void> {
    this.#leaving ??= this.#leave()
    return this.#leaving
  }

  /** Ends the torrent for good, because of something that cannot be mended here. */
  fail(error: P2pShareError): void {
    if (this.#leaving) return
    void this.leave()
    this.emit('failed', error)
  }

  async #leave(): Promise<void> {
    this.#onLeft()
    if (this.#torrent.destroyed) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, leaveTimeoutMs)
    this.#torrent.destroy({ destroyStore: false }, () => resolve())
    await promise
    clearTimeout(timer)
  }

  #hand(content: TorrentContent): void {
    const { metainfo, store, have, wanted, levels } = content
    this.#torrent._preloadedStore = new WebTorrentStore(store, metainfo.pieceLength, metainfo.contentLength, {
      delayMs: bytes => this.#servePace.delayMs(bytes),
      onStalled: error => {
        if (this.#isStalled) return
        this.#isStalled = true
        this.#fetching.holdUp(true)
        this.emit('stalled', error)
      },
      onFlowing: () => {
        this.#isStalled = false
        if (this.#torrent.destroyed) return
        this.#fetching.holdUp(false)
        this.emit('flowing')
      },
    })
    this.#torrent._startupBitfield = have.bytes
    if (metainfo.isPrivate) this.#torrent.private = true
    void this.#torrent._onMetadata(parsedTorrent(this.#init, content))
    for (const { type, conn } of this.#torrent._peers?.values() ?? []) {
      if (type !== 'webSeed') continue
      useOwnRequests(conn as WebSeedConnection, metainfo, content.allowsPrivate ? 'all' : 'public')
    }
    // Keeps webtorrent from encoding the dictionary anew for every connection; ours are told of it in #onWire.
    this.#torrent.metadata = {}
    for (const wire of this.#torrent.wires) offerMetadata(wire, metainfo.infoBytes)
    this.want(wanted, levels)
  }

  #onWire(wire: Wire, address: string | undefined): void {
    if (this.#isPaused || !keepsPolicy(this.#encryption, wire)) {
      wire.destroy()
      return
    }
    paceReading(wire, this.#readPace)
    wire.extendedHandshake.v = `p2pshare ${packageVersion()}`
    wire.extendedHandshake.p = this.#client.torrentPort
    this.#speeds.set(wire, boundPipeline(wire))
    this.#exchange.onWire(wire, wire.type === 'tcpOutgoing' ? address : undefined)
    const known = this.#content?.metainfo.infoBytes
    useRawMetadata(wire, this.#init.infoHash, known, infoBytes => {
      if (!this.#content) this.emit('metadata', infoBytes)
    })
    this.emit('peers', this.#torrent.wires.length)
    wire.once('close', () => this.emit('peers', this.#torrent.wires.length))
  }

  #onVerified(index: number): void {
    const have = this.#content?.have
    if (!have || have.has(index)) return
    have.add(index)
    this.#fetching.onHeld(index)
    this.emit('piece', index)
    if (this.#fetching.isComplete) this.emit('complete')
  }

  #onWarning(warning: Error | string): void {
    const message = typeof warning === 'string' ? warning : warning.message
    const corrupt = /^Piece (\d+) failed verification$/.exec(message)
    if (!corrupt || !this.#content) return
    const index = Number(corrupt[1])
    this.#wastedBytes += pieceSize(this.#content.metainfo, index)
    this.emit('corrupt', index)
  }

  /** The tracker client is made in the same turn as discovery starts, of which webtorrent does not tell. */
  #watchTrackers(): void {
    const client = this.#torrent.discovery?.tracker
    if (client) this.#answers.watch(client)
  }
}
