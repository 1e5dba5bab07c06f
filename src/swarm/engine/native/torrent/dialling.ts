import type { PeerStats } from '../../../engine.ts'
import type { DialClient, Dialer, OurHandshake } from '../connection/dialer.ts'
import type { Negotiated } from '../connection/negotiate.ts'
import { type Candidate, PeerBook, type PeerSource } from '../peer-book/peer-book.ts'
import type { Peer } from './peer.ts'

export interface DiallingInit {
  readonly dialer: Dialer
  readonly handshake: () => OurHandshake
  /** How many more peers there is room for. */
  readonly room: () => number
  readonly isSeeding: () => boolean
  readonly mayDial: (address: string, source: PeerSource) => boolean
  readonly onConnected: (negotiated: Negotiated, address: string, source: PeerStats['source']) => boolean
}

const extraDials = 4
const lookAgainMs = 15_000

/** Which of a torrent's known peers are dialled, and when again. */
export class Dialling implements DialClient<Candidate> {
  readonly #init: DiallingInit
  readonly #book = new PeerBook()
  #dialling = 0
  #isPaused = false
  #timer: NodeJS.Timeout | undefined

  constructor(init: DiallingInit) {
    this.#init = init
  }

  add(addresses: readonly string[], source: PeerSource): void {
    let isAny = false
    for (const address of addresses) if (this.#book.add(address, source)) isAny = true
    if (isAny) this.kick()
  }

  /** There may be room, or somebody, again. */
  kick(): void {
    if (!this.#isPaused) this.#init.dialer.want(this)
  }

  pause(): void {
    this.#isPaused = true
    clearTimeout(this.#timer)
    this.#init.dialer.forget(this)
  }

  resume(): void {
    this.#isPaused = false
    this.#book.forgive()
    this.kick()
  }

  next(): ReturnType<DialClient<Candidate>['next']> {
    const { room, isSeeding, mayDial } = this.#init
    if (this.#isPaused) return undefined
    // Whoever a person named is dialled though all places are taken: one of a crowd from a single host may go for it.
    const extra = this.#book.hasUntriedGood ? extraDials : 0
    if (room() + extra - this.#dialling <= 0) {
      // Nobody tells when another torrent leaves its places.
      this.#kickIn(lookAgainMs)
      return undefined
    }
    for (;;) {
      const found = this.#book.next(isSeeding())
      if ('waitMs' in found) {
        this.#kickIn(found.waitMs)
        return undefined
      }
      if (!mayDial(found.address, found.source)) {
        this.#book.forget(found.address)
        continue
      }
      this.#dialling++
      return { host: found.host, port: found.port, candidate: found, isPlain: found.isPlain }
    }
  }

  handshake(): OurHandshake {
    return this.#init.handshake()
  }

  onConnected(candidate: Candidate, negotiated: Negotiated): void {
    this.#dialling--
    this.#book.connected(candidate)
    if (this.#isPaused) {
      negotiated.socket.destroy('paused')
      this.#book.ended(candidate, false)
      return
    }
    // Connected already, or no place any more: it is tried again later.
    if (!this.#init.onConnected(negotiated, candidate.address, candidate.source))
      this.#book.ended(candidate, true)
  }

  onFailed(candidate: Candidate, _reason: string, isEncryptionRefused: boolean): void {
    this.#dialling--
    this.#book.ended(candidate, true)
    // Where a plain one fails too it was not for the encryption: the next one is hidden again, lest who takes no other be lost.
    candidate.isPlain = isEncryptionRefused
    if (isEncryptionRefused) this.#book.retryNow(candidate)
    this.kick()
  }

  /** A connection has ended; `isFault` where the peer broke the protocol. */
  lost(peer: Peer, isFault: boolean): void {
    const candidate = this.#book.get(peer.address)
    if (candidate && candidate.state === 'connected' && !peer.socket.isIncoming) {
      candidate.isSeed = peer.isSeed
      this.#book.ended(candidate, isFault)
    }
    this.kick()
  }

  #kickIn(waitMs: number): void {
    clearTimeout(this.#timer)
    if (waitMs === Number.POSITIVE_INFINITY) return
    this.#timer = setTimeout(() => this.kick(), waitMs)
    this.#timer.unref()
  }
}
