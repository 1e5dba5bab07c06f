import { EventEmitter } from 'node:events'
import type { Peer, Torrent, WebSeedConnection, default as WebTorrent, Wire } from 'webtorrent'
import { Bitfield, P2pShareError, packageVersion } from '../../../core/index.ts'
import type {
  EngineTorrent,
  EngineTorrentEvents,
  EngineTorrentStats,
  JoinInit,
  PeerStats,
  TorrentContent,
  TrackerStats,
} from '../../engine.ts'
import { lookUpUntilMet } from './dht.ts'
import { dialPlainlyAfterRefusal } from './dial.ts'
import { offerMetadata, useRawMetadata } from './metadata.ts'
import { parsedTorrent } from './parsed.ts'
import { PeerExchange } from './pex.ts'
import { boundPipeline } from './pipeline.ts'
import { WebTorrentStore } from './store.ts'
import { TrackerAnswers } from './trackers.ts'
import { useOwnRequests } from './web-seed.ts'

/** A tracker that does not answer must not keep the process: its `stopped` is then lost. */
const leaveTimeoutMs = 3_500

const sources: Record<string, PeerStats['source']> = {
  manual: 'manual',
  tracker: 'tracker',
  dht: 'dht',
  lsd: 'lsd',
  ut_pex: 'pex',
}

/** One torrent inside webtorrent, behind the engine contract. */
export class WebTorrentTorrent extends EventEmitter<EngineTorrentEvents> implements EngineTorrent {
  readonly #torrent: Torrent
  readonly #init: JoinInit
  readonly #onLeft: () => void
  readonly #answers: TrackerAnswers
  readonly #exchange = new PeerExchange()
  readonly #speeds = new WeakMap<Wire, () => number>()
  readonly #client: WebTorrent
  readonly #early: [address: string, source: 'manual' | 'lsd'][] = []
  #content: TorrentContent | undefined
  #wanted = new Bitfield(0)
  #away: string[] = []
  #isPaused = false
  #missing = 0
  #joined = false
  #stalled = false
  #leaving: Promise<void> | undefined

  constructor(client: WebTorrent, init: JoinInit, onLeft: () => void) {
    super()
    this.#init = init
    this.#client = client
    this.#onLeft = onLeft
    this.#answers = new TrackerAnswers(init.trackers)
    const torrent = client.add(
      { infoHash: init.infoHash, announce: [...init.trackers], urlList: [], peerAddresses: [...init.peers] },
      { announce: [], private: init.isPrivate, deselect: true, storeCacheSlots: 0, strategy: 'sequential' },
    )
    this.#torrent = torrent
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
    dialPlainlyAfterRefusal(client, torrent)
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

  want(pieces: Bitfield): void {
    const content = this.#content
    if (!content || this.#leaving) return
    this.#wanted = pieces
    this.#missing = 0
    for (let index = 0; index < pieces.length; index++) {
      if (pieces.has(index) && !content.have.has(index)) this.#missing++
    }
    if (this.#joined && !this.#stalled) this.#select()
    if (this.#missing === 0) queueMicrotask(() => this.emit('complete'))
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

  peers(): readonly PeerStats[] {
    const peers: PeerStats[] = []
    const wires = new Set(this.#torrent.wires)
    for (const peer of this.#torrent._peers?.values() ?? []) {
      const wire = peer.wire
      if (!wire || !wires.has(wire)) continue
      peers.push({
        address: peer.addr ?? (wire.remoteAddress ? `${wire.remoteAddress}:${wire.remotePort}` : peer.id),
        client: clientName(wire),
        source: sourceOf(peer),
        isSeed: wire.isSeeder,
        downloadBytesPerSecond: this.#speeds.get(wire)?.() ?? 0,
        uploadBytesPerSecond: wire.uploadSpeed(),
      })
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
    const { metainfo, store, have } = content
    this.#torrent._preloadedStore = new WebTorrentStore(store, metainfo.pieceLength, metainfo.contentLength, {
      onStalled: error => {
        if (this.#stalled) return
        this.#stalled = true
        this.#torrent.deselect(0, have.length - 1)
        this.emit('stalled', error)
      },
      onFlowing: () => {
        this.#stalled = false
        if (this.#torrent.destroyed) return
        this.#select()
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
    this.want(content.wanted)
  }

  /** Turns the wanted pieces into the ranges that webtorrent fetches. */
  #select(): void {
    const torrent = this.#torrent
    const count = this.#wanted.length
    if (torrent.destroyed || count === 0) return
    torrent.deselect(0, count - 1)
    let from = -1
    for (let index = 0; index <= count; index++) {
      const wanted = index < count && this.#wanted.has(index)
      if (wanted && from < 0) from = index
      if (!wanted && from >= 0) {
        torrent.select(from, index - 1)
        from = -1
      }
    }
  }

  #onWire(wire: Wire, address: string | undefined): void {
    if (this.#isPaused) {
      wire.destroy()
      return
    }
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
    if (this.#wanted.has(index)) this.#missing--
    this.#chooseStrategy()
    this.emit('piece', index)
    if (this.#missing === 0) this.emit('complete')
  }

  /** Rarest first is what leeches need to feed each other; among seeds alone it only costs a walk over all pieces a request. */
  #chooseStrategy(): void {
    const isAmongLeeches = this.#torrent.wires.some(wire => !wire.isSeeder)
    this.#torrent.strategy = isAmongLeeches ? 'rarest' : 'sequential'
  }

  #onWarning(warning: Error | string): void {
    const message = typeof warning === 'string' ? warning : warning.message
    const corrupt = /^Piece (\d+) failed verification$/.exec(message)
    if (corrupt) this.emit('corrupt', Number(corrupt[1]))
  }

  /** The tracker client is made in the same turn as discovery starts, of which webtorrent does not tell. */
  #watchTrackers(): void {
    const client = this.#torrent.discovery?.tracker
    if (client) this.#answers.watch(client)
  }
}

function sourceOf(peer: Peer): PeerStats['source'] {
  if (peer.type === 'webSeed') return 'web seed'
  return sources[peer.source ?? ''] ?? 'incoming'
}

function clientName(wire: Wire): string | undefined {
  const name = wire.peerExtendedHandshake?.v
  return name ? new TextDecoder().decode(name.subarray(0, 64)) : undefined
}
