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
 * Reads what peers ask for, a megabyte at once: peers ask for blocks in order, and several for the same. Where pieces fill a
 * megabyte evenly, frames span pieces, so that small ones are not read one by one.
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
   * The run of at most `maxBlocks` blocks from one on, if it is there; it then belongs to the caller until it is given to
   * {@link release}. `undefined`: ask for it with {@link load}.
   */
  take(piece: number, begin: number, maxBlocks: number): Run | undefined {
    const frames = this.#loaded.get(this.#framesOf(piece, begin))
    if (!frames) return undefined
    const at = this.#blockWithin(piece, begin)
    if (at < frames.from || at >= frames.to) return undefined
    const blocks = Math.min(
      maxBlocks,
      frames.to - at,
      Math.ceil((this.#pieceSize(piece) - begin) / blockLength),
    )
    const last = begin + (blocks - 1) * blockLength
    const short = blockLength - Math.min(blockLength, this.#pieceSize(piece) - last)
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

  /** Reads the megabyte around a block of a piece that is held; calls back when it is there, cannot be read, or may be tried again. */
  load(piece: number, begin: number, onLoaded: (error?: unknown) => void): void {
    const key = this.#framesOf(piece, begin)
    const waiting = this.#loading.get(key)
    if (waiting) {
      waiting.push(onLoaded)
      return
    }
    const old = this.#loaded.get(key)
    if (old) {
      this.#loaded.delete(key)
      old.evict = undefined
    }
    const frames = this.#pool.take(() => this.#loaded.delete(key))
    if (!frames) {
      this.#pool.whenFree(onLoaded)
      return
    }
    const callbacks = [onLoaded]
    this.#loading.set(key, callbacks)
    const { offset, parts } = this.#layOut(frames, piece, begin)
    this.#store.readInto(offset, parts).then(
      () => {
        this.#loading.delete(key)
        this.#loaded.set(key, frames)
        this.#pool.release(frames)
        for (const callback of callbacks) callback()
      },
      (error: unknown) => {
        this.#loading.delete(key)
        frames.evict = undefined
        this.#pool.release(frames)
        for (const callback of callbacks) callback(error)
      },
    )
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

  /** Writes the headers, and answers what is to be read and where to. */
  #layOut(frames: Frames, piece: number, begin: number): { offset: number; parts: Uint8Array[] } {
    const { pieceLength, contentLength } = this.#metainfo
    const base = this.#spansPieces
      ? Math.floor((piece * pieceLength) / framesLength) * framesLength
      : piece * pieceLength + Math.floor(begin / framesLength) * framesLength
    const end = this.#spansPieces
      ? Math.min(contentLength, base + framesLength)
      : Math.min(piece * pieceLength + this.#pieceSize(piece), base + framesLength)
    let [from, to] = [base, end]
    if (this.#spansPieces) {
      // Pieces that are not held are left out: their files may not be there yet.
      from = piece * pieceLength
      while (from > base && this.#have.has(from / pieceLength - 1)) from -= pieceLength
      to = Math.min(end, (piece + 1) * pieceLength)
      while (to < end && this.#have.has(to / pieceLength)) to = Math.min(end, to + pieceLength)
    }
    frames.from = (from - base) / blockLength
    frames.to = Math.ceil((to - base) / blockLength)
    const parts: Uint8Array[] = []
    for (let block = frames.from; block < frames.to; block++) {
      const offset = base + block * blockLength
      const length = Math.min(blockLength, to - offset)
      const index = this.#spansPieces ? Math.floor(offset / pieceLength) : piece
      writeBlockHeader(frames.bytes, block * frameLength, index, offset - index * pieceLength, length)
      const bytes = frames.blocks[block]!
      parts.push(length === blockLength ? bytes : bytes.subarray(0, length))
    }
    return { offset: from, parts }
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
