import { type ChokePeer, Choker } from '../choker/choker.ts'
import { messageId } from '../wire/message.ts'
import type { Peer } from './peer.ts'

const roundMs = 10_000

/** Unchokes and chokes the peers of a torrent as {@link Choker} has it. */
export class Choking {
  readonly #peers: ReadonlyMap<number, Peer>
  readonly #slots: () => number
  readonly #choker: Choker
  #nextRoundMs = 0

  constructor(peers: ReadonlyMap<number, Peer>, slots: () => number) {
    this.#peers = peers
    this.#slots = slots
    this.#choker = new Choker({ slots: slots() })
  }

  /** A peer wants something of us: where a place is free it need not wait for the next round. */
  onInterest(peer: Peer, nowMs: number): void {
    if (!peer.isInterested || !peer.isChoked) return
    let unchoked = 0
    for (const other of this.#peers.values()) if (!other.isChoked && other.isInterested) unchoked++
    if (unchoked < this.#slots()) this.#unchoke(peer, nowMs)
  }

  /** Called every second. */
  tick(isSeeding: boolean, nowMs: number): void {
    if (nowMs < this.#nextRoundMs) return
    this.#nextRoundMs = nowMs + roundMs
    this.#choker.slots = this.#slots()
    const chosen = this.#choker.round([...this.#peers.values()].map(facts), { isSeeding, nowMs })
    for (const peer of this.#peers.values()) {
      peer.isOptimistic = peer.id === this.#choker.optimistic
      if (chosen.has(peer.id)) this.#unchoke(peer, nowMs)
      else this.#choke(peer)
    }
  }

  #unchoke(peer: Peer, nowMs: number): void {
    if (!peer.isChoked) return
    peer.isChoked = false
    peer.unchokedAtMs = nowMs
    peer.sendBare(messageId.unchoke)
  }

  #choke(peer: Peer): void {
    if (peer.isChoked) return
    peer.isChoked = true
    peer.sendBare(messageId.choke)
    peer.uploads.clear((piece, begin, length) => peer.sendReject(piece, begin, length))
  }
}

function facts(peer: Peer): ChokePeer {
  const { id, isInterested, isChoked, isSnubbed, down, up, unchokedAtMs, joinedAtMs } = peer
  return {
    id,
    isInterested,
    isChoked,
    isSnubbed,
    downloadRate: down.rate(),
    uploadRate: up.rate(),
    unchokedAtMs,
    joinedAtMs,
  }
}
