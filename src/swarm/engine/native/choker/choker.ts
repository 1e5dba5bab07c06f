/** What the choker has to know of a peer. Rates are bytes per second, times from a monotonic clock. */
export interface ChokePeer {
  readonly id: number
  readonly isInterested: boolean
  readonly isChoked: boolean
  readonly isSnubbed: boolean
  readonly downloadRate: number
  readonly uploadRate: number
  readonly unchokedAtMs: number
  readonly joinedAtMs: number
}

const optimisticMs = 30_000
/** A peer that came so lately is three times as likely to be tried: it has nothing to give yet (BEP 3). */
const newcomerMs = 60_000
const newcomerWeight = 3
/** While seeding, a peer keeps its place for so long before others get theirs. */
const turnMs = 60_000
const bytesPerSlot = 64 * 1024
const leastSlots = 4
const mostSlots = 50

/** How many peers are sent to at once: so many that each gets a rate worth having. */
export function slotsFor(uploadBytesPerSecond: number | undefined): number {
  if (uploadBytesPerSecond === undefined) return mostSlots
  return Math.min(Math.max(Math.floor(uploadBytesPerSecond / bytesPerSlot), leastSlots), mostSlots)
}

/**
 * Who is sent to. While fetching, those who send most to us, and one by chance who may turn out better (BEP 3). While
 * seeding, everybody in turn: who had a place longest gives way, the quickest last.
 */
export class Choker {
  slots: number
  readonly #random: () => number
  #optimistic: number | undefined
  #optimisticSinceMs = Number.NEGATIVE_INFINITY

  constructor({ slots, random = Math.random }: { slots: number; random?: (() => number) | undefined }) {
    this.slots = slots
    this.#random = random
  }

  /** The peer that has its place by chance. */
  get optimistic(): number | undefined {
    return this.#optimistic
  }

  /** The peers to be unchoked now; all others are to be choked. */
  round(
    peers: readonly ChokePeer[],
    { isSeeding, nowMs }: { isSeeding: boolean; nowMs: number },
  ): ReadonlySet<number> {
    const candidates = peers.filter(peer => peer.isInterested)
    if (candidates.length <= this.slots) {
      this.#optimistic = undefined
      return new Set(candidates.map(({ id }) => id))
    }
    const ranked = isSeeding ? rankForSeed(candidates, nowMs) : rankForLeech(candidates)
    const chosen = new Set(ranked.slice(0, Math.max(this.slots - 1, 0)).map(({ id }) => id))
    this.#chooseOptimistic(
      candidates.filter(({ id }) => !chosen.has(id)),
      nowMs,
    )
    if (this.#optimistic !== undefined) chosen.add(this.#optimistic)
    return chosen
  }

  #chooseOptimistic(rest: readonly ChokePeer[], nowMs: number): void {
    const isStill = rest.some(({ id }) => id === this.#optimistic)
    if (isStill && nowMs - this.#optimisticSinceMs < optimisticMs) return
    this.#optimisticSinceMs = nowMs
    const weights = rest.map(({ joinedAtMs }) => (nowMs - joinedAtMs < newcomerMs ? newcomerWeight : 1))
    let at = this.#random() * weights.reduce((sum, weight) => sum + weight, 0)
    const index = weights.findIndex(weight => {
      at -= weight
      return at < 0
    })
    this.#optimistic = rest[index]?.id
  }
}

/** Who sends most first; who was asked and sends nothing comes last. */
function rankForLeech(peers: readonly ChokePeer[]): ChokePeer[] {
  const claim = ({ isSnubbed, downloadRate }: ChokePeer) => (isSnubbed ? -1 : downloadRate)
  return [...peers].sort((a, b) => claim(b) - claim(a) || a.joinedAtMs - b.joinedAtMs)
}

/** Those within their turn keep it, the quickest first; then those who have waited longest. */
function rankForSeed(peers: readonly ChokePeer[], nowMs: number): ChokePeer[] {
  const isInTurn = (peer: ChokePeer) => !peer.isChoked && nowMs - peer.unchokedAtMs < turnMs
  return [...peers].sort((a, b) => {
    const order = Number(isInTurn(b)) - Number(isInTurn(a))
    if (order !== 0) return order
    if (isInTurn(a)) return b.uploadRate - a.uploadRate
    return a.unchokedAtMs - b.unchokedAtMs
  })
}
