import type { Hex } from '../../../../core/index.ts'
import { TrackerAnnouncer } from '../../../discovery/trackers.ts'
import type { JoinInit, PeerStats, TrackerStats } from '../../../engine.ts'
import type { Negotiated } from '../connection/negotiate.ts'
import { isPrivateSource, type PeerSource } from '../peer-book/peer-book.ts'
import { Dialling } from './dialling.ts'
import type { EngineShared } from './engine-shared.ts'
import type { Peer } from './peer.ts'
import type { WireIdentity } from './wire-identity.ts'

/** The torrent whose peers are looked for. */
export interface DiscoveryHost {
  readonly joined: JoinInit
  readonly identity: WireIdentity
  /** How many more peers there is room for. */
  readonly room: number
  readonly isSeeding: boolean
  readonly uploadedBytes: number
  readonly downloadedBytes: number
  /** Bytes that are wanted and not here; `undefined` while that is not known. */
  readonly leftBytes: number | undefined
  /** Takes over a connection on which the handshakes have passed; `false` where it was ended instead. */
  accept(negotiated: Negotiated, address: string, source: PeerStats['source']): boolean
}

const none: readonly Hex[] = []

/** Where a torrent's peers come from: trackers, the DHT, and whoever tells of them; and that they are dialled. */
export class TorrentDiscovery {
  readonly #shared: EngineShared
  readonly #host: DiscoveryHost
  /** Not there before an address is known. */
  #dialling: Dialling | undefined
  #inDht: readonly Hex[] = none
  #announcer: TrackerAnnouncer | undefined
  #isPrivate = false
  #isPaused = false
  #isStopped = false

  constructor(shared: EngineShared, host: DiscoveryHost) {
    this.#shared = shared
    this.#host = host
  }

  start(isPrivate: boolean): void {
    this.#isPrivate = isPrivate
    this.#announce()
    this.#lookUp()
  }

  /** The metainfo is known: it may be private, or have a second hash. */
  begin(isPrivate: boolean): void {
    this.#isPrivate = isPrivate
    const hasNewHash = this.#announcer && this.#announcer.hashCount < this.#host.identity.hashes.length
    if (hasNewHash && !this.#isPaused) void this.#announceAnew()
    this.#lookUp()
  }

  found(addresses: readonly string[], source: PeerSource): void {
    if (addresses.length > 0) this.#dial().add(addresses, source)
  }

  lost(peer: Peer, isFault: boolean): void {
    if (!this.#isStopped) this.#dialling?.lost(peer, isFault)
  }

  /** Everything is here now. */
  complete(): void {
    this.#announcer?.complete()
  }

  /** Something may be missing again: seeds that were met are of use once more. */
  wanting(): void {
    this.#dialling?.kick()
  }

  /** Nobody is to come: trackers are told `stopped`, and the DHT nothing more. */
  pause(): void {
    this.#isPaused = true
    this.#dialling?.pause()
    this.#leaveDht()
    void this.#announcer?.stop()
  }

  resume(): void {
    this.#isPaused = false
    this.#dialling?.resume()
    this.#lookUp()
    void this.#announceAnew()
  }

  /** Asks for peers now, everywhere. */
  announceNow(): void {
    if (this.#isPaused || this.#isStopped) return
    this.#announcer?.announceNow()
    this.#leaveDht()
    this.#lookUp()
  }

  trackers(): readonly TrackerStats[] {
    return this.#announcer?.stats() ?? []
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#dialling?.pause()
    this.#leaveDht()
    await this.#announcer?.stop()
  }

  /** Says `started` once `stopped` has been said: a tracker that heard them the other way round would forget us. */
  async #announceAnew(): Promise<void> {
    const before = this.#announcer
    await before?.stop()
    if (this.#announcer === before && !this.#isPaused && !this.#isStopped) this.#announce()
  }

  #dial(): Dialling {
    if (this.#dialling) return this.#dialling
    const host = this.#host
    this.#dialling = new Dialling({
      dialer: this.#shared.dialer,
      handshake: () => host.identity.greeting(),
      room: () => host.room,
      isSeeding: () => host.isSeeding,
      mayDial: (address, source) =>
        !this.#shared.isBanned(address) && (!this.#isPrivate || isPrivateSource(source)),
      onConnected: (negotiated, address, source) => host.accept(negotiated, address, source),
    })
    if (this.#isPaused || this.#isStopped) this.#dialling.pause()
    return this.#dialling
  }

  #announce(): void {
    const host = this.#host
    const { joined, identity } = host
    if (joined.trackers.length === 0) return
    this.#announcer = new TrackerAnnouncer({
      infoHashes: identity.hashes.map(hash => Buffer.from(hash, 'hex')),
      peerId: identity.peerId,
      port: this.#shared.port(),
      trackers: joined.trackers,
      key: this.#shared.trackerKey,
      uploaded: () => host.uploadedBytes,
      downloaded: () => host.downloadedBytes,
      left: () => host.leftBytes,
      wanted: () => Math.max(0, host.room),
      onPeers: addresses => this.found(addresses, 'tracker'),
      allowsPrivate: url => joined.trustedTrackers?.includes(url) ?? false,
    })
    this.#announcer.start()
  }

  #lookUp(): void {
    const { dht } = this.#shared
    if (this.#isPrivate) this.#leaveDht()
    if (!dht || this.#isPrivate || this.#isPaused) return
    for (const hash of this.#host.identity.hashes) {
      if (this.#inDht.includes(hash)) continue
      this.#inDht = [...this.#inDht, hash]
      dht.add(hash, { onPeers: addresses => this.found(addresses, 'dht') })
    }
  }

  #leaveDht(): void {
    for (const hash of this.#inDht) this.#shared.dht?.remove(hash)
    this.#inDht = none
  }
}
