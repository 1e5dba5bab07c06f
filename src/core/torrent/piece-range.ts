import { Bitfield } from '../bitfield.ts'
import type { Metainfo, TorrentFile } from './metainfo.ts'

/** Bytes in one piece; the last one may be shorter than the rest. */
export function pieceSize(metainfo: Metainfo, index: number): number {
  return Math.min(metainfo.pieceLength, metainfo.contentLength - index * metainfo.pieceLength)
}

/** First piece of a file and the one after its last; both the same where the file is empty. */
export function pieceRange(file: TorrentFile, pieceLength: number): [from: number, to: number] {
  const from = Math.floor(file.offset / pieceLength)
  if (file.sizeBytes === 0) return [from, from]
  return [from, Math.ceil((file.offset + file.sizeBytes) / pieceLength)]
}

/** The pieces that hold any byte of the given files, pads and links left out. */
export function piecesOf(metainfo: Metainfo, files: Iterable<number>): Bitfield {
  const pieces = new Bitfield(metainfo.pieceCount)
  for (const index of files) {
    const file = metainfo.files[index]
    if (!file || file.isPad || file.isLink) continue
    const [from, to] = pieceRange(file, metainfo.pieceLength)
    for (let piece = from; piece < to; piece++) pieces.add(piece)
  }
  return pieces
}

/** Index of the first of `parts`, which follow each other without gaps, that ends after `offset`. */
export function partAt(parts: readonly { offset: number; sizeBytes: number }[], offset: number): number {
  let low = 0
  let high = parts.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const part = parts[middle]!
    if (part.offset + part.sizeBytes <= offset) low = middle + 1
    else high = middle
  }
  return low
}

/** What one part holds of a stretch of content. */
export interface Span {
  /** Index of the part. */
  readonly index: number
  /** Where the span begins within the part. */
  readonly start: number
  /** Where it begins within the stretch. */
  readonly at: number
  /** At least 1. */
  readonly length: number
}

/** The parts that hold the `length` bytes from `offset` on, in order, empty ones passed over; ends where the parts do. */
export function* spansOf(
  parts: readonly { offset: number; sizeBytes: number }[],
  offset: number,
  length: number,
): Generator<Span, undefined> {
  let at = 0
  for (let index = partAt(parts, offset); at < length && index < parts.length; index++) {
    const part = parts[index]!
    const start = offset + at - part.offset
    const spanned = Math.min(part.sizeBytes - start, length - at)
    if (spanned > 0) yield { index, start, at, length: spanned }
    at += spanned
  }
}
