import {
  type Hex,
  leafLength,
  nodeLength,
  padNode,
  powerOfTwoFrom,
  provenRoot,
} from '../../../../core/index.ts'
import { type HashRange, maxHashes, uncleCount } from './hash-message.ts'

/** The piece layer of one file on its way: asked for in rows of 512 nodes, each of which is proven by itself. */
export class LayerDownload {
  readonly root: Hex
  readonly #pieceLength: number
  readonly #pieceCount: number
  readonly #height: number
  readonly #rowCount: number
  #layer: Uint8Array | undefined
  #nextRow = 0
  #again: number[] = []
  #missing: number

  /** @param sizeBytes of the file, more than `pieceLength` */
  constructor(root: Hex, sizeBytes: number, pieceLength: number) {
    this.root = root
    this.#pieceLength = pieceLength
    this.#pieceCount = Math.ceil(sizeBytes / pieceLength)
    this.#height = Math.log2(powerOfTwoFrom(this.#pieceCount))
    this.#rowCount = Math.ceil(this.#pieceCount / maxHashes)
    this.#missing = this.#rowCount
  }

  /** Whether there is a row that nobody is asked for. */
  get hasNext(): boolean {
    return this.#again.length > 0 || this.#nextRow < this.#rowCount
  }

  /** All of it once every row is here. */
  get complete(): Uint8Array | undefined {
    return this.#missing === 0 ? this.#layer : undefined
  }

  /** Takes a row to ask for; there has to be one. */
  next(): number {
    return this.#again.pop() ?? this.#nextRow++
  }

  /** A row was asked for in vain. */
  putBack(row: number): void {
    this.#again.push(row)
  }

  rangeOf(row: number): HashRange {
    const index = row * maxHashes
    return {
      root: this.root,
      baseLayer: Math.log2(this.#pieceLength / leafLength),
      index,
      length: Math.max(2, Math.min(maxHashes, powerOfTwoFrom(this.#pieceCount - index))),
      proofLayers: this.#height - 1,
    }
  }

  /** Takes the nodes of a row and what proves them; whether they hash up to the root. */
  accept(row: number, nodes: Uint8Array, uncles: Uint8Array): boolean {
    const { index, ...range } = this.rangeOf(row)
    const expectedUncles = uncleCount({ index, ...range }) * nodeLength
    if (nodes.length !== range.length * nodeLength || uncles.length !== expectedUncles) return false
    const real = Math.min(range.length, this.#pieceCount - index)
    // What lies beyond the end of the file is known, so that a root over anything else is not proven by it.
    const padded = new Uint8Array(nodes)
    const pad = padNode(this.#pieceLength / leafLength)
    for (let at = real; at < range.length; at++) padded.set(pad, at * nodeLength)
    if (Buffer.from(provenRoot(padded, index, uncles)).toString('hex') !== this.root) return false
    this.#layer ??= new Uint8Array(this.#pieceCount * nodeLength)
    this.#layer.set(padded.subarray(0, real * nodeLength), index * nodeLength)
    this.#missing--
    return true
  }
}
