import { createHash, hash } from 'node:crypto'
import { leafLength, merkleRoot, nodeLength, powerOfTwoFrom } from '../torrent/merkle.ts'
import { partAt } from '../torrent/piece-range.ts'
import { type ContentPart, ContentReader } from './content-reader.ts'
import { hashLeaves } from './leaf-hashes.ts'
import { isReadFault } from './read-fault.ts'

/** What a thread has to know of a torrent's content to hash any of its pieces. */
export interface HashJob {
  /** v1: any. With `withTree` a power of two of at least 16 KiB, and no piece with bytes of two files (BEP 52). */
  readonly pieceLength: number
  readonly contentLength: number
  readonly parts: readonly ContentPart[]
  /** Whether each piece's SHA-1 is wanted. */
  readonly withSha1: boolean
  /** Whether each piece's node of its file's merkle tree (BEP 52) is wanted. */
  readonly withTree: boolean
  /** Whether a piece that cannot be read is passed over, rather than ending the job. */
  readonly skipsUnreadable: boolean
}

/** Hashes of some pieces, one after another in the order asked for. */
export interface PieceHashes {
  readonly pieces: Uint32Array
  /** 20 bytes a piece, empty without `withSha1`. */
  readonly sha1: Uint8Array
  /**
   * 32 bytes a piece, empty without `withTree`: the node of the piece layer, or the file's root where the file is
   * no longer than a piece.
   */
  readonly nodes: Uint8Array
  /** 1 where the piece was read whole, a byte a piece. */
  readonly readable: Uint8Array
  /** Pairs of a part's index and its inode, see {@link ContentReader.takeOpened}. */
  readonly opened: Float64Array
}

export const sha1Length = 20

// Larger reads fall out of the processor's cache before they are hashed.
const bufferLength = 1 << 20
const zeroLeaf = new Uint8Array(nodeLength)

/** Reads pieces into one buffer and hashes them there, synchronously: for worker threads. Throws a `ReadFault`. */
export class PieceHasher {
  readonly #job: HashJob
  readonly #reader: ContentReader
  readonly #buffer = Buffer.allocUnsafeSlow(bufferLength)
  readonly #leaves: Buffer

  constructor(job: HashJob) {
    this.#job = job
    this.#reader = new ContentReader(job.parts)
    this.#leaves = Buffer.alloc(job.withTree ? (job.pieceLength / leafLength) * nodeLength : 0)
  }

  hash(pieces: Uint32Array): PieceHashes {
    const { pieceLength, withSha1, withTree } = this.#job
    const result = {
      pieces,
      sha1: new Uint8Array(withSha1 ? pieces.length * sha1Length : 0),
      nodes: new Uint8Array(withTree ? pieces.length * nodeLength : 0),
      readable: new Uint8Array(pieces.length),
    }
    for (let at = 0; at < pieces.length; ) {
      const count = this.#runLength(pieces, at)
      if (pieceLength <= bufferLength) this.#hashRun(result, at, count)
      else this.#passOver(() => this.#hashLong(result, at))
      at += count
    }
    this.#reader.check()
    return { ...result, opened: this.#reader.takeOpened() }
  }

  close(): void {
    this.#reader.close()
  }

  /** How many of the pieces from `at` on follow each other and fit into the buffer together. */
  #runLength(pieces: Uint32Array, at: number): number {
    const limit = Math.min(Math.floor(bufferLength / this.#job.pieceLength), pieces.length - at)
    let count = 1
    while (count < limit && pieces[at + count] === pieces[at]! + count) count++
    return count
  }

  #hashRun(result: Omit<PieceHashes, 'opened'>, at: number, count: number): void {
    const { pieceLength } = this.#job
    const offset = result.pieces[at]! * pieceLength
    const content = this.#buffer.subarray(0, Math.min(count * pieceLength, this.#job.contentLength - offset))
    if (!this.#passOver(() => this.#reader.read(content, offset))) {
      if (count > 1) for (let index = 0; index < count; index++) this.#hashRun(result, at + index, 1)
      return
    }
    for (let index = 0; index < count; index++) {
      const piece = content.subarray(index * pieceLength, (index + 1) * pieceLength)
      if (this.#job.withSha1) result.sha1.set(hash('sha1', piece, 'buffer'), (at + index) * sha1Length)
      result.readable[at + index] = 1
      if (!this.#job.withTree) continue
      const { length, width } = this.#treeOf(offset + index * pieceLength)
      hashLeaves(piece.subarray(0, length), this.#leaves)
      this.#setNode(result.nodes, at + index, length, width)
    }
  }

  #hashLong(result: Omit<PieceHashes, 'opened'>, at: number): void {
    const offset = result.pieces[at]! * this.#job.pieceLength
    const length = Math.min(this.#job.pieceLength, this.#job.contentLength - offset)
    const tree = this.#job.withTree ? this.#treeOf(offset) : undefined
    const sha1 = this.#job.withSha1 ? createHash('sha1') : undefined
    for (let done = 0; done < length; done += bufferLength) {
      const content = this.#buffer.subarray(0, Math.min(bufferLength, length - done))
      this.#reader.read(content, offset + done)
      sha1?.update(content)
      if (tree && done < tree.length)
        hashLeaves(content.subarray(0, tree.length - done), this.#leaves, done / leafLength)
    }
    if (sha1) result.sha1.set(sha1.digest(), at * sha1Length)
    result.readable[at] = 1
    if (tree) this.#setNode(result.nodes, at, tree.length, tree.width)
  }

  /** Bytes of the piece at `offset` that are its file's, without a pad, and how many leaves its node stands for. */
  #treeOf(offset: number): { length: number; width: number } {
    const { parts, pieceLength } = this.#job
    const part = parts[partAt(parts, offset)]!
    const length = Math.min(pieceLength, part.offset + part.sizeBytes - offset)
    const isLong = part.sizeBytes > pieceLength
    return {
      length,
      width: isLong ? pieceLength / leafLength : powerOfTwoFrom(Math.ceil(length / leafLength)),
    }
  }

  #setNode(nodes: Uint8Array, at: number, length: number, width: number): void {
    const leaves = this.#leaves.subarray(0, Math.ceil(length / leafLength) * nodeLength)
    nodes.set(merkleRoot(leaves, width, zeroLeaf), at * nodeLength)
  }

  /** Whether the operation went through; what it throws goes on where the job does not skip the unreadable. */
  #passOver(operation: () => void): boolean {
    try {
      operation()
      return true
    } catch (fault) {
      if (!this.#job.skipsUnreadable || !isReadFault(fault)) throw fault
      return false
    }
  }
}
