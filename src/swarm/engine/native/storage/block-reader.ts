import { type Bitfield, type Metainfo, realPieceSize } from '../../../../core/index.ts'
import type { ChunkStore } from '../../../store/chunk-store.ts'
import { blockLength, writeBlockHeader } from '../wire/message.ts'
import { blocksPerFrames, type FramePool, type Frames, frameLength } from './frame-pool.ts'

const framesLength = blocksPerFrames * blockLength

/** Blocks ready to be sent. Whoever got them releases the frames once the bytes are out. */
export interface Run {
  readonly frames: Frames
  /** The frames of the run, one after another. */
  readonly bytes: Buffer
  readonly blocks: number
}

/**
 * Reads what peers ask for, up to a megabyte at once: peers ask for blocks in order, and several for the same. Where pieces fill a
 * megabyte evenly, frames span pieces, so that small ones need not be read one by one.
 */
export class BlockReader {
  readonly #metainfo: Metainfo
  readonly #store: ChunkStore
  readonly #have: Bitfield
  readonly #pool: FramePool
  readonly #spansPieces: boolean
  readonly #framesPerPiece: number
  readonly #loaded = new Map<number, Frames>()
  readonly #loading = new Map<number, (() => void)[]>()

  constructor(metainfo: Metainfo, store: ChunkStore, have: Bitfield, pool: FramePool) {
    this.#metainfo = metainfo
    this.#store = store
    this.#have = have
    this.#pool = pool
    const { pieceLength, format } = metainfo
    // Of a v2 torrent, what fills a piece up behind its file is never sent: pieces do not follow each other without gaps.
    this.#spansPieces = format !== 'v2' && framesLength % pieceLength === 0 && pieceLength % blockLength === 0
    this.#framesPerPiece = Math.ceil(pieceLength / framesLength)
  }

  /** Whether a request is for one of the blocks that a piece is made of, which the frames hold ready; others are read alone. */
  isBlock(piece: number, begin: number, length: number): boolean {
    if (begin % blockLength !== 0) return false
    return length === Math.min(blockLength, this.#pieceSize(piece) - begin)
  }

  /**
   * The run of at most `maxBlocks` blocks from one on, as far as they are there; it then belongs to the caller until it is given to
   * {@link release}. `undefined`: ask for it with {@link load}.
   */
  take(piece: number, begin: number, maxBlocks: number): Run | undefined {
    const frames = this.#loaded.get(this.#framesOf(piece, begin))
    if (!frames) return undefined
    const at = this.#blockWithin(piece, begin)
    const size = this.#pieceSize(piece)
    const most = Math.min(maxBlocks, blocksPerFrames - at, Math.ceil((size - begin) / blockLength))
    let blocks = 0
    while (blocks < most && frames.isThere[at + blocks]) blocks++
    if (blocks === 0) return undefined
    const last = begin + (blocks - 1) * blockLength
    const short = blockLength - Math.min(blockLength, size - last)
    this.#pool.use(frames)
    return {
      frames,
      bytes: frames.bytes.subarray(at * frameLength, (at + blocks) * frameLength - short),
      blocks,
    }
  }

  release(run: Run): void {
    this.#pool.release(run.frames)
  }

  /**
   * Reads a block of a piece that is held, and with it what follows: as far as `maxBlocks`, what is held and not there yet, in the
   * same megabyte. Calls back when it is there, cannot be read, or may be tried again.
   */
  load(piece: number, begin: number, maxBlocks: number, onLoaded: (error?: unknown) => void): void {
    const key = this.#framesOf(piece, begin)
    const waiting = this.#loading.get(key)
    if (waiting) {
      waiting.push(onLoaded)
      return
    }
    const frames = this.#framesFor(key)
    if (!frames) {
      this.#pool.whenFree(onLoaded)
      return
    }
    const callbacks = [onLoaded]
    this.#loading.set(key, callbacks)
    const { offset, parts } = this.#layOut(frames, piece, begin, maxBlocks)
    const from = this.#blockWithin(piece, begin)
    const onEnd = (error?: unknown) => {
      this.#loading.delete(key)
      try {
        for (const callback of callbacks) callback(error)
      } finally {
        // Last: those who wait for frames would push out what was just read before anybody has taken it.
        this.#pool.release(frames)
      }
    }
    this.#store.readInto(offset, parts).then(() => {
      frames.isThere.fill(1, from, from + parts.length)
      onEnd()
    }, onEnd)
  }

  /** Reads bytes of a piece that are no block; beyond the end of the content, where some ask for them, there are zeros. */
  async readLoose(piece: number, begin: number, into: Uint8Array): Promise<void> {
    const length = Math.max(0, Math.min(into.length, this.#pieceSize(piece) - begin))
    into.fill(0, length)
    if (length > 0)
      await this.#store.read(piece * this.#metainfo.pieceLength + begin, into.subarray(0, length))
  }

  /** Forgets what was read: the files have changed. */
  clear(): void {
    for (const frames of this.#loaded.values()) frames.evict = undefined
    this.#loaded.clear()
  }

  /** The frames of a megabyte, in use; what is there already stays. */
  #framesFor(key: number): Frames | undefined {
    const known = this.#loaded.get(key)
    if (known) {
      this.#pool.use(known)
      return known
    }
    const frames = this.#pool.take(() => this.#loaded.delete(key))
    if (!frames) return undefined
    frames.isThere.fill(0)
    this.#loaded.set(key, frames)
    return frames
  }

  /** Writes the headers, and answers what is to be read and where to. */
  #layOut(
    frames: Frames,
    piece: number,
    begin: number,
    maxBlocks: number,
  ): { offset: number; parts: Uint8Array[] } {
    const { pieceLength, contentLength } = this.#metainfo
    const first = this.#blockWithin(piece, begin)
    const offset = piece * pieceLength + begin
    const end = this.#spansPieces ? contentLength : piece * pieceLength + this.#pieceSize(piece)
    const most = Math.min(maxBlocks, blocksPerFrames - first)
    const parts: Uint8Array[] = []
    for (let block = 0; block < most; block++) {
      const at = offset + block * blockLength
      const index = this.#spansPieces ? Math.floor(at / pieceLength) : piece
      if (at >= end || frames.isThere[first + block] || !this.#have.has(index)) break
      const length = Math.min(blockLength, end - at)
      writeBlockHeader(frames.bytes, (first + block) * frameLength, index, at - index * pieceLength, length)
      const bytes = frames.blocks[first + block]!
      parts.push(length === blockLength ? bytes : bytes.subarray(0, length))
    }
    return { offset, parts }
  }

  #framesOf(piece: number, begin: number): number {
    if (this.#spansPieces) return Math.floor((piece * this.#metainfo.pieceLength) / framesLength)
    return piece * this.#framesPerPiece + Math.floor(begin / framesLength)
  }

  #blockWithin(piece: number, begin: number): number {
    if (!this.#spansPieces) return (begin % framesLength) / blockLength
    return (((piece * this.#metainfo.pieceLength) % framesLength) + begin) / blockLength
  }

  #pieceSize(piece: number): number {
    return realPieceSize(this.#metainfo, piece)
  }
}
