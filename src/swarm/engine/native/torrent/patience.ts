/** What a peer may spend at once, and what is given back every second. */
const most = 100
const backASecond = 10

/** What messages cost that make more work than their bytes: no honest client comes near the limit. */
export const messageCost = {
  /** What it was asked for is given to others. */
  choke: 1,
  extendedHandshake: 1,
} as const

const piecesAUnit = 20_000

/**
 * What it costs to say anew which pieces one has: each is counted. aria2 does so many times a second, instead of haves. Once at
 * least everybody may, whatever the number of pieces.
 */
export function costOfAll(pieceCount: number): number {
  return Math.min(pieceCount / piecesAUnit, most * 0.9)
}

const blocksAUnit = 10_000

/** What it costs to have a piece no more: once it is had again, each block of it is looked at. */
export function costOfLoss(blocksAPiece: number): number {
  return blocksAPiece / blocksAUnit
}

const lookedAtAUnit = 50_000

/** What it costs to take a request back that is looked for among so many. */
export function costOfSearch(requests: number): number {
  return requests / lookedAtAUnit
}

/** Holds a peer to messages that the loop can bear, where a few bytes make work for many pieces or peers. */
export class Patience {
  #left = most

  /** Whether it can bear this one too. */
  bears(cost: number): boolean {
    this.#left -= cost
    return this.#left >= 0
  }

  /** Called every second. */
  onSecond(): void {
    this.#left = Math.min(most, this.#left + backASecond)
  }
}
