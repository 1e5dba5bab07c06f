import type { PeerStats, TrackerStats } from './engine.ts'

/** A peer that was named rather than found. */
export interface GivenPeer {
  readonly address: string
  /** `refused`: a private or loopback address out of a magnet link, not contacted unless asked for. */
  readonly status: 'trying' | 'connected' | 'refused'
}

/** What each way of finding peers has come to. */
export interface ChannelReport {
  /** The DHT and how many nodes of it answer; with none nobody can be found there. */
  readonly dht: { readonly on: boolean; readonly nodes: number }
  /** The local network, and how many peers were heard in it. */
  readonly lsd: { readonly on: boolean; readonly heard: number }
  /** Peers told of by other peers, which takes a first peer. */
  readonly pex: { readonly on: boolean }
  readonly trackers: readonly TrackerStats[]
  readonly peers: readonly GivenPeer[]
}

const maxGiven = 1_000

/** Keeps track of which of the named peers were ever reached. */
export class GivenPeers {
  /** Not there where nobody was named. */
  #peers: Map<string, GivenPeer['status']> | undefined

  constructor(addresses: readonly string[]) {
    for (const address of addresses) this.add(address)
  }

  add(address: string): void {
    this.#peers ??= new Map()
    if (this.#peers.size < maxGiven && !this.#peers.has(address)) this.#peers.set(address, 'trying')
  }

  /** @param connected asked for only where a peer was named at all */
  look(connected: () => readonly PeerStats[]): void {
    if (!this.#peers) return
    for (const { address } of connected()) if (this.#peers.has(address)) this.#peers.set(address, 'connected')
  }

  report(refused: readonly string[]): readonly GivenPeer[] {
    const peers = [...(this.#peers ?? [])].map(([address, status]): GivenPeer => ({ address, status }))
    return [...peers, ...refused.map((address): GivenPeer => ({ address, status: 'refused' }))]
  }
}
