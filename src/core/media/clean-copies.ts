import { createHash, randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, mkdir, open, rename, rm, stat, utimes } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { AbortOptions } from '../abort.ts'
import { fileSystemError, P2pShareError } from '../errors.ts'
import type { SourceFile } from '../torrent/source-file.ts'
import { openToRead } from './byte-range.ts'
import { editedContent } from './copy-edited.ts'
import { editsOf, mapBounded, notRemovable, stripSurveyed } from './location.ts'
import { type SurveyedFile, surveyFile } from './survey-file.ts'

export interface CleanCopiesOptions extends AbortOptions {
  /** Called after each file. */
  onProgress?: ((progress: { filesDone: number; fileCount: number; copied: number }) => void) | undefined
}

/**
 * Copies into `folder` those of the files that tell where they were taken, without that; the others stay as they are.
 * The same files give the same copies, and so the same info-hash: a copy from an earlier run is used again if it is,
 * byte for byte, what would be made now. Aborting leaves whole copies behind, which the next run uses.
 *
 * @param folder made if it is not there; holds nothing but such copies
 * @returns the files in their order, with `source`, `sizeBytes` and `modifiedMs` of the copy where there is one
 * @throws {P2pShareError} `ERR_LOCATION_NOT_REMOVABLE` naming every file that cannot be cleaned;
 *   `ERR_SOURCE_CHANGED`, `ERR_PATH_NOT_FOUND`, `ERR_UNREADABLE_FILE`, `ERR_CANNOT_WRITE`, `ERR_DISK_FULL`
 */
export async function cleanCopies(
  files: readonly SourceFile[],
  folder: string,
  { signal, onProgress }: CleanCopiesOptions = {},
): Promise<SourceFile[]> {
  const refusals: P2pShareError[] = []
  let filesDone = 0
  let copied = 0
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw fileSystemError(error, folder, 'write')
  })
  const result = await mapBounded(files, async file => {
    signal?.throwIfAborted()
    let cleaned = file
    try {
      cleaned = await cleanCopy(file, folder, signal)
    } catch (error) {
      if (!(error instanceof P2pShareError && error.code === 'ERR_LOCATION_NOT_REMOVABLE')) throw error
      refusals.push(error)
    }
    if (cleaned !== file) copied++
    onProgress?.({ filesDone: ++filesDone, fileCount: files.length, copied })
    return cleaned
  })
  if (refusals.length === 1) throw refusals[0]
  if (refusals.length > 1) {
    const list = refusals.map(({ message }) => `\n  ${message}`).join('')
    throw new P2pShareError(
      'ERR_LOCATION_NOT_REMOVABLE',
      `${refusals.length} files cannot be shared without their location:${list}`,
      { cause: new AggregateError(refusals) },
    )
  }
  return result
}

async function cleanCopy(file: SourceFile, folder: string, signal?: AbortSignal): Promise<SourceFile> {
  const surveyed = await surveyFile(file.source, { signal })
  const { survey, kind } = surveyed
  if (surveyed.sizeBytes !== file.sizeBytes || surveyed.modifiedMs !== file.modifiedMs)
    throw new P2pShareError('ERR_SOURCE_CHANGED', `${file.source} changed since it was found: try again`)
  if (survey.doubts.length > 0) throw notRemovable(file.source, survey.doubts)
  if (survey.findings.length === 0) return file
  const name = createHash('sha256').update(resolve(file.source)).digest('hex').slice(0, 32)
  const target = join(folder, kind.extension ? `${name}.${kind.extension}` : name)
  if (!(await isIntact(file.source, surveyed, target, signal))) {
    const temporary = `${target}.${randomBytes(4).toString('hex')}.tmp`
    await stripSurveyed(file.source, surveyed, temporary, { signal })
    try {
      await utimes(temporary, new Date(), new Date(surveyed.modifiedMs))
      await rename(temporary, target)
    } catch (error) {
      await rm(temporary, { force: true })
      throw fileSystemError(error, target, 'write')
    }
  }
  const copy = await stat(target)
  return { ...file, source: target, sizeBytes: copy.size, modifiedMs: copy.mtimeMs }
}

/** Whether `copy` is a regular file that holds exactly what cleaning the source would write. */
async function isIntact(
  source: string,
  surveyed: SurveyedFile,
  copy: string,
  signal?: AbortSignal,
): Promise<boolean> {
  let held: FileHandle
  try {
    held = await open(copy, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
  } catch {
    return false
  }
  const { file, sizeBytes } = await openToRead(source).catch(async (error: unknown) => {
    await held.close()
    throw fileSystemError(error, source, 'read')
  })
  try {
    const { size } = await held.stat()
    let at = 0
    for await (const expected of editedContent(
      { path: source, file, sizeBytes },
      editsOf(source, surveyed),
      signal,
    )) {
      const { buffer, bytesRead } = await held.read(Buffer.alloc(expected.length), 0, expected.length, at)
      if (Buffer.compare(buffer.subarray(0, bytesRead), expected) !== 0) return false
      at += bytesRead
    }
    return at === size
  } finally {
    await Promise.all([held.close(), file.close()])
  }
}
