const maxQueriesPerSecond = 1_000
const maxQueriesPerAddress = 100
/** A walk asks some dozens of nodes; only one that is led on and on asks more. */
const maxRepliesPerWalk = 250
/** Twice as long as a query waits: when nothing was heard for so long, the walk is over. */
const quietMs = 5_000
const maxWalks = 1_000

/** How many queries are answered in a second: from one address, and from all together. */
export class QueryBudget {
  readonly #byAddress = new Map<string, number>()
  #second = 0
  #count = 0

  /** Counts one more at a time in milliseconds, and answers whether it is within the budget. */
  take(address: string, now: number): boolean {
    const second = Math.floor(now / 1_000)
    if (second !== this.#second) {
      this.#second = second
      this.#count = 0
      this.#byAddress.clear()
    }
    if (++this.#count > maxQueriesPerSecond) return false
    const count = (this.#byAddress.get(address) ?? 0) + 1
    this.#byAddress.set(address, count)
    return count <= maxQueriesPerAddress
  }
}

/**
 * How many replies a walk towards one target may learn of further nodes from. The library walks for as long as it is told of nodes
 * that are nearer, which a hostile node can go on with for ever.
 */
export class WalkBudget {
  readonly #walks = new Map<string, { replies: number; last: number }>()

  /** Counts one more reply at a time in milliseconds, and answers whether it is within the budget. */
  take(target: string, now: number): boolean {
    const known = this.#walks.get(target)
    const replies = known && now - known.last < quietMs ? known.replies + 1 : 1
    // Set anew, so that the walks which were quiet for the longest stand first.
    this.#walks.delete(target)
    this.#walks.set(target, { replies, last: now })
    const [quietest] = this.#walks.keys()
    if (this.#walks.size > maxWalks && quietest !== undefined) this.#walks.delete(quietest)
    return replies <= maxRepliesPerWalk
  }
}
