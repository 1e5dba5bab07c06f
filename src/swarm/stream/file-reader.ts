import { type Metainfo, P2pShareError, pieceSize, type TorrentFile } from '../../core/index.ts'
import type { ChunkStore } from '../store/chunk-store.ts'
import type { PieceWaits } from './piece-waits.ts'
import { ReadingWindow } from './reading-window.ts'

/** A transfer's content as readers use it. Getters, because moving or checking the files anew replaces what is behind them. */
export interface ReadableContent {
  readonly metainfo: Metainfo
  readonly store: Pick<ChunkStore, 'read'>
  readonly have: { has(piece: number): boolean }
  hurry(reader: symbol, pieces: readonly number[]): void
}

export interface FileReaderInit {
  readonly content: ReadableContent
  readonly file: TorrentFile
  readonly waits: PieceWaits
  /** Offset within the file up to which is read. */
  readonly end: number
  readonly signal: AbortSignal | undefined
  readonly onClose: () => void
}

/**
 * Reads one file of a transfer while it may still be on its way: what is asked for is fetched before everything else. One
 * read at a time. To be closed, else its pieces are hurried on.
 */
export class FileReader {
  readonly sizeBytes: number
  readonly #init: FileReaderInit
  readonly #window: ReadingWindow
  #isClosed = false

  constructor(init: FileReaderInit) {
    const { content, file } = init
    const reader = Symbol(file.path)
    this.#init = init
    this.sizeBytes = file.sizeBytes
    this.#window = new ReadingWindow({
      pieceLength: content.metainfo.pieceLength,
      endOffset: file.offset + init.end,
      has: piece => content.have.has(piece),
      hurry: pieces => content.hurry(reader, pieces),
    })
  }

  /**
   * Waits for the piece at `position`, then fills `into` with what is there from it on, verified: out of the store, or where the
   * piece came while it was waited for, out of memory.
   *
   * @returns how many bytes: 0 only at the end of the file or where `into` is empty
   * @throws {P2pShareError} `ERR_STOPPED` or why the transfer failed; `ERR_SOURCE_CHANGED`, `ERR_UNREADABLE_FILE`; the
   *   signal's reason
   */
  async read(position: number, into: Uint8Array): Promise<number> {
    const { content, file, waits, signal } = this.#init
    const wanted = Math.min(into.length, file.sizeBytes - position)
    if (!(wanted > 0)) return 0
    const offset = file.offset + position
    const { pieceLength } = content.metainfo
    const first = Math.floor(offset / pieceLength)
    this.#check()
    this.#window.moveTo(offset)
    let taken = 0
    const take = (bytes: Buffer) => {
      if (this.#isClosed || signal?.aborted) return
      const from = offset - first * pieceLength
      taken = bytes.copy(into, 0, from, from + wanted)
    }
    while (!content.have.has(first)) {
      await waits.next(first, signal, take)
      this.#check()
      if (taken === 0) continue
      this.#window.onRead(taken)
      return taken
    }
    let here = first * pieceLength + pieceSize(content.metainfo, first) - offset
    for (let piece = first + 1; here < wanted && content.have.has(piece); piece++) here += pieceLength
    const length = Math.min(here, wanted)
    await content.store.read(offset, length === into.length ? into : into.subarray(0, length))
    this.#window.onRead(length)
    return length
  }

  /** Idempotent. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#window.close()
    this.#init.onClose()
  }

  #check(): void {
    this.#init.signal?.throwIfAborted()
    if (this.#isClosed) throw new P2pShareError('ERR_STOPPED', `Reading ${this.#init.file.path} was ended`)
  }
}
