import { BencodeDict, type BencodeValue } from '../bencode/value.ts'
import type { Hex } from './info-hash.ts'
import { invalidTorrent } from './invalid-torrent.ts'
import { isPieceLayerOf, rootHex } from './merkle.ts'
import type { RawFile } from './raw-file.ts'

const none: ReadonlyMap<Hex, Uint8Array> = new Map()

/**
 * The piece layers (BEP 52) by pieces root. Each has to hash up to the root of a file that is longer than a piece;
 * a file may lack its layer, as all of them do after a magnet link.
 *
 * @throws {P2pShareError} `ERR_INVALID_TORRENT`
 */
export function readPieceLayers(
  layers: BencodeValue | undefined,
  files: readonly RawFile[],
  pieceLength: number,
): ReadonlyMap<Hex, Uint8Array> {
  if (layers === undefined) return none
  if (!(layers instanceof BencodeDict)) throw invalidTorrent('its v2 "piece layers" are not a dictionary')
  const read = new Map<Hex, Uint8Array>()
  const sizes = new Map<Hex, number>()
  for (const { piecesRoot, sizeBytes } of files)
    if (piecesRoot && sizeBytes > pieceLength) sizes.set(rootHex(piecesRoot), sizeBytes)
  for (const [root, layer] of layers.entries()) {
    const hex = rootHex(root)
    const sizeBytes = sizes.get(hex)
    if (sizeBytes === undefined)
      throw invalidTorrent('it has a v2 piece layer that belongs to none of its files')
    if (!(layer instanceof Uint8Array) || !isPieceLayerOf(root, layer, sizeBytes, pieceLength))
      throw invalidTorrent('one of its v2 piece layers does not hash up to the root of its file')
    read.set(hex, layer)
  }
  return read
}
