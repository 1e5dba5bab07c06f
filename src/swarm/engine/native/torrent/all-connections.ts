import type { Peer } from './peer.ts'

/** What one torrent is connected to. */
type Peers = ReadonlyMap<number, Peer>

/** A connection that brought nothing in this time may go for another one, whatever torrent it belongs to. */
const idleMs = 60_000

/**
 * The connections of all torrents of an engine, no more than so many together. Where no place is left, a torrent that has fewer
 * takes one from that which has most, so that none is shut out by others; the one that goes is the one that moves least.
 */
export class AllConnections {
  readonly #most: number
  readonly #halfOpen: () => number
  /** Those with a connection. */
  readonly #torrents = new Set<Peers>()
  #count = 0

  /** @param halfOpen connections that are being made, which need places soon */
  constructor(most: number, halfOpen: () => number) {
    this.#most = most
    this.#halfOpen = halfOpen
  }

  /** To be called when a torrent has one more. */
  joined(peers: Peers): void {
    this.#count++
    this.#torrents.add(peers)
  }

  /** To be called when a torrent has one less. */
  ended(peers: Peers): void {
    this.#count--
    if (peers.size === 0) this.#torrents.delete(peers)
  }

  /** How many more a torrent may make now. */
  roomFor(peers: Peers): number {
    const left = this.#most - this.#count - this.#halfOpen()
    if (left > 0) return left
    return this.#count >= this.#most && this.#victimFor(peers) ? 1 : 0
  }

  /** Makes place for another connection of a torrent; whether there is one. */
  makePlace(peers: Peers): boolean {
    if (this.#count < this.#most) return true
    const victim = this.#victimFor(peers)
    victim?.destroy('its place goes to another torrent')
    return victim !== undefined
  }

  #victimFor(newcomers: Peers): Peer | undefined {
    let most: Peers | undefined
    for (const peers of this.#torrents) if (peers.size > (most?.size ?? 0)) most = peers
    return most && most.size > newcomers.size + 1 ? leastMoving(most) : this.#idle()
  }

  #idle(): Peer | undefined {
    const nowMs = performance.now()
    for (const peers of this.#torrents)
      for (const peer of peers.values())
        if (nowMs - peer.joinedAtMs > idleMs && movement(peer) === 0) return peer
    return undefined
  }
}

/** The oldest among equals: who just came has had no time yet. */
function leastMoving(peers: Peers): Peer | undefined {
  let least: Peer | undefined
  for (const peer of peers.values()) if (!least || movement(peer) < movement(least)) least = peer
  return least
}

/** Bytes a second, both ways, over the last seconds. */
function movement({ down, up }: Peer): number {
  return down.rate() + up.rate()
}
