import type { Hex, P2pShareError } from '../core/index.ts'
import type {
  EngineTorrent,
  EngineTorrentStats,
  PeerStats,
  RateLimits,
  TorrentContent,
  TrackerStats,
} from './engine.ts'

type Totals = Pick<EngineTorrentStats, 'downloadedBytes' | 'uploadedBytes' | 'wastedBytes' | 'bannedPeers'>

/** Who joins, and is told what the engine tells: see `EngineTorrentEvents`. */
export interface MembershipHost {
  /** Joins the torrent's swarm; called again after it has been left to look at the files. */
  join(): EngineTorrent
  /** Told when the first reason to hold it comes and when the last one goes. */
  onHeld(isHeld: boolean): void
  onMetadata(infoBytes: Uint8Array): void
  onPiece(index: number): void
  onComplete(): void
  onCorrupt(index: number): void
  /** `undefined` where writing works again. */
  onStalled(error: P2pShareError | undefined): void
  onLayer(root: Hex, layer: Uint8Array): void
  onBanned(address: string, reason: string): void
  onPeers(): void
  onFailed(error: P2pShareError): void
}

const nothing: Totals = { downloadedBytes: 0, uploadedBytes: 0, wastedBytes: 0, bannedPeers: 0 }
const unlimited: RateLimits = {}
const none: readonly string[] = []
const nobodyReads: ReadonlyMap<symbol, readonly number[]> = new Map()

/**
 * A transfer's place in its swarm. It may be left and taken again, as when the files have to be looked at anew: limits, pauses
 * and counters go on over that.
 */
export class Membership {
  readonly #host: MembershipHost
  #holds = none
  #peersBefore = none
  #hurried = nobodyReads
  #torrent: EngineTorrent
  #limits = unlimited
  #before = nothing
  #followed: EngineTorrent | undefined
  #leaving: Promise<void> | undefined

  constructor(host: MembershipHost) {
    this.#host = host
    this.#torrent = this.#enter()
  }

  begin(content: TorrentContent): void {
    if (!content.have.isFull) this.#follow()
    this.#torrent.begin(content)
    for (const [reader, pieces] of this.#hurried) this.#torrent.hurry(reader, pieces)
  }

  want(...wanted: Parameters<EngineTorrent['want']>): void {
    this.#follow()
    this.#torrent.want(...wanted)
  }

  hurry(reader: symbol, pieces: readonly number[]): void {
    const others = [...this.#hurried].filter(([other]) => other !== reader)
    this.#hurried = new Map(pieces.length > 0 ? [...others, [reader, pieces]] : others)
    this.#torrent.hurry(reader, pieces)
  }

  setLimits(limits: RateLimits): void {
    this.#limits = limits
    this.#torrent.setLimits(limits)
  }

  /** Closes every connection for a reason; there may be several at once. */
  hold(reason: string): void {
    const before = this.#holds
    if (before.includes(reason)) return
    this.#holds = [...before, reason]
    if (before.length > 0) return
    this.#torrent.pause()
    this.#host.onHeld(true)
  }

  /** Goes on once no reason is left. */
  release(reason: string): void {
    if (!this.#holds.includes(reason)) return
    this.#holds = this.#holds.filter(other => other !== reason)
    if (this.#holds.length > 0) return
    this.#torrent.resume()
    this.#host.onHeld(false)
  }

  addPeer(address: string, source: 'manual' | 'lsd'): void {
    this.#torrent.addPeer(address, source)
  }

  announce(): void {
    if (!this.#leaving) this.#torrent.announce()
  }

  peers(): readonly PeerStats[] {
    return this.#leaving ? [] : this.#torrent.peers()
  }

  trackers(): readonly TrackerStats[] {
    return this.#torrent.trackers()
  }

  stats(): EngineTorrentStats {
    if (this.#leaving)
      return { ...this.#before, downloadBytesPerSecond: 0, uploadBytesPerSecond: 0, peers: 0, seeds: 0 }
    const now = this.#torrent.stats()
    return { ...now, ...sum(this.#before, now) }
  }

  /** Leaves the swarm, for good or until {@link rejoin}. */
  leave(): Promise<void> {
    if (!this.#leaving) {
      this.#before = sum(this.#before, this.#torrent.stats())
      const known = this.#torrent
        .peers()
        .filter(({ source }) => source !== 'incoming' && source !== 'web seed')
        .map(({ address }) => address)
      this.#peersBefore = [...new Set([...this.#peersBefore, ...known])]
      this.#leaving = this.#torrent.leave()
    }
    return this.#leaving
  }

  /** Joins again once it has been left, with the peers of before; the engine waits for `begin`. */
  async rejoin(): Promise<void> {
    await this.#leaving
    this.#torrent = this.#enter()
    this.#leaving = undefined
    this.#torrent.setLimits(this.#limits)
    if (this.#holds.length > 0) this.#torrent.pause()
    for (const address of this.#peersBefore) this.#torrent.addPeer(address, 'manual')
    this.#peersBefore = none
  }

  #enter(): EngineTorrent {
    const host = this.#host
    const torrent = host.join()
    const isNow = () => torrent === this.#torrent
    torrent.on('metadata', infoBytes => host.onMetadata(infoBytes))
    torrent.on('complete', () => isNow() && host.onComplete())
    torrent.on('peers', () => {
      if (!isNow()) return
      this.#follow()
      host.onPeers()
    })
    torrent.on('failed', error => isNow() && host.onFailed(error))
    return torrent
  }

  /** Listens to what an exchange brings: there is none while everything is here and nobody came, and there may be many thousands. */
  #follow(): void {
    const host = this.#host
    const torrent = this.#torrent
    if (this.#followed === torrent) return
    this.#followed = torrent
    const isNow = () => torrent === this.#torrent
    torrent.on('piece', index => isNow() && host.onPiece(index))
    torrent.on('corrupt', index => host.onCorrupt(index))
    torrent.on('stalled', error => isNow() && host.onStalled(error))
    torrent.on('flowing', () => isNow() && host.onStalled(undefined))
    torrent.on('layer', (root, layer) => host.onLayer(root, layer))
    torrent.on('banned', (address, reason) => host.onBanned(address, reason))
  }
}

function sum(one: Totals, other: Totals): Totals {
  return {
    downloadedBytes: one.downloadedBytes + other.downloadedBytes,
    uploadedBytes: one.uploadedBytes + other.uploadedBytes,
    wastedBytes: one.wastedBytes + other.wastedBytes,
    bannedPeers: one.bannedPeers + other.bannedPeers,
  }
}
