import { isPublicAddress } from '../../../../core/index.ts'
import type { PeerStats } from '../../../engine.ts'
import { hostOf } from '../../../peer-address/address.ts'
import type { Negotiated } from '../connection/negotiate.ts'
import { isPrivateSource } from '../peer-book/peer-book.ts'
import { writeKeepAlive } from '../wire/message.ts'
import type { EngineShared } from './engine-shared.ts'
import { Peer } from './peer.ts'
import type { PeerExtensions } from './peer-extensions.ts'
import { type MessageContext, takeMessage } from './peer-messages.ts'
import type { PieceExchange } from './piece-exchange.ts'

const keepAliveMs = 100_000
const silenceMs = 180_000
const snubMs = 20_000
/** A piece of which nothing came for so long gives its memory up where others wait for some. */
const staleMs = 10_000
/** Two seeds have nothing to tell each other; a while is left, so that a person sees who was there. */
const idleSeedsMs = 60_000
/** Handshakes and a bitfield; who sent more has sent blocks. */
const maxIdleBytes = 16_384
/** Connections of one torrent to one host: a household behind one router, or many programs on one machine. */
const maxPeersAHost = 64

export interface ConnectionsInit {
  readonly peers: Map<number, Peer>
  readonly ownPeerId: Uint8Array
  readonly maxPeers: () => number
  readonly exchange: () => PieceExchange | undefined
  readonly extensions: () => PeerExtensions
  readonly context: MessageContext
  readonly onRead: (peer: Peer, bytes: number) => void
  readonly onChanged: () => void
  /** The connection has ended; `fault` is what the peer did wrong, where it did. */
  readonly onClosed: (peer: Peer, fault: string | undefined) => void
}

/** The connections of a torrent: who is let in, what each says, and when each ends. */
export class Connections {
  readonly #shared: EngineShared
  readonly #init: ConnectionsInit
  readonly #faults = new WeakMap<Peer, string>()

  constructor(shared: EngineShared, init: ConnectionsInit) {
    this.#shared = shared
    this.#init = init
  }

  /** How many more may be made; negative while there are more than there may be. */
  get room(): number {
    const { maxPeers, peers } = this.#init
    return Math.min(maxPeers() - peers.size, this.#shared.connections.roomFor(peers))
  }

  /** Takes over a connection on which the handshakes have passed; `false` where it was ended instead. */
  accept(negotiated: Negotiated, address: string, source: PeerStats['source']): boolean {
    const { peers, exchange, extensions, context, onRead, onChanged } = this.#init
    const { socket, handshake } = negotiated
    const refusal = this.#refusal(handshake.peerId, address, socket.isIncoming)
    if (refusal) {
      socket.destroy(refusal)
      return false
    }
    const peer = new Peer({ id: this.#shared.nextPeerId(), address, source, negotiated })
    peers.set(peer.id, peer)
    this.#shared.connections.joined(peers)
    socket.whenClosed(() => this.#onClosed(peer))
    extensions().greet(peer)
    exchange()?.addPeer(peer)
    peer.open(
      {
        blockStart: (piece, begin, length) => exchange()?.downloads.blockStart(peer, piece, begin, length),
        blockEnd: (piece, begin, length, isKept) => {
          const downloads = exchange()?.downloads
          const fault = downloads?.blockEnd(peer, piece, begin, length, isKept)
          if (fault) this.break(peer, fault)
          else downloads?.fill(peer)
        },
        message: (id, body) => {
          if (peer.isClosed) return
          const fault = takeMessage(context, peer, id, body)
          if (fault) this.break(peer, fault)
        },
      },
      bytes => {
        // Among many peers most messages are news of a piece, and come many at once.
        if (peer.hasNews) {
          peer.hasNews = false
          exchange()?.downloads.fill(peer)
        }
        onRead(peer, bytes)
      },
      fault => this.break(peer, fault),
    )
    onChanged()
    return true
  }

  /** A breach of the protocol ends the connection; an honest client never comes to it. */
  break(peer: Peer, fault: string): void {
    if (peer.isClosed) return
    this.#faults.set(peer, fault)
    peer.destroy(fault)
  }

  closeAll(reason: string): void {
    const end = () => {
      for (const peer of [...this.#init.peers.values()]) peer.destroy(reason)
    }
    const exchange = this.#init.exchange()
    if (exchange) exchange.removeAll(end)
    else end()
  }

  /** The torrent turned out to be private: whom its trackers did not name is no company for it (BEP 27). */
  keepPrivate(): void {
    for (const peer of [...this.#init.peers.values()])
      if (peer.source !== 'web seed' && !isPrivateSource(peer.source)) peer.destroy('the torrent is private')
  }

  /** Called every second. */
  tick(nowMs: number): void {
    const exchange = this.#init.exchange()
    if (this.#shared.buffers.isWanted)
      exchange?.downloads.drop((_, { touchedAtMs }) => nowMs - touchedAtMs < staleMs)
    for (const peer of this.#init.peers.values()) {
      peer.pipeline.onSecond(peer.down.rate())
      peer.patience.onSecond()
      if (peer.waitedMs(peer.lastHeardAtMs, nowMs) > silenceMs) peer.destroy('silent')
      else if (nowMs - peer.lastSentAtMs > keepAliveMs) peer.write(writeKeepAlive())
      // What a peer that is gone would be taken to have nobody would forget again.
      if (!exchange || peer.isClosed) continue
      exchange.pieces.retryRefused(peer, nowMs)
      const isIdle = nowMs - Math.max(peer.joinedAtMs, peer.lastBlockAtMs) > idleSeedsMs
      if (peer.isSeed && exchange.content.have.isFull && isIdle) peer.destroy('both are seeds')
      else if (peer.outstanding > 0 && peer.waitedMs(peer.lastBlockAtMs, nowMs) > snubMs)
        this.#snub(peer, exchange, nowMs)
      else exchange.fill(peer)
    }
  }

  /** What it was asked for is asked of others; one request stays, to notice when it sends again. */
  #snub(peer: Peer, exchange: PieceExchange, nowMs: number): void {
    peer.isSnubbed = true
    peer.lastBlockAtMs = nowMs
    peer.pipeline.restart()
    exchange.downloads.release(peer, true)
    exchange.fillAll()
  }

  #refusal(peerId: Uint8Array, address: string, isIncoming: boolean): string | undefined {
    const { peers, ownPeerId, maxPeers } = this.#init
    if (Buffer.compare(peerId, ownPeerId) === 0) return 'connected to itself'
    if (this.#shared.isBanned(address)) return 'banned'
    const host = hostOf(address)
    let fromHost = 0
    for (const peer of peers.values()) {
      if (hostOf(peer.address) === host) fromHost++
      if (Buffer.compare(peer.peerId, peerId) !== 0) continue
      // Both sides dialled at once: both keep the connection that the smaller id made.
      const isOursSmaller = Buffer.compare(ownPeerId, peerId) < 0
      const other = hostOf(peer.address)
      // Whoever saw the id of a peer may give himself out for it: he keeps neither its place nor it out.
      if (isElsewhere(host, other)) continue
      if (other !== host || peer.socket.isIncoming === isIncoming || isOursSmaller === isIncoming)
        return 'connected already'
      peer.destroy('connected twice')
    }
    if (fromHost >= maxPeersAHost) return 'too many connections to one host'
    if (peers.size >= maxPeers()) return this.#makePlace(fromHost) ? undefined : 'too many peers'
    return this.#shared.connections.makePlace(peers) ? undefined : 'too many connections'
  }

  /**
   * Ends a connection of the host that has most of them, for a newcomer from one that has fewer: nobody fills a torrent alone.
   * The youngest that came to us goes, and only one that neither gave nor took anything.
   */
  #makePlace(fromNewcomersHost: number): boolean {
    const perHost = new Map<string, Peer[]>()
    for (const peer of this.#init.peers.values()) {
      const host = hostOf(peer.address)
      perHost.set(host, [...(perHost.get(host) ?? []), peer])
    }
    let most: Peer[] = []
    for (const ofHost of perHost.values()) if (ofHost.length > most.length) most = ofHost
    if (most.length <= fromNewcomersHost + 1) return false
    const victim = most.findLast(
      ({ socket, down, up }) => socket.isIncoming && down.total < maxIdleBytes && up.total === 0,
    )
    victim?.destroy('its place goes to another host')
    return victim !== undefined && this.#init.maxPeers() > 0
  }

  #onClosed(peer: Peer): void {
    const { peers, exchange, extensions, onClosed, onChanged } = this.#init
    if (!peers.delete(peer.id)) return
    this.#shared.connections.ended(peers)
    // First of all: that it is a seed is not known any more once its pieces are forgotten.
    onClosed(peer, this.#faults.get(peer))
    exchange()?.removePeer(peer)
    extensions().remove(peer)
    this.#shared.turns.forget(peer)
    this.#shared.reads.forget(peer.socket)
    onChanged()
  }
}

/** Whether two hosts are surely not one: a machine has one public address of a family, and any number of others. */
function isElsewhere(host: string, other: string): boolean {
  const isOneFamily = host.includes(':') === other.includes(':')
  return host !== other && isOneFamily && isPublicAddress(host) && isPublicAddress(other)
}
