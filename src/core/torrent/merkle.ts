import { hash } from 'node:crypto'
import type { Hex } from './info-hash.ts'

/** BEP 52: a leaf of a file's merkle tree is the SHA-256 of this many bytes; a file's last leaf may cover fewer. */
export const leafLength = 16384

/** Bytes of a node of the tree: a SHA-256. */
export const nodeLength = 32

/**
 * Root over a row of nodes (32 bytes each, at least one), filled up on the right with `pad` until it is `width` nodes
 * wide. Takes a SHA-256 for each real node and each level, none for the padding.
 *
 * @param width a power of two, at least the number of nodes
 * @param pad the node that stands for nothing at this level, see {@link padNode}
 */
export function merkleRoot(nodes: Uint8Array, width: number, pad: Uint8Array): Uint8Array {
  let count = nodes.length / nodeLength
  // One spare node, so that an odd row can be made even in place.
  const row = Buffer.alloc(nodes.length + nodeLength)
  row.set(nodes)
  const filler = Buffer.concat([pad, pad])
  for (let remaining = width; remaining > 1; remaining /= 2) {
    if (count % 2) row.set(filler.subarray(0, nodeLength), count++ * nodeLength)
    count /= 2
    for (let index = 0; index < count; index++) hashPair(row, index * 2 * nodeLength, row, index * nodeLength)
    hashPair(filler, 0, filler, 0)
    filler.copyWithin(nodeLength, 0, nodeLength)
  }
  return new Uint8Array(row.subarray(0, nodeLength))
}

/** Root of a tree of `leafCount` (a power of two) leaves that are all beyond the end of the file: zeros, hashed up. */
export function padNode(leafCount: number): Uint8Array {
  const zeros = new Uint8Array(nodeLength)
  return merkleRoot(zeros, leafCount, zeros)
}

/**
 * The `pieces root` of a file that has a piece layer: one longer than a piece.
 *
 * @param layer a node for each piece of the file, 32 bytes each
 */
export function rootOfPieceLayer(layer: Uint8Array, pieceLength: number): Uint8Array {
  return merkleRoot(layer, powerOfTwoFrom(layer.length / nodeLength), padNode(pieceLength / leafLength))
}

/**
 * Whether `layer` is the piece layer of a file of that size and root: right in length and hashing up to the root.
 * `pieceLength` has to be a power of two of at least 16 KiB.
 */
export function isPieceLayerOf(
  root: Uint8Array,
  layer: Uint8Array,
  sizeBytes: number,
  pieceLength: number,
): boolean {
  if (layer.length === 0 || layer.length !== Math.ceil(sizeBytes / pieceLength) * nodeLength) return false
  return Buffer.compare(rootOfPieceLayer(layer, pieceLength), root) === 0
}

/** A root as the keys of `Metainfo.pieceLayers` have it. */
export function rootHex(root: Uint8Array): Hex {
  return Buffer.from(root.buffer, root.byteOffset, root.length).toString('hex')
}

/** The smallest power of two that is at least `count`. */
export function powerOfTwoFrom(count: number): number {
  let power = 1
  while (power < count) power *= 2
  return power
}

// A `binary` string on the way costs a third of the Buffer that crypto.hash would allocate for each node.
function hashPair(from: Buffer, fromOffset: number, to: Buffer, toOffset: number): void {
  const pair = from.subarray(fromOffset, fromOffset + 2 * nodeLength)
  to.write(hash('sha256', pair, 'binary'), toOffset, 'latin1')
}
