import { type Bitfield, type Metainfo, pieceRange } from '../../core/index.ts'

/** How many bytes of a file are held and verified. */
export function heldBytes(metainfo: Metainfo, fileIndex: number, held: Bitfield | undefined): number {
  const file = metainfo.files[fileIndex]!
  if (!held) return 0
  if (held.isFull) return file.sizeBytes
  const { pieceLength } = metainfo
  const [from, to] = pieceRange(file, pieceLength)
  const end = file.offset + file.sizeBytes
  let bytes = 0
  for (let piece = from; piece < to; piece++) {
    if (!held.has(piece)) continue
    const start = piece * pieceLength
    bytes += Math.min(end, start + pieceLength) - Math.max(file.offset, start)
  }
  return bytes
}
