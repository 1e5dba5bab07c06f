import type { Hex } from '../torrent/info-hash.ts'
import { isPieceLayerOf, nodeLength, rootHex } from '../torrent/merkle.ts'
import type { Metainfo, TorrentFile } from '../torrent/metainfo.ts'
import { partAt } from '../torrent/piece-range.ts'
import { type PieceHashes, sha1Length } from './piece-hasher.ts'

interface OpenLayer {
  readonly first: number
  readonly nodes: Uint8Array
  missing: number
}

/**
 * Tells which pieces are intact by hashes that were taken of them: SHA-1 where the torrent has a v1 part, else the nodes of the
 * files' merkle trees (BEP 52). A file whose piece layer is not known is intact as a whole or not at all: by its root.
 */
export class PieceCheck {
  readonly #metainfo: Metainfo
  readonly #onIntact: (piece: number) => void
  readonly #onLayer: ((root: Hex, layer: Uint8Array) => void) | undefined
  /** Layers worked out, by the offset of their file. */
  readonly #open = new Map<number, OpenLayer>()

  constructor(
    metainfo: Metainfo,
    onIntact: (piece: number) => void,
    onLayer?: (root: Hex, layer: Uint8Array) => void,
  ) {
    this.#metainfo = metainfo
    this.#onIntact = onIntact
    this.#onLayer = onLayer
  }

  add({ pieces, readable, sha1, nodes }: PieceHashes): void {
    for (const [at, piece] of pieces.entries()) {
      if (!readable[at]) continue
      if (this.#metainfo.format === 'v2') this.#addNode(piece, nodes, at)
      else if (isSame(this.#metainfo.pieces, piece, sha1, at, sha1Length)) this.#onIntact(piece)
    }
  }

  #addNode(piece: number, nodes: Uint8Array, at: number): void {
    const { files, pieceLength, pieceLayers } = this.#metainfo
    const file = files[partAt(files, piece * pieceLength)]!
    if (!file.piecesRoot) return
    const index = piece - file.offset / pieceLength
    if (file.sizeBytes <= pieceLength) {
      if (isSame(file.piecesRoot, 0, nodes, at, nodeLength)) this.#onIntact(piece)
      return
    }
    const layer = pieceLayers.get(rootHex(file.piecesRoot))
    if (!layer) this.#workOut(file, index, nodes.subarray(at * nodeLength, (at + 1) * nodeLength))
    else if (isSame(layer, index, nodes, at, nodeLength)) this.#onIntact(piece)
  }

  #workOut(file: TorrentFile, index: number, node: Uint8Array): void {
    const { pieceLength } = this.#metainfo
    let open = this.#open.get(file.offset)
    if (!open) {
      const count = Math.ceil(file.sizeBytes / pieceLength)
      open = { first: file.offset / pieceLength, nodes: new Uint8Array(count * nodeLength), missing: count }
      this.#open.set(file.offset, open)
    }
    open.nodes.set(node, index * nodeLength)
    if (--open.missing > 0) return
    this.#open.delete(file.offset)
    if (!isPieceLayerOf(file.piecesRoot!, open.nodes, file.sizeBytes, pieceLength)) return
    this.#onLayer?.(rootHex(file.piecesRoot!), open.nodes)
    for (let piece = open.first; piece < open.first + open.nodes.length / nodeLength; piece++)
      this.#onIntact(piece)
  }
}

function isSame(one: Uint8Array, oneAt: number, other: Uint8Array, otherAt: number, length: number): boolean {
  for (let index = 0; index < length; index++)
    if (one[oneAt * length + index] !== other[otherAt * length + index]) return false
  return true
}
