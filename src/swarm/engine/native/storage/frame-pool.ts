import { blockHeaderLength, blockLength } from '../wire/message.ts'
import { Idleness } from './idleness.ts'

/** Blocks that are read and sent together. */
export const blocksPerFrames = 64
/** A block with its header, as it goes over the wire. */
export const frameLength = blockHeaderLength + blockLength

/**
 * A stretch of a torrent's content as it goes over the wire: each block behind its header, so that any run of blocks is one
 * write without copying.
 */
export interface Frames {
  readonly bytes: Buffer
  /** Where each block's bytes lie, behind its header. */
  readonly blocks: readonly Uint8Array[]
  /** A byte a block: 1 where its bytes are there. */
  readonly isThere: Uint8Array
  /** Writes that have not been flushed, and a load under way: the bytes must stay as they are. */
  users: number
  lastUsed: number
  /** Lets its reader forget it. */
  evict: (() => void) | undefined
}

/** About 32 MiB over all torrents. */
const maxFrames = 32

/** The frames of an engine, over all torrents: the least lately used make room. Memory is taken as it is needed. */
export class FramePool {
  #frames: Frames[] = []
  readonly #idleness = new Idleness()
  readonly #waiting = new Set<() => void>()
  #clock = 0

  /** Frames to fill, used once already; `undefined` where all are in use: see {@link whenFree}. */
  take(evict: () => void): Frames | undefined {
    let oldest: Frames | undefined
    for (const frames of this.#frames) {
      if (frames.users === 0 && (!oldest || frames.lastUsed < oldest.lastUsed)) oldest = frames
    }
    const isSpare = oldest && oldest.evict === undefined
    if (!isSpare && this.#frames.length < maxFrames) {
      oldest = makeFrames()
      this.#frames.push(oldest)
    }
    if (!oldest) return undefined
    oldest.evict?.()
    oldest.evict = evict
    this.use(oldest)
    return oldest
  }

  /** Called every second: once nothing was sent for half a minute the frames that are not in use go. */
  onSecond(): void {
    if (!this.#idleness.onSecond()) return
    for (const { users, evict } of this.#frames) if (users === 0) evict?.()
    this.#frames = this.#frames.filter(({ users }) => users > 0)
  }

  use(frames: Frames): void {
    this.#idleness.used()
    frames.users++
    frames.lastUsed = ++this.#clock
  }

  release(frames: Frames): void {
    frames.users--
    if (frames.users > 0 || this.#waiting.size === 0) return
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const retry of waiting) retry()
  }

  /** Calls back once, when frames have come free. The same function waits once only. */
  whenFree(retry: () => void): void {
    this.#waiting.add(retry)
  }
}

function makeFrames(): Frames {
  const bytes = Buffer.allocUnsafeSlow(blocksPerFrames * frameLength)
  const blocks = Array.from({ length: blocksPerFrames }, (_, index) => {
    const at = index * frameLength + blockHeaderLength
    return bytes.subarray(at, at + blockLength)
  })
  return { bytes, blocks, isThere: new Uint8Array(blocksPerFrames), users: 0, lastUsed: 0, evict: undefined }
}
