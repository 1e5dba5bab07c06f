import { frameLength } from './frame-pool.ts'

/** Longer runs are lent, not copied. */
export const copiedBlocks = 4
const memoryLength = copiedBlocks * frameLength
/** Kept for later, over all torrents: about 4 MiB. */
const maxSpare = 64

/**
 * Memory for short runs, which are copied before they are sent, so that many slow peers do not hold the frames of all. It is used
 * again: memory made anew for each run would be most of what the garbage collector has to do.
 */
export class RunCopies {
  readonly #spare: Buffer[] = []

  /** A copy of at most {@link copiedBlocks} blocks; given to {@link giveBack} once it is out. */
  copy(bytes: Uint8Array): Buffer {
    const memory = this.#spare.pop() ?? Buffer.allocUnsafeSlow(memoryLength)
    memory.set(bytes)
    return memory.subarray(0, bytes.length)
  }

  giveBack(copy: Buffer): void {
    if (this.#spare.length < maxSpare) this.#spare.push(Buffer.from(copy.buffer))
  }
}
