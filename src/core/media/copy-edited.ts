import { type FileHandle, open, rm } from 'node:fs/promises'
import { fileSystemError, P2pShareError } from '../errors.ts'
import { type Edit, openToRead } from './byte-range.ts'

const chunkBytes = 1024 * 1024

/**
 * The edits in order, none over another: those that say the same twice once.
 * @throws {P2pShareError} `ERR_INVALID_MEDIA` where two disagree on the same bytes
 */
export function orderEdits(edits: readonly Edit[]): Edit[] {
  const ordered: Edit[] = []
  for (const edit of edits.toSorted((a, b) => a.offset - b.offset || a.length - b.length)) {
    const last = ordered.at(-1)
    if (last && edit.offset === last.offset && Buffer.compare(edit.bytes, last.bytes) === 0) continue
    if (last && edit.offset < last.offset + last.length)
      throw new P2pShareError(
        'ERR_INVALID_MEDIA',
        `Two parts of it lie over each other at byte ${edit.offset}`,
      )
    ordered.push(edit)
  }
  return ordered
}

/** What the edited file consists of, in order and in bounded blocks; `signal` is heeded between them. */
export async function* editedContent(
  { path, file, sizeBytes }: { path: string; file: FileHandle; sizeBytes: number },
  edits: readonly Edit[],
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafe(chunkBytes)
  let at = 0
  for (const edit of [...edits, { offset: sizeBytes, length: 0, bytes: new Uint8Array(0) }]) {
    while (at < edit.offset) {
      signal?.throwIfAborted()
      const { bytesRead } = await file.read(buffer, 0, Math.min(chunkBytes, edit.offset - at), at)
      if (bytesRead === 0)
        throw new P2pShareError('ERR_SOURCE_CHANGED', `${path} became shorter while it was read: try again`)
      yield buffer.subarray(0, bytesRead)
      at += bytesRead
    }
    if (edit.bytes.length > 0) yield edit.bytes
    at += edit.length
  }
}

/**
 * Writes a copy of `source` with `edits` made; `source` is only read, `target` made anew. What the edits take out is
 * never written at all. On failure, or when aborted, no target is left.
 *
 * @throws {P2pShareError} `ERR_TARGET_EXISTS`, `ERR_CANNOT_WRITE`, `ERR_DISK_FULL`, `ERR_SOURCE_CHANGED`
 */
export async function copyEdited(
  source: string,
  target: string,
  edits: readonly Edit[],
  expected: { sizeBytes: number; modifiedMs: number },
  signal?: AbortSignal,
): Promise<void> {
  const { file, sizeBytes, modifiedMs } = await openToRead(source)
  try {
    if (sizeBytes !== expected.sizeBytes || modifiedMs !== expected.modifiedMs)
      throw new P2pShareError('ERR_SOURCE_CHANGED', `${source} changed while it was read: try again`)
    const copy = await open(target, 'wx').catch((error: unknown) => {
      throw fileSystemError(error, target, 'write')
    })
    try {
      for await (const block of editedContent({ path: source, file, sizeBytes }, edits, signal))
        await writeAll(copy, block)
      await copy.sync()
      await copy.close()
    } catch (error) {
      await copy.close()
      await rm(target, { force: true })
      if (signal?.aborted) throw signal.reason
      throw fileSystemError(error, target, 'write')
    }
  } finally {
    await file.close()
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done)
    done += bytesWritten
  }
}
