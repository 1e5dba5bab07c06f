import type { ContentPart } from './content-reader.ts'
import type { HashJob } from './piece-hasher.ts'

/** How far hashing has come. */
export interface HashProgress {
  /** Bytes of files up to which everything has been hashed; never goes back. */
  readonly hashedBytes: number
  readonly totalBytes: number
  readonly filesDone: number
  readonly fileCount: number
}

/** Turns pieces that come in any order into progress that only goes forward. */
export class HashProgressMeter {
  readonly #job: HashJob
  readonly #done: Uint8Array
  readonly #totalBytes: number
  readonly #fileCount: number
  #frontier = 0
  #part = 0
  #filesDone = 0
  #finishedBytes = 0

  /** @param pieces the pieces that will come; all others count as done */
  constructor(job: HashJob, pieces: Uint32Array) {
    this.#job = job
    this.#done = new Uint8Array(Math.ceil(job.contentLength / job.pieceLength)).fill(1)
    for (const piece of pieces) this.#done[piece] = 0
    const files = job.parts.filter(isFile)
    this.#totalBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
    this.#fileCount = files.length
  }

  add(pieces: Uint32Array): HashProgress {
    for (const piece of pieces) this.#done[piece] = 1
    while (this.#done[this.#frontier]) this.#frontier++
    const { parts, pieceLength, contentLength } = this.#job
    const offset = Math.min(this.#frontier * pieceLength, contentLength)
    for (let part = parts[this.#part]; part && endOf(part) <= offset; part = parts[++this.#part]) {
      if (!isFile(part)) continue
      this.#filesDone++
      this.#finishedBytes += part.sizeBytes
    }
    const current = parts[this.#part]
    const partialBytes = current && isFile(current) ? Math.max(0, offset - current.offset) : 0
    return {
      hashedBytes: this.#finishedBytes + partialBytes,
      totalBytes: this.#totalBytes,
      filesDone: this.#filesDone,
      fileCount: this.#fileCount,
    }
  }
}

function isFile({ path }: ContentPart): boolean {
  return path !== undefined
}

function endOf({ offset, sizeBytes }: ContentPart): number {
  return offset + sizeBytes
}
