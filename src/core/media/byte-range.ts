import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { P2pShareError } from '../errors.ts'

/** Replaces `length` bytes at `offset` of a file by `bytes`, which may be of another length. */
export interface Edit {
  readonly offset: number
  readonly length: number
  readonly bytes: Uint8Array
}

/** The most that is read at once: a metadata block larger than this is taken for broken. */
export const maxBlockBytes = 16 * 1024 * 1024

const windowBytes = 64 * 1024

interface ByteSource {
  /** Bytes that stay as they are; fewer than asked for at the end. */
  read(offset: number, length: number): Promise<Buffer>
  fill(offset: number, into: Buffer): Promise<number>
}

interface Extent {
  readonly offset: number
  readonly length: number
}

/**
 * A stretch of a file, or several stretches read as one: what a metadata block is, wherever its container put it.
 * Positions are counted from its own start; `edit` turns them into positions of the file.
 */
export class ByteRange {
  readonly length: number
  readonly #source: ByteSource
  readonly #extents: readonly Extent[]

  private constructor(source: ByteSource, extents: readonly Extent[]) {
    this.#source = source
    this.#extents = extents
    this.length = extents.reduce((sum, extent) => sum + extent.length, 0)
  }

  /** Bytes in memory, as if they were a file. */
  static of(bytes: Uint8Array): ByteRange {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    const read = async (offset: number, length: number) => buffer.subarray(offset, offset + length)
    const fill = async (offset: number, into: Buffer) => buffer.copy(into, 0, offset)
    return new ByteRange({ read, fill }, [{ offset: 0, length: bytes.length }])
  }

  /** An open file, read through a small window so that many short reads cost one. */
  static ofFile(file: FileHandle, sizeBytes: number, signal?: AbortSignal): ByteRange {
    return new ByteRange(new FileSource(file, signal), [{ offset: 0, length: sizeBytes }])
  }

  /** Ranges of one file as one. */
  static join(ranges: readonly ByteRange[]): ByteRange {
    return new ByteRange(
      ranges[0]!.#source,
      ranges.flatMap(range => range.#extents),
    )
  }

  /** @throws {P2pShareError} `ERR_INVALID_MEDIA` where not all of it is there, or it is beyond the bound */
  async read(at: number, length: number): Promise<Buffer> {
    if (length > maxBlockBytes) throw invalidMedia(`a block of ${length} bytes`)
    const parts: Buffer[] = []
    for (const extent of this.#extentsOf(at, length)) {
      const bytes = await this.#source.read(extent.offset, extent.length)
      if (bytes.length < extent.length) throw invalidMedia('it ends too early')
      parts.push(bytes)
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
  }

  /** What there is of it, up to `length` bytes. */
  peek(at: number, length: number): Promise<Buffer> {
    return this.read(Math.min(at, this.length), Math.max(0, Math.min(length, this.length - at)))
  }

  /** Fills as much of `into` as there is from `at` on, and says how much: for reading through, without leavings. */
  async fill(at: number, into: Buffer): Promise<number> {
    let filled = 0
    for (const extent of this.#extentsOf(at, Math.min(into.length, this.length - at))) {
      const length = await this.#source.fill(extent.offset, into.subarray(filled, filled + extent.length))
      filled += length
      if (length < extent.length) break
    }
    return filled
  }

  /** @throws {P2pShareError} `ERR_INVALID_MEDIA` where it would reach beyond this range */
  slice(at: number, length: number = this.length - at): ByteRange {
    return new ByteRange(this.#source, this.#extentsOf(at, length))
  }

  /** The edits that put `bytes` at `at`, same length. */
  edit(at: number, bytes: Uint8Array): Edit[] {
    let done = 0
    return this.#extentsOf(at, bytes.length).map(({ offset, length }) => {
      done += length
      return { offset, length, bytes: bytes.subarray(done - length, done) }
    })
  }

  /** The edit that puts `bytes` in place of all of this range, which is in one piece. */
  replace(bytes: Uint8Array): Edit {
    return { offset: this.#extents[0]!.offset, length: this.length, bytes }
  }

  /** The content as it will be after `edits`, none of which changes its length. */
  async readEdited(edits: readonly Edit[]): Promise<Buffer> {
    const content = Buffer.from(await this.read(0, this.length))
    let at = 0
    for (const extent of this.#extents) {
      for (const edit of edits) {
        const from = Math.max(edit.offset, extent.offset)
        const to = Math.min(edit.offset + edit.length, extent.offset + extent.length)
        if (from < to)
          content.set(edit.bytes.subarray(from - edit.offset, to - edit.offset), at + from - extent.offset)
      }
      at += extent.length
    }
    return content
  }

  #extentsOf(at: number, length: number): Extent[] {
    if (!(at >= 0 && length >= 0 && at + length <= this.length)) throw invalidMedia('it ends too early')
    const extents: Extent[] = []
    let start = 0
    for (const extent of this.#extents) {
      const from = Math.max(at, start)
      const to = Math.min(at + length, start + extent.length)
      if (from < to) extents.push({ offset: extent.offset + from - start, length: to - from })
      start += extent.length
    }
    return extents.length > 0 ? extents : [{ offset: this.#extents[0]?.offset ?? 0, length: 0 }]
  }
}

class FileSource implements ByteSource {
  readonly #file: FileHandle
  readonly #signal: AbortSignal | undefined
  #window: Buffer = Buffer.alloc(0)
  #windowAt = 0

  constructor(file: FileHandle, signal: AbortSignal | undefined) {
    this.#file = file
    this.#signal = signal
  }

  async read(offset: number, length: number): Promise<Buffer> {
    this.#signal?.throwIfAborted()
    if (length > windowBytes) return this.#readAt(offset, length)
    const isInWindow = offset >= this.#windowAt && offset + length <= this.#windowAt + this.#window.length
    if (!isInWindow) {
      this.#window = await this.#readAt(offset, windowBytes)
      this.#windowAt = offset
    }
    return this.#window.subarray(offset - this.#windowAt, offset - this.#windowAt + length)
  }

  async #readAt(offset: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafeSlow(length)
    return buffer.subarray(0, await this.fill(offset, buffer))
  }

  async fill(offset: number, into: Buffer): Promise<number> {
    this.#signal?.throwIfAborted()
    let filled = 0
    while (filled < into.length) {
      const { bytesRead } = await this.#file.read(into, filled, into.length - filled, offset + filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return filled
  }
}

/** The error of a file that is not what its kind should be; callers that know the path name it. */
export function invalidMedia(what: string): P2pShareError {
  return new P2pShareError('ERR_INVALID_MEDIA', `Not readable as what it claims to be: ${what}`)
}

/** Opens a file to read it only; something that is not a regular file is refused without waiting on it. */
export async function openToRead(
  path: string,
): Promise<{ file: FileHandle; sizeBytes: number; modifiedMs: number }> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const stat = await file.stat()
    if (!stat.isFile()) throw new P2pShareError('ERR_UNREADABLE_FILE', `${path} is not a file`)
    return { file, sizeBytes: stat.size, modifiedMs: stat.mtimeMs }
  } catch (error) {
    await file.close()
    throw error
  }
}
