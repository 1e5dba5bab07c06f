import type { Hex } from '../../../../core/index.ts'
import { TrackerAnnouncer } from '../../../discovery/trackers.ts'
import type { JoinInit, PeerStats, TrackerStats } from '../../../engine.ts'
import type { Negotiated } from '../connection/negotiate.ts'
import type { PeerSource } from '../peer-book/peer-book.ts'
import { Dialling } from './dialling.ts'
import type { EngineShared } from './engine-shared.ts'
import type { Peer } from './peer.ts'
import type { WireIdentity } from './wire-identity.ts'

export interface TorrentDiscoveryInit {
  readonly init: JoinInit
  readonly identity: WireIdentity
  readonly room: () => number
  readonly isSeeding: () => boolean
  readonly onConnected: (negotiated: Negotiated, address: string, source: PeerStats['source']) => boolean
  readonly uploaded: () => number
  readonly downloaded: () => number
  /** Bytes that are wanted and not here; `undefined` while that is not known. */
  readonly left: () => number | undefined
}

/** Where a torrent's peers come from: trackers, the DHT, and whoever tells of them; and that they are dialled. */
export class TorrentDiscovery {
  readonly #shared: EngineShared
  readonly #init: TorrentDiscoveryInit
  readonly #dialling: Dialling
  #announcer: TrackerAnnouncer | undefined
  #inDht = new Set<Hex>()
  #isStopped = false

  constructor(shared: EngineShared, init: TorrentDiscoveryInit) {
    this.#shared = shared
    this.#init = init
    const { identity, room, isSeeding, onConnected } = init
    this.#dialling = new Dialling({
      dialer: shared.dialer,
      handshake: () => identity.greeting(),
      room,
      isSeeding,
      isBanned: address => shared.isBanned(address),
      onConnected,
    })
  }

  start(isPrivate: boolean): void {
    this.#announce()
    this.#lookUp(isPrivate)
  }

  /** The metainfo is known: it may be private, or have a second hash. */
  begin(isPrivate: boolean): void {
    if (this.#announcer && this.#announcer.hashCount < this.#init.identity.hashes.size) {
      void this.#announcer.stop()
      this.#announce()
    }
    this.#lookUp(isPrivate)
  }

  found(addresses: readonly string[], source: PeerSource): void {
    this.#dialling.add(addresses, source)
  }

  lost(peer: Peer, isFault: boolean): void {
    if (!this.#isStopped) this.#dialling.lost(peer, isFault)
  }

  /** Everything is here now. */
  complete(): void {
    this.#announcer?.complete()
  }

  pause(): void {
    this.#dialling.pause()
  }

  resume(): void {
    this.#dialling.resume()
    this.#announcer?.reannounce()
  }

  trackers(): readonly TrackerStats[] {
    return this.#announcer?.stats() ?? []
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#dialling.pause()
    for (const hash of this.#inDht) this.#shared.dht?.remove(hash)
    this.#inDht.clear()
    await this.#announcer?.stop()
  }

  #announce(): void {
    const { init, identity, uploaded, downloaded, left, room } = this.#init
    if (init.trackers.length === 0) return
    this.#announcer = new TrackerAnnouncer({
      infoHashes: [...identity.hashes].map(hash => Buffer.from(hash, 'hex')),
      peerId: identity.peerId,
      port: this.#shared.port(),
      trackers: init.trackers,
      key: this.#shared.trackerKey,
      uploaded,
      downloaded,
      left,
      wanted: () => Math.max(0, room()),
      onPeers: addresses => this.found(addresses, 'tracker'),
      allowsPrivate: url => init.trustedTrackers?.includes(url) ?? false,
    })
    this.#announcer.start()
  }

  #lookUp(isPrivate: boolean): void {
    const { dht } = this.#shared
    if (!dht) return
    for (const hash of this.#init.identity.hashes) {
      if (isPrivate) {
        dht.remove(hash)
        this.#inDht.delete(hash)
      } else if (!this.#inDht.has(hash)) {
        this.#inDht.add(hash)
        dht.add(hash, { onPeers: addresses => this.found(addresses, 'dht') })
      }
    }
  }
}
