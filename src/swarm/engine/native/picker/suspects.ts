import { hash } from 'node:crypto'

/** A block as it came, and who sent it: an empty name where that is not known. The bytes are only lent. */
export interface SentBlock {
  readonly sender: string
  readonly bytes: Uint8Array
}

/** One way in which a piece came: who sent each block, and the digests of all, end to end. */
interface Attempt {
  readonly senders: readonly string[]
  readonly digests: Buffer
}

const digestBytes = 20
const maxPieces = 64
const maxAttempts = 2
/** Blocks remembered of all pieces together: 2 MB. */
const maxBlocks = 65_536

/**
 * Who sent the bad block of a piece that failed its hash. Where one peer sent all of it there is no doubt; else a digest of
 * each block is kept, and once the piece is had those whose block was another one are found out.
 */
export class Suspects {
  readonly #pieces = new Map<number, readonly Attempt[]>()
  #blocks = 0

  isSuspected(piece: number): boolean {
    return this.#pieces.has(piece)
  }

  /** The piece failed; answers who is certain to have lied. */
  failed(piece: number, blocks: Iterable<SentBlock>): string[] {
    const sent = [...blocks]
    const senders = sent.map(({ sender }) => sender)
    const [only, ...others] = new Set(senders)
    if (only !== undefined && others.length === 0) return only === '' ? [] : [only]
    const attempts = [...(this.#pieces.get(piece) ?? []), { senders, digests: digestsOf(sent) }]
    this.#forget(piece)
    this.#remember(piece, attempts.slice(-maxAttempts))
    return []
  }

  /** The piece is had; answers who sent other bytes for it before. */
  verified(piece: number, blocks: Iterable<SentBlock>): string[] {
    const attempts = this.#pieces.get(piece)
    if (!attempts) return []
    this.#forget(piece)
    const right = digestsOf([...blocks])
    const liars = new Set<string>()
    for (const { senders, digests } of attempts) {
      if (digests.length !== right.length) continue
      for (const [block, sender] of senders.entries()) {
        const at = block * digestBytes
        if (digests.compare(right, at, at + digestBytes, at, at + digestBytes) !== 0) liars.add(sender)
      }
    }
    liars.delete('')
    return [...liars]
  }

  #remember(piece: number, attempts: readonly Attempt[]): void {
    this.#pieces.set(piece, attempts)
    this.#blocks += blocksOf(attempts)
    for (const oldest of this.#pieces.keys()) {
      if (this.#pieces.size <= maxPieces && this.#blocks <= maxBlocks) return
      this.#forget(oldest)
    }
  }

  #forget(piece: number): void {
    const attempts = this.#pieces.get(piece)
    if (!attempts) return
    this.#pieces.delete(piece)
    this.#blocks -= blocksOf(attempts)
  }
}

function digestsOf(blocks: readonly SentBlock[]): Buffer {
  return Buffer.concat(blocks.map(({ bytes }) => hash('sha1', bytes, 'buffer')))
}

function blocksOf(attempts: readonly Attempt[]): number {
  return attempts.reduce((sum, { senders }) => sum + senders.length, 0)
}
