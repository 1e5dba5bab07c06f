import type { Hex } from '../../../../core/index.ts'
import type { JoinInit, PeerStats, TrackerStats } from '../../../engine.ts'
import type { Negotiated } from '../connection/negotiate.ts'
import type { PeerSource } from '../peer-book/peer-book.ts'
import { Dialling } from './dialling.ts'
import type { EngineShared } from './engine-shared.ts'
import type { Peer } from './peer.ts'

export interface TorrentDiscoveryInit {
  readonly init: JoinInit
  readonly peerId: Uint8Array
  /** 40 digits each; may grow. */
  readonly hashes: ReadonlySet<Hex>
  readonly handshake: () => { readonly bytes: Buffer; readonly infoHash: Uint8Array }
  readonly room: () => number
  readonly isSeeding: () => boolean
  readonly onConnected: (negotiated: Negotiated, address: string, source: PeerStats['source']) => void
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
  #isStopped = false

  constructor(shared: EngineShared, init: TorrentDiscoveryInit) {
    this.#shared = shared
    this.#init = init
    const { handshake, room, isSeeding, onConnected } = init
    this.#dialling = new Dialling({
      dialer: shared.dialer,
      handshake,
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
  }

  pause(): void {
    this.#dialling.pause()
  }

  resume(): void {
    this.#dialling.resume()
  }

  trackers(): readonly TrackerStats[] {
    return []
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#dialling.pause()
  }

  #announce(): void {}

  #lookUp(_isPrivate: boolean): void {}
}
