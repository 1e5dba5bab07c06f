import type { Hex } from './info-hash.ts'
import { leafLength, nodeLength, powerOfTwoFrom, rootHex } from './merkle.ts'
import type { Metainfo, TorrentFile } from './metainfo.ts'
import { partAt, pieceSize } from './piece-range.ts'

/**
 * What a piece has to hash to. Plain facts, and hashes as strings of one character a byte: nothing costs less to hand to
 * another thread, where a view would take all the memory behind it along.
 */
export interface PieceExpectation {
  /** v1: SHA-1 over the whole piece, pads counted; `undefined` where the torrent is v2 only. */
  readonly sha1: string | undefined
  /** BEP 52: the piece's node of its file's merkle tree; `undefined` where the torrent is v1 only or the node is not known yet. */
  readonly node: string | undefined
  /** How many leaves the node stands for, a power of two. */
  readonly leaves: number
  /** Bytes of the piece that its leaves are taken over: those of the file, without the pad after it. */
  readonly sizeBytes: number
}

const sha1Length = 20

/**
 * What the pieces of a torrent have to hash to. Of a hybrid torrent it is both hashes, as far as they are known, so that nobody
 * gets by one what the other forbids.
 */
export class PieceExpectations {
  readonly #metainfo: Metainfo
  readonly #layers: Map<Hex, Uint8Array>
  // Pieces are mostly asked for file by file.
  #file: TorrentFile | undefined
  #layer: Uint8Array | undefined

  constructor(metainfo: Metainfo) {
    this.#metainfo = metainfo
    this.#layers = new Map(metainfo.pieceLayers)
  }

  /** What a piece has to hash to; `undefined` where the torrent is v2 only and the layer of its file is still to be fetched. */
  of(index: number): PieceExpectation | undefined {
    const { format, pieces, pieceLength, files } = this.#metainfo
    const sha1 = format === 'v2' ? undefined : binaryOf(pieces, index * sha1Length, (index + 1) * sha1Length)
    if (format === 'v1') return { sha1, node: undefined, leaves: 0, sizeBytes: 0 }
    const offset = index * pieceLength
    const file = files[partAt(files, offset)]!
    // Where a pad is longer than it need be, whole pieces of it have no node.
    if (!file.piecesRoot) return { sha1, node: undefined, leaves: 0, sizeBytes: 0 }
    const node = this.#nodeOf(file, offset)
    if (sha1 === undefined && node === undefined) return undefined
    const sizeBytes = Math.min(pieceLength, file.offset + file.sizeBytes - offset)
    return { sha1, node, leaves: leavesOf(file, sizeBytes, pieceLength), sizeBytes }
  }

  /** Takes note of a layer that was checked against its root, so that the pieces of its file are known from now on. */
  addLayer(root: Hex, layer: Uint8Array): void {
    this.#layers.set(root, layer)
    this.#file = undefined
  }

  #nodeOf(file: TorrentFile, offset: number): string | undefined {
    const { pieceLength } = this.#metainfo
    const root = file.piecesRoot!
    if (file.sizeBytes <= pieceLength) return binaryOf(root, 0, nodeLength)
    if (this.#file !== file) {
      this.#file = file
      this.#layer = this.#layers.get(rootHex(root))
    }
    const at = ((offset - file.offset) / pieceLength) * nodeLength
    return this.#layer && binaryOf(this.#layer, at, at + nodeLength)
  }
}

/**
 * Bytes of a piece that exist: of a v2-only torrent, pieces end where their file does, and what fills them up is never asked
 * for nor sent. Of others the same as `pieceSize`.
 */
export function realPieceSize(metainfo: Metainfo, index: number): number {
  const size = pieceSize(metainfo, index)
  if (metainfo.format !== 'v2') return size
  const offset = index * metainfo.pieceLength
  const file = metainfo.files[partAt(metainfo.files, offset)]!
  return Math.min(size, file.offset + file.sizeBytes - offset)
}

/**
 * Bytes of a piece that peers may ask for. Of a v2-only torrent some clients (libtorrent up to 2.0) count what fills a piece up,
 * even the last: zeros.
 */
export function askablePieceSize(metainfo: Metainfo, index: number): number {
  return metainfo.format === 'v2' ? metainfo.pieceLength : pieceSize(metainfo, index)
}

function leavesOf(file: TorrentFile, sizeBytes: number, pieceLength: number): number {
  if (file.sizeBytes > pieceLength) return pieceLength / leafLength
  return powerOfTwoFrom(Math.ceil(sizeBytes / leafLength))
}

function binaryOf(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1', from, to)
}
