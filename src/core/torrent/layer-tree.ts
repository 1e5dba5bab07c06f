import { hash } from 'node:crypto'
import { leafLength, merkleRoot, nodeLength, padNode, powerOfTwoFrom } from './merkle.ts'

/** Peers ask for 512 nodes at once (BEP 52): so many layers higher they are one. */
const bucketLayers = 9
const bucketsAtOnce = 16

/**
 * The tree above the piece layer of a file (BEP 52), to prove rows of the layer with. Only the nodes above each 512 are kept,
 * a five-hundredth of the layer; those below are hashed anew when they are needed.
 */
export class LayerTree {
  /** How many layers there are between the piece layer and the root. */
  readonly height: number
  readonly #layer: Uint8Array
  readonly #pad: Uint8Array
  readonly #leavesPerPiece: number
  /** Nodes above whole buckets, layer by layer, the lowest first. */
  readonly #upper: Uint8Array[] = []
  #hashed = 0

  /** @param layer the piece layer of a file, known to hash up to its root */
  constructor(layer: Uint8Array, pieceLength: number) {
    this.#layer = layer
    this.#leavesPerPiece = pieceLength / leafLength
    this.#pad = padNode(this.#leavesPerPiece)
    this.height = Math.log2(powerOfTwoFrom(layer.length / nodeLength))
  }

  /** Nodes that the layer has with its padding. */
  get width(): number {
    return 2 ** this.height
  }

  /**
   * Hashes some more of what {@link proof} needs, for a few milliseconds; whether it is ready now. Layers of 512 nodes and less
   * are ready at once.
   */
  prepare(): boolean {
    if (this.height <= bucketLayers) return true
    const count = 2 ** (this.height - bucketLayers)
    if (this.#upper.length === 0) this.#upper.push(new Uint8Array(count * nodeLength))
    const end = Math.min(count, this.#hashed + bucketsAtOnce)
    for (; this.#hashed < end; this.#hashed++)
      this.#upper[0]!.set(this.#hashUp(bucketLayers, this.#hashed), this.#hashed * nodeLength)
    if (this.#hashed < count) return false
    while (this.#upper.at(-1)!.length > nodeLength) this.#upper.push(pairUp(this.#upper.at(-1)!))
    return true
  }

  /** A row of the layer, padding included. */
  *nodes(index: number, length: number): Generator<Uint8Array, undefined> {
    const end = Math.min((index + length) * nodeLength, this.#layer.length)
    if (index * nodeLength < end) yield this.#layer.subarray(index * nodeLength, end)
    for (let at = Math.max(index, this.#layer.length / nodeLength); at < index + length; at++) yield this.#pad
  }

  /**
   * The `count` nodes that prove a row, from the bottom up. To be called once {@link prepare} is done.
   *
   * @param length nodes in the row, a power of two of at most 512, of which `index` is a multiple
   */
  *proof(index: number, length: number, count: number): Generator<Uint8Array, undefined> {
    const first = Math.log2(length)
    let position = index / length
    for (let layer = first; layer < first + count; layer++) {
      const uncle = position ^ 1
      const upper = this.#upper[layer - bucketLayers]
      yield upper ? upper.subarray(uncle * nodeLength, (uncle + 1) * nodeLength) : this.#hashUp(layer, uncle)
      position >>>= 1
    }
  }

  #hashUp(layers: number, position: number): Uint8Array {
    const width = 2 ** layers
    const row = this.#layer.subarray(
      position * width * nodeLength,
      Math.min(this.#layer.length, (position + 1) * width * nodeLength),
    )
    return row.length > 0 ? merkleRoot(row, width, this.#pad) : padNode(this.#leavesPerPiece * width)
  }
}

/**
 * The root that a row of nodes and its proof lead to.
 *
 * @param nodes the row, its length a power of two
 * @param index where the row begins in its layer, a multiple of its length
 */
export function provenRoot(nodes: Uint8Array, index: number, uncles: Uint8Array): Uint8Array {
  const width = nodes.length / nodeLength
  const pair = Buffer.alloc(2 * nodeLength)
  let node = merkleRoot(nodes, width, nodes.subarray(0, nodeLength))
  let position = index / width
  for (let at = 0; at < uncles.length; at += nodeLength) {
    const isRight = position % 2 === 1
    pair.set(node, isRight ? nodeLength : 0)
    pair.set(uncles.subarray(at, at + nodeLength), isRight ? 0 : nodeLength)
    node = hash('sha256', pair, 'buffer')
    position = Math.floor(position / 2)
  }
  return node
}

function pairUp(row: Uint8Array): Uint8Array {
  const above = new Uint8Array(row.length / 2)
  for (let at = 0; at < row.length; at += 2 * nodeLength)
    above.set(hash('sha256', row.subarray(at, at + 2 * nodeLength), 'buffer'), at / 2)
  return above
}
