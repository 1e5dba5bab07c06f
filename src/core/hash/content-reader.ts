import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs'
import { tellsAbsence } from '../path-presence.ts'
import { partAt } from '../torrent/piece-range.ts'
import type { ReadFault } from './read-fault.ts'

/** A stretch of a torrent's content: bytes of one file, or the zeros of a BEP 47 pad. Parts follow without gaps. */
export interface ContentPart {
  readonly offset: number
  readonly sizeBytes: number
  /** Absolute path; `undefined` for zeros. */
  readonly path: string | undefined
  /** What the file's modification time has to be, in milliseconds; `undefined` where any will do. */
  readonly modifiedMs: number | undefined
}

interface OpenFile {
  readonly part: ContentPart
  readonly descriptor: number
  readonly sizeBytes: number
  readonly modifiedMs: number
}

const openFlags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
const followsLinks = constants.O_NOFOLLOW === undefined

/**
 * Reads ranges of a torrent's content from its files, synchronously, keeping one file open: for worker threads.
 * Symbolic links are not followed and nothing but regular files is read. Throws a {@link ReadFault}.
 *
 * A file whose part names a `modifiedMs` has to be exactly as it was found, at its opening and at each `check`.
 */
export class ContentReader {
  readonly #parts: readonly ContentPart[]
  #open: OpenFile | undefined
  #opened: number[] = []

  constructor(parts: readonly ContentPart[]) {
    this.#parts = parts
  }

  /** Fills `target` with the content that starts at `offset`. */
  read(target: Uint8Array, offset: number): void {
    let filled = 0
    for (let index = partAt(this.#parts, offset); filled < target.length; index++) {
      const part = this.#parts[index]!
      const start = offset + filled - part.offset
      const length = Math.min(part.sizeBytes - start, target.length - filled)
      if (part.path === undefined) target.fill(0, filled, filled + length)
      else this.#readFile(part, part.path, index, target.subarray(filled, filled + length), start)
      filled += length
    }
  }

  /** Throws if the file now open is no longer what it was when opened. */
  check(): void {
    if (!this.#open || this.#open.part.modifiedMs === undefined) return
    const { part, descriptor, sizeBytes, modifiedMs } = this.#open
    const now = fstatSync(descriptor)
    if (now.size !== sizeBytes || now.mtimeMs !== modifiedMs) throw changed(part.path!, 'was written to')
  }

  /** Pairs of a part's index and the inode it was read from, for each opening since the last call. */
  takeOpened(): Float64Array {
    const opened = Float64Array.from(this.#opened)
    this.#opened = []
    return opened
  }

  close(): void {
    if (this.#open) closeSync(this.#open.descriptor)
    this.#open = undefined
  }

  #readFile(part: ContentPart, path: string, index: number, target: Uint8Array, start: number): void {
    const { descriptor } = this.#open?.part === part ? this.#open : this.#openFile(part, path, index)
    let filled = 0
    while (filled < target.length) {
      const count = attempt(path, () =>
        readSync(descriptor, target, filled, target.length - filled, start + filled),
      )
      if (count === 0) throw changed(path, 'is shorter than it was')
      filled += count
    }
  }

  #openFile(part: ContentPart, path: string, index: number): OpenFile {
    this.check()
    this.close()
    if (followsLinks && attempt(path, () => lstatSync(path)).isSymbolicLink())
      throw changed(path, 'became a symbolic link')
    const descriptor = attempt(path, () => openSync(path, openFlags))
    const stats = fstatSync(descriptor)
    const change = changeOf(part, stats)
    if (change) {
      closeSync(descriptor)
      throw changed(path, change)
    }
    this.#open = { part, descriptor, sizeBytes: stats.size, modifiedMs: stats.mtimeMs }
    this.#opened.push(index, stats.ino)
    return this.#open
  }
}

function changeOf(part: ContentPart, stats: { isFile(): boolean; size: number; mtimeMs: number }) {
  if (!stats.isFile()) return 'is no longer a file'
  if (part.modifiedMs === undefined) return undefined
  if (stats.size !== part.sizeBytes) return `has ${stats.size} bytes instead of ${part.sizeBytes}`
  return stats.mtimeMs === part.modifiedMs ? undefined : 'was written to'
}

function changed(path: string, change: string): ReadFault {
  return { path, change, code: undefined }
}

function attempt<T>(path: string, operation: () => T): T {
  try {
    return operation()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (tellsAbsence(error)) throw changed(path, 'is gone')
    if (code === 'ELOOP') throw changed(path, 'became a symbolic link')
    const fault: ReadFault = { path, change: undefined, code }
    throw fault
  }
}
