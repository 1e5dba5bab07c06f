import { P2pShareError } from '../errors.ts'
import { maxPieceBytes, minPieceLengthV2 } from './limits.ts'

const largestDefault = 4 * 1024 * 1024
// Past this many pieces the torrent file itself grows too large to be read by others.
const mostPieces = 262_144

/**
 * The piece length for content of this size: the power of two nearest to a 1024th of it, from 16 KiB to 4 MiB, as
 * create-torrent chooses it; above 1 TiB as much more as keeps the torrent file small.
 */
export function defaultPieceLength(sizeBytes: number): number {
  const nearest = 2 ** Math.floor(Math.log2(Math.max(sizeBytes, 1024) / 1024) + 0.5)
  let pieceLength = Math.min(Math.max(nearest, minPieceLengthV2), largestDefault)
  while (sizeBytes / pieceLength > mostPieces && pieceLength < maxPieceBytes) pieceLength *= 2
  return pieceLength
}

/**
 * Refuses a piece length that not every client takes.
 *
 * @throws {P2pShareError} `ERR_INVALID_ARGUMENT` where it is not a power of two from 16 KiB to 64 MiB
 */
export function checkPieceLength(pieceLength: number): void {
  const isPowerOfTwo = Number.isInteger(Math.log2(pieceLength))
  if (isPowerOfTwo && pieceLength >= minPieceLengthV2 && pieceLength <= maxPieceBytes) return
  throw new P2pShareError(
    'ERR_INVALID_ARGUMENT',
    `A piece length of ${pieceLength} bytes is not possible: choose a power of two from 16K to 64M`,
  )
}
