import { blockLength } from '../wire/message.ts'
import { Idleness } from './idleness.ts'

/** Memory in which the blocks of one piece are gathered, shared with the threads that verify it. */
export interface PieceBuffer {
  readonly id: number
  readonly memory: SharedArrayBuffer
  /** All of `memory`; the piece takes its beginning. */
  readonly bytes: Buffer
}

/** What pieces on their way may take, over all torrents: what a fast peer is asked for ahead of time, twice. */
const defaultBudgetBytes = 32 * 1024 * 1024
/** So many pieces are let through however long they are, so that more than one peer has something to send. */
const leastPieces = 4

/**
 * The memory for pieces that are being fetched: buffers of powers of two, handed out again rather than made anew, because fresh
 * pages cost more than what is written to them. Beyond the budget nothing is handed out until something comes back: that is
 * what holds fetching to the pace of hashing and of the disk.
 */
export class PieceBuffers {
  readonly #budgetBytes: number
  readonly #free = new Map<number, PieceBuffer[]>()
  readonly #waiting = new Set<() => void>()
  readonly #onDropped: (id: number) => void
  readonly #idleness = new Idleness()
  #heldBytes = 0
  #usedBytes = 0
  #nextId = 0

  /** @param onDropped called with the id of a buffer that will not come again */
  constructor(onDropped: (id: number) => void, budgetBytes = defaultBudgetBytes) {
    this.#onDropped = onDropped
    this.#budgetBytes = budgetBytes
  }

  /** Bytes handed out. */
  get usedBytes(): number {
    return this.#usedBytes
  }

  /** Whether a piece of that length would get a buffer now. */
  hasRoom(length: number): boolean {
    const size = classOf(length)
    return this.#usedBytes + size <= Math.max(this.#budgetBytes, leastPieces * size)
  }

  /** Whether anybody waits for memory. */
  get isWanted(): boolean {
    return this.#waiting.size > 0
  }

  /**
   * A buffer of at least `length` bytes, of whatever content; `undefined` while the budget is used up.
   *
   * @param isOnly the torrent has no other: it gets one beyond the budget, up to twice of it, so that others cannot keep it from all
   */
  take(length: number, isOnly = false): PieceBuffer | undefined {
    const size = classOf(length)
    const isAllowed = isOnly && this.#usedBytes + size <= 2 * this.#budgetBytes
    if (!isAllowed && !this.hasRoom(length)) return undefined
    this.#usedBytes += size
    this.#idleness.used()
    const free = this.#free.get(size)?.pop()
    if (free) return free
    this.#makeRoom(size)
    const memory = new SharedArrayBuffer(size)
    this.#heldBytes += size
    return { id: this.#nextId++, memory, bytes: Buffer.from(memory) }
  }

  giveBack(buffer: PieceBuffer): void {
    const size = buffer.bytes.length
    this.#usedBytes -= size
    const free = this.#free.get(size) ?? []
    this.#free.set(size, free)
    free.push(buffer)
    if (this.#waiting.size > 0) queueMicrotask(() => this.#wake())
    if (this.#heldBytes > this.#budgetBytes) this.#makeRoom(0)
  }

  /** Calls back once, when something has come back. The same function waits once only. */
  whenFree(retry: () => void): void {
    this.#waiting.add(retry)
  }

  /** Called every second: once no piece was begun for half a minute every buffer that is not handed out goes. */
  onSecond(): void {
    if (this.#idleness.onSecond())
      for (const [size, free] of this.#free) for (const buffer of free.splice(0)) this.#drop(buffer, size)
  }

  #wake(): void {
    const waiting = [...this.#waiting]
    const served: (() => void)[] = []
    this.#waiting.clear()
    for (const retry of waiting) {
      const before = this.#usedBytes
      retry()
      if (this.#usedBytes > before && this.#waiting.delete(retry)) served.push(retry)
    }
    // Whoever got something and wants more is behind those who got nothing.
    for (const retry of served) this.#waiting.add(retry)
  }

  #makeRoom(needed: number): void {
    for (const [size, free] of this.#free) {
      while (this.#heldBytes + needed > this.#budgetBytes) {
        const buffer = free.pop()
        if (!buffer) break
        this.#drop(buffer, size)
      }
    }
  }

  #drop({ id }: PieceBuffer, size: number): void {
    this.#heldBytes -= size
    this.#onDropped(id)
  }
}

/** The smallest power of two that takes `length` bytes, one block at least. */
function classOf(length: number): number {
  let size = blockLength
  while (size < length) size *= 2
  return size
}
