import type { TrackerSwarm } from 'bittorrent-tracker'
import type { Hex } from '../../../core/index.ts'

/**
 * Bounds what the tracker keeps in memory: swarms without peers go at every sweep, those heard longest ago once there are too
 * many swarms or peers.
 */
export class SwarmTable {
  readonly #torrents: Record<Hex, TrackerSwarm>
  readonly #maxSwarms: number
  readonly #maxPeers: number
  /** Peers of each swarm when it was last looked at, in the order of their last announce. */
  readonly #peers = new Map<Hex, number>()
  #total = 0

  constructor(
    torrents: Record<Hex, TrackerSwarm>,
    { maxSwarms, maxPeers }: { maxSwarms: number; maxPeers: number },
  ) {
    this.#torrents = torrents
    this.#maxSwarms = maxSwarms
    this.#maxPeers = maxPeers
  }

  get swarmCount(): number {
    return this.#peers.size
  }

  get peerCount(): number {
    return this.#total
  }

  /** Notes an announce, refused ones too. */
  heard(infoHash: Hex): void {
    if (!this.#torrents[infoHash]) return
    this.#count(infoHash)
    while (this.#peers.size > this.#maxSwarms || this.#total > this.#maxPeers) {
      const [oldest] = this.#peers.keys()
      if (oldest === undefined || oldest === infoHash) return
      this.#drop(oldest)
    }
  }

  /** Forgets peers that fell silent, and swarms that are left without any. */
  sweep(): void {
    for (const infoHash of [...this.#peers.keys()]) {
      const peers = this.#torrents[infoHash]?.peers
      // Looking at a peer is what lets go of it once it is too old.
      for (const id of peers?.keys ?? []) peers?.peek(id)
      const count = peers?.length ?? 0
      this.#total += count - (this.#peers.get(infoHash) ?? 0)
      this.#peers.set(infoHash, count)
      if (count === 0) this.#drop(infoHash)
    }
  }

  #count(infoHash: Hex): void {
    const count = this.#torrents[infoHash]?.peers.length ?? 0
    this.#total += count - (this.#peers.get(infoHash) ?? 0)
    this.#peers.delete(infoHash)
    this.#peers.set(infoHash, count)
  }

  #drop(infoHash: Hex): void {
    this.#total -= this.#peers.get(infoHash) ?? 0
    this.#peers.delete(infoHash)
    delete this.#torrents[infoHash]
  }
}
