import { blockLength } from '../wire/message.ts'

const leastRequests = 16
/** Before a piece of the peer has passed its hash: a liar is to be found out before it has sent much. */
const untriedRequests = 64
/** As many as keep a connection of a gigabyte a second busy for 16 ms; more only wait in the peer's memory. */
export const mostRequests = 1_024
/** What a peer that does not say otherwise may be asked for without dropping requests (BEP 10: `reqq`). */
const usualQueue = 250
/** Requests are kept for this long at the rate of the moment: longer than there and back nearly anywhere. */
const aheadSeconds = 1.5
/** While the rate grows by this much in a second, it is not the peer's limit yet. */
const growth = 1.2

/**
 * How many blocks to ask a peer for ahead of time. Begins low and grows with every block that comes, so that a fast peer is busy
 * after some milliseconds; once the rate no longer grows it follows the rate.
 */
export class Pipeline {
  #target = leastRequests * 2
  #limit = usualQueue
  #isGrowing = true
  #isTried = false
  #lastRate = 0

  get target(): number {
    return this.#target
  }

  /** The peer said how many requests it keeps. */
  setPeerLimit(requests: number): void {
    this.#limit = Math.max(1, Math.min(requests, mostRequests))
    this.#target = Math.min(this.#target, this.#limit)
  }

  onBlock(): void {
    if (this.#isGrowing && this.#target < this.#most) this.#target++
  }

  /** A piece that the peer had a part in passed its hash. */
  onIntact(): void {
    this.#isTried = true
  }

  /** Called every second with the rate of the last one. */
  onSecond(bytesPerSecond: number): void {
    if (this.#isGrowing && bytesPerSecond > this.#lastRate * growth) {
      this.#lastRate = bytesPerSecond
      return
    }
    if (bytesPerSecond === 0) return
    this.#isGrowing = false
    this.#lastRate = bytesPerSecond
    const wanted = Math.ceil((bytesPerSecond * aheadSeconds) / blockLength)
    this.#target = Math.min(Math.max(wanted, leastRequests), this.#most)
  }

  get #most(): number {
    return this.#isTried ? this.#limit : Math.min(this.#limit, untriedRequests)
  }

  /** The peer let us wait: it has to show again what it can do. */
  restart(): void {
    this.#target = Math.min(leastRequests, this.#limit)
    this.#isGrowing = true
    this.#lastRate = 0
  }
}
