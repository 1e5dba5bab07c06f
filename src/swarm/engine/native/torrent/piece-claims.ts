import type { OpenPieces } from './open-pieces.ts'
import type { PieceChoice } from './piece-choice.ts'
import type { PieceDownload } from './piece-download.ts'

/** Whole pieces for sources that have everything and are no peers: web seeds. */
export class PieceClaims {
  isStopped = false
  readonly #open: OpenPieces
  readonly #choice: PieceChoice
  readonly #onComplete: (download: PieceDownload) => void

  constructor(open: OpenPieces, choice: PieceChoice, onComplete: (download: PieceDownload) => void) {
    this.#open = open
    this.#choice = choice
    this.#onComplete = onComplete
  }

  /** A piece that nobody was asked for; `undefined` where none is left, or no memory. */
  claim(source: number): PieceDownload | undefined {
    const download = this.isStopped ? undefined : this.#choice.open()
    if (!download) return undefined
    download.claim(source)
    this.#open.changed(download)
    return download
  }

  /** The source has filled the memory of the piece that it claimed. */
  deliver(download: PieceDownload, source: number, name: string): void {
    download.deliver(source, name)
    this.#onComplete(download)
  }

  /** The source could not have it: others may. */
  disclaim(download: PieceDownload): void {
    this.#open.putBack(download)
  }
}
