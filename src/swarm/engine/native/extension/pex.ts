import { type PexPeer, readPex, writePex } from './pex-message.ts'

/** BEP 11: no more than one message a minute, and no more than 50 peers added in one, and as many dropped. */
const messageEveryMs = 60_000
const maxAdded = 50
const maxDropped = 50
/** Clocks and networks are not exact: a message that comes a little early is read too. */
const readEveryMs = 45_000
/** New peers that a torrent hears of in an hour; its peer book holds no more. */
const maxHeard = 1_000
const heardForMs = 3_600_000

/** What one peer is told of the others (BEP 11): what has changed since it was told last, once a minute. */
export class PexOutbox {
  readonly #now: () => number
  readonly #told = new Set<string>()
  #dueAtMs = 0

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
    this.#dueAtMs = now()
  }

  /**
   * The payload to send now, `undefined` where none is due or nothing has changed.
   *
   * @param connected the peers that others can connect to; looked at only when a message is due
   */
  next(connected: Iterable<PexPeer>): Uint8Array | undefined {
    const nowMs = this.#now()
    if (nowMs < this.#dueAtMs) return undefined
    const gone = new Set(this.#told)
    const added: PexPeer[] = []
    for (const peer of connected) {
      gone.delete(peer.address)
      if (!this.#told.has(peer.address) && added.length < maxAdded) {
        added.push(peer)
        this.#told.add(peer.address)
      }
    }
    const dropped = [...gone].slice(0, maxDropped)
    if (added.length === 0 && dropped.length === 0) return undefined
    for (const address of dropped) this.#told.delete(address)
    this.#dueAtMs = nowMs + messageEveryMs
    return writePex(added, dropped)
  }
}

/** Takes in what peers tell of others (BEP 11), a message a minute of each, and 1,000 new peers an hour of all together. */
export class PexIntake {
  readonly #now: () => number
  readonly #nextReadMs = new Map<number, number>()
  readonly #heard = new Set<string>()
  #heardSinceMs: number

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
    this.#heardSinceMs = now()
  }

  /** The addresses of a message that have not been heard within the hour; none where it comes too soon or is none at all. */
  take(peer: number, payload: Uint8Array): readonly string[] {
    const nowMs = this.#now()
    if (nowMs < (this.#nextReadMs.get(peer) ?? 0)) return []
    this.#nextReadMs.set(peer, nowMs + readEveryMs)
    if (nowMs - this.#heardSinceMs >= heardForMs) {
      this.#heard.clear()
      this.#heardSinceMs = nowMs
    }
    const fresh: string[] = []
    for (const address of readPex(payload)?.added ?? []) {
      if (this.#heard.size >= maxHeard) break
      if (this.#heard.has(address)) continue
      this.#heard.add(address)
      fresh.push(address)
    }
    return fresh
  }

  removePeer(peer: number): void {
    this.#nextReadMs.delete(peer)
  }
}
