import type { PiecePicker } from '../picker/piece-picker.ts'
import type { PieceBuffers } from '../storage/piece-buffers.ts'
import { PieceDownload } from './piece-download.ts'

export interface OpenPiecesInit {
  readonly pieceSize: (piece: number) => number
  readonly picker: PiecePicker
  readonly buffers: PieceBuffers
  /** There is memory again, after there was none for a piece. */
  readonly onRoom: () => void
}

/** The pieces on their way, each with its memory. */
export class OpenPieces {
  readonly #init: OpenPiecesInit
  readonly #open = new Map<number, PieceDownload>()
  readonly #loose = new Set<PieceDownload>()

  constructor(init: OpenPiecesInit) {
    this.#init = init
  }

  get size(): number {
    return this.#open.size
  }

  get(piece: number): PieceDownload | undefined {
    return this.#open.get(piece)
  }

  all(): Iterable<PieceDownload> {
    return this.#open.values()
  }

  /** Those with blocks that nobody was asked for. */
  get loose(): ReadonlySet<PieceDownload> {
    return this.#loose
  }

  /** Begins a piece; `undefined` where there is no memory for it now. */
  open(piece: number): PieceDownload | undefined {
    const { buffers, picker, pieceSize, onRoom } = this.#init
    const length = pieceSize(piece)
    const buffer = buffers.take(length, this.#open.size === 0)
    if (!buffer) {
      buffers.whenFree(onRoom)
      return undefined
    }
    picker.take(piece)
    const download = new PieceDownload(piece, length, buffer)
    this.#open.set(piece, download)
    this.#loose.add(download)
    return download
  }

  /** To be called when blocks of a piece were asked for, or are to be asked for again. */
  changed(download: PieceDownload): void {
    if (download.free > 0) this.#loose.add(download)
    else this.#loose.delete(download)
  }

  /** The piece is in the store: its memory comes free. */
  finish(download: PieceDownload): void {
    if (download.isClosed) return
    download.isClosed = true
    this.#open.delete(download.piece)
    this.#loose.delete(download)
    this.#init.buffers.giveBack(download.buffer)
  }

  /** The piece is not fetched any more: others may begin it anew. */
  putBack(download: PieceDownload): void {
    this.#init.picker.putBack(download.piece)
    this.finish(download)
  }

  /** Pieces of which nothing is here and nobody was asked for anything give their memory to others. */
  putBackUntouched(): void {
    for (const download of [...this.#loose]) if (download.isUntouched) this.putBack(download)
  }

  /** Gives all memory back. */
  close(): void {
    for (const download of [...this.#open.values()]) this.finish(download)
  }
}
