import { hash } from 'node:crypto'

/** A block as it came, and who sent it. The bytes are only lent. */
export interface SentBlock {
  readonly sender: string
  readonly bytes: Uint8Array
}

const maxPieces = 64

/**
 * Who sent the bad block of a piece that failed its hash. Where one peer sent all of it there is no doubt; else a digest of
 * each block is kept, and once the piece is had those whose block was another one are found out.
 */
export class Suspects {
  readonly #pieces = new Map<number, { sender: string; digest: string }[][]>()

  isSuspected(piece: number): boolean {
    return this.#pieces.has(piece)
  }

  /** The piece failed; answers who is certain to have lied. */
  failed(piece: number, blocks: Iterable<SentBlock>): string[] {
    const digests: { sender: string; digest: string }[] = []
    const senders = new Set<string>()
    for (const { sender, bytes } of blocks) {
      senders.add(sender)
      digests.push({ sender, digest: hash('sha1', bytes, 'base64') })
    }
    if (senders.size === 1) return [...senders]
    const earlier = this.#pieces.get(piece) ?? []
    this.#pieces.set(piece, [...earlier.slice(-1), digests])
    const [oldest] = this.#pieces.keys()
    if (this.#pieces.size > maxPieces && oldest !== undefined) this.#pieces.delete(oldest)
    return []
  }

  /** The piece is had; answers who sent other bytes for it before. */
  verified(piece: number, blocks: Iterable<SentBlock>): string[] {
    const attempts = this.#pieces.get(piece)
    this.#pieces.delete(piece)
    if (!attempts) return []
    const liars = new Set<string>()
    let block = 0
    for (const { bytes } of blocks) {
      const digest = hash('sha1', bytes, 'base64')
      for (const attempt of attempts) {
        const sent = attempt[block]
        if (sent && sent.digest !== digest) liars.add(sent.sender)
      }
      block++
    }
    return [...liars]
  }
}
