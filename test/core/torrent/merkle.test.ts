import { createHash } from 'node:crypto'
import test from 'ava'
import fc from 'fast-check'
import {
  isPieceLayerOf,
  leafLength,
  merkleRoot,
  padNode,
  powerOfTwoFrom,
  rootOfPieceLayer,
} from '../../../src/core/torrent/merkle.ts'

const sha256 = (...parts: Uint8Array[]) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return new Uint8Array(hash.digest())
}

/** The tree as BEP 52 tells it: every leaf written out, then hashed up by pairs. */
function naiveRoot(leaves: Uint8Array[], width: number): Uint8Array {
  let row = [...leaves]
  while (row.length < width) row.push(new Uint8Array(32))
  while (row.length > 1)
    row = row.flatMap((node, index) => (index % 2 ? [] : [sha256(node, row[index + 1]!)]))
  return row[0]!
}

const leaves = fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { minLength: 1, maxLength: 70 })

test('a root is that of the tree with every zero leaf written out', t => {
  fc.assert(
    fc.property(leaves, fc.nat(3), (nodes, wider) => {
      const width = powerOfTwoFrom(nodes.length) * 2 ** wider
      t.deepEqual(merkleRoot(Buffer.concat(nodes), width, new Uint8Array(32)), naiveRoot(nodes, width))
    }),
  )
})

test('the root over a piece layer is the root over its leaves', t => {
  fc.assert(
    fc.property(leaves, fc.constantFrom(1, 2, 4, 8), (nodes, leavesPerPiece) => {
      const layer: Uint8Array[] = []
      for (let at = 0; at < nodes.length; at += leavesPerPiece)
        layer.push(naiveRoot(nodes.slice(at, at + leavesPerPiece), leavesPerPiece))
      const width = powerOfTwoFrom(layer.length) * leavesPerPiece
      const root = naiveRoot(nodes, width)
      const pieceLength = leavesPerPiece * leafLength
      const sizeBytes = (nodes.length - 1) * leafLength + 1
      const joined = Buffer.concat(layer)
      t.deepEqual(rootOfPieceLayer(joined, pieceLength), root)
      t.true(isPieceLayerOf(root, joined, sizeBytes, pieceLength))
    }),
  )
})

test('a piece layer with one wrong bit, one node too many or none at all is refused', t => {
  const layer = Buffer.concat([1, 2, 3].map(fill => new Uint8Array(32).fill(fill)))
  const root = rootOfPieceLayer(layer, 32768)
  const sizeBytes = 3 * 32768 - 5
  t.true(isPieceLayerOf(root, layer, sizeBytes, 32768))
  const wrong = Buffer.from(layer)
  wrong[40]! ^= 1
  t.false(isPieceLayerOf(root, wrong, sizeBytes, 32768))
  t.false(isPieceLayerOf(root, Buffer.concat([layer, padNode(2)]), sizeBytes, 32768))
  t.false(isPieceLayerOf(root, layer, sizeBytes + 5 + 1, 32768))
  t.false(isPieceLayerOf(root, new Uint8Array(0), 0, 32768))
})

test('a pad node is the root over zero leaves', t => {
  for (const width of [1, 2, 4, 64]) t.deepEqual(padNode(width), naiveRoot([new Uint8Array(32)], width))
})

test('the next power of two is reached, never passed', t => {
  t.deepEqual([0, 1, 2, 3, 4, 5, 1023, 1024, 1025].map(powerOfTwoFrom), [1, 1, 2, 4, 4, 8, 1024, 1024, 2048])
})
