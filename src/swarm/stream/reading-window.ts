export interface ReadingWindowInit {
  readonly pieceLength: number
  /** Offset in the content up to which is read. */
  readonly endOffset: number
  readonly has: (piece: number) => boolean
  /** Takes the missing pieces of the window, the next one to be read first. */
  readonly hurry: (pieces: readonly number[]) => void
  /** Monotonic milliseconds. @default performance.now */
  readonly now?: (() => number) | undefined
}

const leastAheadBytes = 16 * 1024 * 1024
const aheadMs = 5_000
/** What an engine takes of a reader. */
const maxPieces = 1_000
const measureEveryMs = 250

/**
 * The pieces that a reader needs next: 16 MiB from where it is, or what it reads in 5 s where that is more. A slow player leaves
 * the rest of the torrent to be fetched rarest first, one that reads as fast as it can gets everything in order.
 */
export class ReadingWindow {
  readonly #init: ReadingWindowInit
  readonly #endPiece: number
  readonly #now: () => number
  #from = 0
  /** The piece after the last one; 0 before anything was read. */
  #to = 0
  #rate = 0
  #measuredMs: number
  #readBytes = 0

  constructor(init: ReadingWindowInit) {
    this.#init = init
    this.#endPiece = Math.ceil(init.endOffset / init.pieceLength)
    this.#now = init.now ?? (() => performance.now())
    this.#measuredMs = this.#now()
  }

  /** Reading goes on at `offset`. Costs next to nothing until a quarter of the window was left behind. */
  moveTo(offset: number): void {
    const piece = Math.floor(offset / this.#init.pieceLength)
    const isInside = piece >= this.#from && piece < this.#to
    const isFresh = this.#to === this.#endPiece || (piece - this.#from) * 4 < this.#to - this.#from
    if (!isInside || !isFresh) this.#name(piece)
  }

  /** So many bytes were read. */
  onRead(bytes: number): void {
    this.#readBytes += bytes
    const nowMs = this.#now()
    const tookMs = nowMs - this.#measuredMs
    if (tookMs < measureEveryMs) return
    const rate = this.#readBytes / tookMs
    this.#rate = this.#rate === 0 ? rate : (this.#rate + rate) / 2
    this.#measuredMs = nowMs
    this.#readBytes = 0
  }

  /** Takes everything back. */
  close(): void {
    this.#to = 0
    this.#init.hurry([])
  }

  #name(from: number): void {
    const { pieceLength, has, hurry } = this.#init
    const aheadBytes = Math.max(leastAheadBytes, this.#rate * aheadMs)
    const count = Math.min(Math.ceil(aheadBytes / pieceLength) + 1, maxPieces)
    const to = Math.min(from + count, this.#endPiece)
    const missing: number[] = []
    for (let piece = from; piece < to; piece++) if (!has(piece)) missing.push(piece)
    this.#from = from
    this.#to = to
    hurry(missing)
  }
}
