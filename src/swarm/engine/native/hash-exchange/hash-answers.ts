import { type Hex, LayerTree, leafLength, type Metainfo, powerOfTwoFrom } from '../../../../core/index.ts'
import {
  type HashRange,
  maxHashes,
  readHashRange,
  uncleCount,
  writeHashes,
  writeHashReject,
} from './hash-message.ts'

interface Asked {
  readonly peer: number
  readonly range: HashRange
  readonly tree: LayerTree
  readonly send: (message: Buffer) => void
}

/** A peer may ask so often at once … */
const burst = 1024
/** … and so often a second from then on: a megabyte. */
const requestsPerSecond = 64
/** What may wait to be sent to a peer before its requests are passed over. */
const maxPendingBytes = 4 * 1024 * 1024
/** Requests that wait for a tree to be hashed, over all peers of a torrent. */
const maxWaiting = 256
/** Trees kept, the newest. */
const maxTrees = 1000

export interface HashAnswersInit {
  readonly metainfo: Metainfo
  /** Bytes that were written to a peer and have not left yet. */
  readonly pendingBytes: (peer: number) => number
  readonly now?: (() => number) | undefined
}

/**
 * Answers the hash requests (BEP 52) of a torrent's peers out of the piece layers that are here. Nodes of the leaves are not
 * given: they would have to be hashed from the disk. A long layer is hashed up a few milliseconds at a time.
 */
export class HashAnswers {
  readonly #layers: Map<Hex, Uint8Array>
  readonly #pieceLength: number
  readonly #baseLayer: number
  readonly #trees = new Map<Hex, LayerTree>()
  readonly #quota = new Map<number, { left: number; atMs: number }>()
  readonly #pendingBytes: HashAnswersInit['pendingBytes']
  readonly #now: () => number
  #waiting: Asked[] = []

  constructor({ metainfo, pendingBytes, now = () => performance.now() }: HashAnswersInit) {
    this.#layers = new Map(metainfo.pieceLayers)
    this.#pieceLength = metainfo.pieceLength
    this.#baseLayer = Math.log2(metainfo.pieceLength / leafLength)
    this.#pendingBytes = pendingBytes
    this.#now = now
  }

  /** Has a layer given from now on that was checked against its root. */
  addLayer(root: Hex, layer: Uint8Array): void {
    this.#layers.set(root, layer)
  }

  /**
   * Takes the body of a hash request and sends the answer, at once or in a later turn.
   *
   * @returns false where it is no hash request: a breach of the protocol
   */
  answer(peer: number, body: Uint8Array, send: (message: Buffer) => void): boolean {
    const range = readHashRange(body)
    if (!range) return false
    // Who reads no answers gets none: rejects would pile up without end.
    if (this.#pendingBytes(peer) > maxPendingBytes) return true
    const tree = this.#isWithinQuota(peer) ? this.#treeFor(range) : undefined
    if (!tree || this.#waiting.length === maxWaiting) {
      send(writeHashReject(range))
      return true
    }
    this.#waiting.push({ peer, range, tree, send })
    if (this.#waiting.length === 1) this.#work()
    return true
  }

  removePeer(peer: number): void {
    this.#quota.delete(peer)
    this.#waiting = this.#waiting.filter(asked => asked.peer !== peer)
  }

  stop(): void {
    this.#waiting = []
  }

  #work(): void {
    const started = performance.now()
    while (this.#waiting.length > 0) {
      const { range, tree, send } = this.#waiting[0]!
      if (tree.prepare()) {
        this.#waiting.shift()
        const width = powerOfTwoFrom(range.length)
        send(
          writeHashes(range, [
            ...tree.nodes(range.index, range.length),
            ...tree.proof(range.index, width, uncleCount(range)),
          ]),
        )
      }
      if (this.#waiting.length > 0 && performance.now() - started > 2) {
        setImmediate(() => this.#work())
        return
      }
    }
  }

  #treeFor({ root, baseLayer, index, length, proofLayers }: HashRange): LayerTree | undefined {
    if (baseLayer !== this.#baseLayer || length < 1 || length > maxHashes) return undefined
    let tree = this.#trees.get(root)
    if (!tree) {
      const layer = this.#layers.get(root)
      if (!layer) return undefined
      tree = new LayerTree(layer, this.#pieceLength)
      if (this.#trees.size === maxTrees) this.#trees.delete(this.#trees.keys().next().value!)
      this.#trees.set(root, tree)
    }
    if (index % powerOfTwoFrom(length) !== 0 || index + length > tree.width) return undefined
    return proofLayers < tree.height ? tree : undefined
  }

  #isWithinQuota(peer: number): boolean {
    const nowMs = this.#now()
    let quota = this.#quota.get(peer)
    if (!quota) {
      quota = { left: burst, atMs: nowMs }
      this.#quota.set(peer, quota)
    }
    quota.left = Math.min(burst, quota.left + ((nowMs - quota.atMs) / 1000) * requestsPerSecond)
    quota.atMs = nowMs
    if (quota.left < 1) return false
    quota.left--
    return true
  }
}
