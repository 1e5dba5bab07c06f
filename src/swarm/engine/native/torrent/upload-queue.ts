/** Requests that a peer may leave unanswered; more are dropped, and we say so in `reqq`. */
export const maxQueuedRequests = 2_000
/** A peer that asks for one piece over and over must not make its list grow. */
const compactAfter = 4_096

/** What a peer asked for of one piece, in the order asked. */
class PieceRequests {
  readonly piece: number
  readonly begins: number[] = []
  readonly lengths: number[] = []
  next = 0

  constructor(piece: number) {
    this.piece = piece
  }

  get size(): number {
    return this.begins.length - this.next
  }
}

/** The requests of one peer that wait to be answered, by piece, so that a run of blocks is found without a search. */
export class UploadQueue {
  readonly #pieces = new Map<number, PieceRequests>()
  #size = 0

  get size(): number {
    return this.#size
  }

  /** Pieces that are asked for, in the order in which they first were. */
  pieces(): IterableIterator<number> {
    return this.#pieces.keys()
  }

  /** `false` where too many wait already. */
  add(piece: number, begin: number, length: number): boolean {
    if (this.#size >= maxQueuedRequests) return false
    let requests = this.#pieces.get(piece)
    if (!requests) {
      requests = new PieceRequests(piece)
      this.#pieces.set(piece, requests)
    }
    requests.begins.push(begin)
    requests.lengths.push(length)
    this.#size++
    return true
  }

  /** How many requests of a piece wait: what it takes to look for one of them. */
  sizeOf(piece: number): number {
    return this.#pieces.get(piece)?.size ?? 0
  }

  /** Takes a request back; whether it was waiting. */
  cancel(piece: number, begin: number, length: number): boolean {
    const requests = this.#pieces.get(piece)
    if (!requests) return false
    for (let at = requests.next; at < requests.begins.length; at++) {
      if (requests.begins[at] !== begin || requests.lengths[at] !== length) continue
      requests.begins.splice(at, 1)
      requests.lengths.splice(at, 1)
      this.#shrink(requests, 1)
      return true
    }
    return false
  }

  /** The piece that was asked for first; -1 where nothing waits. */
  firstPiece(): number {
    for (const piece of this.#pieces.keys()) return piece
    return -1
  }

  /** Where the first block that is asked for of a piece begins; -1 where none is. */
  beginOf(piece: number): number {
    const requests = this.#pieces.get(piece)
    return requests ? requests.begins[requests.next]! : -1
  }

  lengthOf(piece: number): number {
    const requests = this.#pieces.get(piece)!
    return requests.lengths[requests.next]!
  }

  /** How many requests of a piece, from its first on and at most `most`, are for whole blocks that follow each other. */
  runOf(piece: number, pieceSize: number, blockLength: number, most: number): number {
    const { begins, lengths, next } = this.#pieces.get(piece)!
    const limit = Math.min(most, begins.length - next)
    let run = 1
    for (; run < limit; run++) {
      const begin = begins[next + run]!
      if (begin !== begins[next]! + run * blockLength) break
      if (lengths[next + run] !== Math.min(blockLength, pieceSize - begin)) break
    }
    return run
  }

  /** Forgets the first `count` requests of a piece: they are answered. */
  drop(piece: number, count: number): void {
    const requests = this.#pieces.get(piece)!
    requests.next += count
    if (requests.next > compactAfter) {
      requests.begins.splice(0, requests.next)
      requests.lengths.splice(0, requests.next)
      requests.next = 0
    }
    this.#shrink(requests, count)
  }

  /** Forgets all that was asked of a piece; calls back for each request. */
  dropPiece(piece: number, onDropped: (begin: number, length: number) => void): void {
    const requests = this.#pieces.get(piece)
    if (!requests) return
    const { begins, lengths, next, size } = requests
    this.#pieces.delete(piece)
    this.#size -= size
    for (let at = next; at < begins.length; at++) onDropped(begins[at]!, lengths[at]!)
  }

  /** Forgets everything; calls back for each request, where somebody has to be told. */
  clear(onDropped?: (piece: number, begin: number, length: number) => void): void {
    for (const { piece, begins, lengths, next } of this.#pieces.values()) {
      if (onDropped) for (let at = next; at < begins.length; at++) onDropped(piece, begins[at]!, lengths[at]!)
    }
    this.#pieces.clear()
    this.#size = 0
  }

  #shrink(requests: PieceRequests, count: number): void {
    this.#size -= count
    if (requests.size === 0) this.#pieces.delete(requests.piece)
  }
}
