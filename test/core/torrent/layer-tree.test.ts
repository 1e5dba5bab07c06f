import { createHash } from 'node:crypto'
import test from 'ava'
import fc from 'fast-check'
import { LayerTree, provenRoot } from '../../../src/core/torrent/layer-tree.ts'
import { padNode, powerOfTwoFrom, rootOfPieceLayer } from '../../../src/core/torrent/merkle.ts'
import { sampleBytes } from '../../kit/sample-files.ts'

const pieceLength = 32_768
const sha256 = (...parts: Uint8Array[]) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** Every layer from the piece layer up, written out with its padding. */
function naiveLayers(layer: Uint8Array): Buffer[][] {
  const row: Buffer[] = []
  for (let at = 0; at < layer.length; at += 32) row.push(Buffer.from(layer.subarray(at, at + 32)))
  while (row.length < powerOfTwoFrom(layer.length / 32)) row.push(Buffer.from(padNode(pieceLength / 16_384)))
  const layers = [row]
  while (layers.at(-1)!.length > 1)
    layers.push(
      layers.at(-1)!.flatMap((node, at, all) => (at % 2 ? [] : [Buffer.from(sha256(node, all[at + 1]!))])),
    )
  return layers
}

test('the nodes and the proof of any row are those of the tree written out, and lead to the root', t => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 3000 }),
      fc.nat(9),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (count, wide, where) => {
        const layer = sampleBytes(count * 32, String(count))
        const layers = naiveLayers(layer)
        const tree = new LayerTree(layer, pieceLength)
        t.is(2 ** tree.height, tree.width)
        while (!tree.prepare());
        const layersBelow = Math.min(wide, tree.height)
        const length = 2 ** layersBelow
        const index = Math.floor((where * tree.width) / length) * length
        const nodes = Buffer.concat([...tree.nodes(index, length)])
        t.deepEqual(nodes, Buffer.concat(layers[0]!.slice(index, index + length)))
        const proof = [...tree.proof(index, length, tree.height - layersBelow)]
        const expected = proof.map((_, at) => layers[layersBelow + at]![(index / length / 2 ** at) ^ 1])
        t.deepEqual(
          proof.map(node => Buffer.from(node)),
          expected.map(node => Buffer.from(node!)),
        )
        t.deepEqual(
          Buffer.from(provenRoot(nodes, index, Buffer.concat(proof))),
          Buffer.from(rootOfPieceLayer(layer, pieceLength)),
        )
      },
    ),
    { numRuns: 30 },
  )
})

test('a row with a wrong bit, at a wrong place or with a wrong uncle does not lead to the root', t => {
  const layer = sampleBytes(1000 * 32)
  const tree = new LayerTree(layer, pieceLength)
  while (!tree.prepare());
  const root = Buffer.from(rootOfPieceLayer(layer, pieceLength))
  const nodes = Buffer.concat([...tree.nodes(64, 64)])
  const proof = Buffer.concat([...tree.proof(64, 64, 4)])
  t.deepEqual(Buffer.from(provenRoot(nodes, 64, proof)), root)
  t.notDeepEqual(Buffer.from(provenRoot(nodes, 0, proof)), root)
  nodes[5]! ^= 1
  t.notDeepEqual(Buffer.from(provenRoot(nodes, 64, proof)), root)
  nodes[5]! ^= 1
  proof[100]! ^= 1
  t.notDeepEqual(Buffer.from(provenRoot(nodes, 64, proof)), root)
})

test('a layer of a hundred thousand nodes is hashed up a little at a time', t => {
  const tree = new LayerTree(sampleBytes(100_000 * 32), pieceLength)
  let longest = 0
  let steps = 0
  for (let isReady = false; !isReady; steps++) {
    const started = performance.now()
    isReady = tree.prepare()
    longest = Math.max(longest, performance.now() - started)
  }
  t.true(steps > 10)
  t.true(longest < 500, `${longest} ms`)
})
