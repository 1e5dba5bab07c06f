import { type Metainfo, pieceRange, pieceSize, spansOf } from '../core/index.ts'
import type { Content } from './content/content.ts'

const middleLevel = 4

/** How much of the chosen files there is, and how urgent each of their pieces. */
export class Tally {
  readonly #metainfo: Metainfo
  /** `undefined` where all are. */
  readonly #wanted: ReadonlySet<number> | undefined
  readonly sizeBytes: number
  #haveBytes = 0

  constructor({ metainfo, wantedFiles, have }: Pick<Content, 'metainfo' | 'wantedFiles' | 'have'>) {
    this.#metainfo = metainfo
    this.#wanted = wantedFiles.length < metainfo.files.length ? new Set(wantedFiles) : undefined
    let sizeBytes = 0
    for (const index of wantedFiles) sizeBytes += metainfo.files[index]!.sizeBytes
    this.sizeBytes = sizeBytes
    if (have.isFull) this.#haveBytes = sizeBytes
    else for (let piece = 0; piece < have.length; piece++) if (have.has(piece)) this.onPiece(piece)
  }

  get haveBytes(): number {
    return this.#haveBytes
  }

  isWanted(fileIndex: number): boolean {
    return this.#wanted?.has(fileIndex) ?? true
  }

  onPiece(piece: number): void {
    const { files, pieceLength } = this.#metainfo
    for (const { index, length } of spansOf(files, piece * pieceLength, pieceSize(this.#metainfo, piece)))
      if (this.isWanted(index)) this.#haveBytes += length
  }
}

/** The level of each piece, the highest of the wanted files in it: see `EngineTorrent.want`. */
export function levelsOf(
  metainfo: Metainfo,
  wantedFiles: readonly number[],
  priorities: ReadonlyMap<number, number>,
): Uint8Array {
  const levels = new Uint8Array(metainfo.pieceCount)
  for (const index of wantedFiles) {
    const level = priorities.get(index) ?? middleLevel
    const [from, to] = pieceRange(metainfo.files[index]!, metainfo.pieceLength)
    for (let piece = from; piece < to; piece++) levels[piece] = Math.max(levels[piece]!, level)
  }
  return levels
}
