import { EventEmitter } from 'node:events'
import type {
  EngineTorrent,
  EngineTorrentEvents,
  EngineTorrentStats,
  PeerStats,
  RateLimits,
  TorrentContent,
  TrackerStats,
} from './engine.ts'

type Totals = Pick<EngineTorrentStats, 'downloadedBytes' | 'uploadedBytes' | 'wastedBytes' | 'bannedPeers'>

/**
 * A transfer's place in its swarm. It may be left and taken again, as when the files have to be looked at anew: limits, pauses
 * and counters go on over that.
 */
export class Membership extends EventEmitter<EngineTorrentEvents> {
  readonly #join: () => EngineTorrent
  readonly #holds = new Set<string>()
  readonly #peersBefore = new Set<string>()
  readonly #hurried = new Map<symbol, readonly number[]>()
  #torrent: EngineTorrent
  #limits: RateLimits = {}
  #before: Totals = { downloadedBytes: 0, uploadedBytes: 0, wastedBytes: 0, bannedPeers: 0 }
  #leaving: Promise<void> | undefined

  constructor(join: () => EngineTorrent) {
    super()
    this.#join = join
    this.#torrent = this.#enter()
  }

  begin(content: TorrentContent): void {
    this.#torrent.begin(content)
    for (const [reader, pieces] of this.#hurried) this.#torrent.hurry(reader, pieces)
  }

  want(...wanted: Parameters<EngineTorrent['want']>): void {
    this.#torrent.want(...wanted)
  }

  hurry(reader: symbol, pieces: readonly number[]): void {
    if (pieces.length > 0) this.#hurried.set(reader, pieces)
    else this.#hurried.delete(reader)
    this.#torrent.hurry(reader, pieces)
  }

  setLimits(limits: RateLimits): void {
    this.#limits = limits
    this.#torrent.setLimits(limits)
  }

  /** Closes every connection for a reason; there may be several at once. */
  hold(reason: string): void {
    this.#holds.add(reason)
    this.#torrent.pause()
  }

  /** Goes on once no reason is left. */
  release(reason: string): void {
    if (this.#holds.delete(reason) && this.#holds.size === 0) this.#torrent.resume()
  }

  addPeer(address: string, source: 'manual' | 'lsd'): void {
    this.#torrent.addPeer(address, source)
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
      for (const { address, source } of this.#torrent.peers())
        if (source !== 'incoming' && source !== 'web seed') this.#peersBefore.add(address)
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
    if (this.#holds.size > 0) this.#torrent.pause()
    for (const address of this.#peersBefore) this.#torrent.addPeer(address, 'manual')
    this.#peersBefore.clear()
  }

  #enter(): EngineTorrent {
    const torrent = this.#join()
    const isNow = () => torrent === this.#torrent
    torrent.once('metadata', infoBytes => this.emit('metadata', infoBytes))
    torrent.on('piece', index => isNow() && this.emit('piece', index))
    torrent.on('complete', () => isNow() && this.emit('complete'))
    torrent.on('corrupt', index => this.emit('corrupt', index))
    torrent.on('stalled', error => isNow() && this.emit('stalled', error))
    torrent.on('flowing', () => isNow() && this.emit('flowing'))
    torrent.on('layer', (root, layer) => this.emit('layer', root, layer))
    torrent.on('banned', (address, reason) => this.emit('banned', address, reason))
    torrent.on('peers', count => isNow() && this.emit('peers', count))
    torrent.on('failed', error => isNow() && this.emit('failed', error))
    return torrent
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
