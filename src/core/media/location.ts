import { rm } from 'node:fs/promises'
import type { AbortOptions } from '../abort.ts'
import { P2pShareError } from '../errors.ts'
import type { SourceFile } from '../torrent/source-file.ts'
import { copyEdited, orderEdits } from './copy-edited.ts'
import type { LocationHolder } from './survey.ts'
import { type SurveyedFile, surveyFile } from './survey-file.ts'

/** What a clean copy was cleaned of. */
export interface StrippedLocation {
  readonly removed: readonly LocationHolder[]
}

/** Files gone through at the same time. */
const concurrency = 4

/**
 * Whether a photo, video or sound tells where it was taken: by EXIF, XMP, IPTC, QuickTime or Matroska tags, a track
 * of positions, or the same in a picture embedded in it. Reads at most the file once, never writes.
 *
 * @param options with `isQuick` only what comes before the picture data is read: where most tell it, not all
 * @throws {P2pShareError} `ERR_PATH_NOT_FOUND`, `ERR_UNREADABLE_FILE`
 */
export async function hasLocation(
  path: string,
  options: AbortOptions & { isQuick?: boolean } = {},
): Promise<boolean> {
  const { survey } = await surveyFile(path, options)
  return survey.findings.some(finding => finding.isCertain)
}

/**
 * Those of the files that tell where they were taken; a file that cannot be read is left to whoever reads it next.
 *
 * @param options `onProgress` is called after each file
 */
export async function locationsIn(
  files: readonly SourceFile[],
  options: AbortOptions & { onProgress?: (progress: { filesDone: number; fileCount: number }) => void } = {},
): Promise<SourceFile[]> {
  const { signal, onProgress } = options
  let filesDone = 0
  const tells = await mapBounded(files, async file => {
    signal?.throwIfAborted()
    const told = await hasLocation(file.source, { signal }).catch((error: unknown) => {
      if (error instanceof P2pShareError && error.code !== 'ERR_INTERNAL') return false
      throw error
    })
    onProgress?.({ filesDone: ++filesDone, fileCount: files.length })
    return told
  })
  return files.filter((_, index) => tells[index])
}

/** Runs `work` on all, a few at a time; the first failure stops the rest. */
export async function mapBounded<T, R>(
  all: readonly T[],
  work: (one: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  const entries = all.entries()
  let isFailed = false
  const lane = async () => {
    for (const [index, one] of entries) {
      if (isFailed) return
      try {
        results[index] = await work(one, index)
      } catch (error) {
        isFailed = true
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: concurrency }, lane))
  return results
}

/**
 * Makes a copy of a file that does not tell where it was taken. Pictures and sound stay bit for bit, and so does all
 * other metadata: the date, the camera, the orientation, thumbnails. The copy is read back and must tell no place,
 * neither to us nor to exifr; else it is removed again.
 *
 * @param target where the copy is made; nothing may be there yet
 * @returns what told the place; empty where nothing did, and the copy is the same as the file
 * @throws {P2pShareError} `ERR_LOCATION_NOT_REMOVABLE` where the kind of file cannot be cleaned, or it is damaged so
 *   that nobody can say that it is clean; `ERR_TARGET_EXISTS`, `ERR_SOURCE_CHANGED`, `ERR_PATH_NOT_FOUND`,
 *   `ERR_UNREADABLE_FILE`, `ERR_CANNOT_WRITE`, `ERR_DISK_FULL`
 */
export async function stripLocation(
  path: string,
  target: string,
  options: AbortOptions = {},
): Promise<StrippedLocation> {
  return stripSurveyed(path, await surveyFile(path, options), target, options)
}

/** {@link stripLocation} of a file that has been gone through already. */
export async function stripSurveyed(
  path: string,
  surveyed: SurveyedFile,
  target: string,
  { signal }: AbortOptions = {},
): Promise<StrippedLocation> {
  const { survey } = surveyed
  if (survey.doubts.length > 0) throw notRemovable(path, survey.doubts)
  const edits = editsOf(path, surveyed)
  await copyEdited(path, target, edits, surveyed, signal)
  try {
    await prove(path, target, signal)
  } catch (error) {
    await rm(target, { force: true })
    throw error
  }
  return { removed: [...new Set(survey.findings.map(finding => finding.holder))] }
}

/** @throws {P2pShareError} `ERR_LOCATION_NOT_REMOVABLE` where they contradict each other */
export function editsOf(path: string, { survey }: SurveyedFile): ReturnType<typeof orderEdits> {
  try {
    return orderEdits(survey.edits)
  } catch (error) {
    throw notRemovable(path, [(error as Error).message], error)
  }
}

async function prove(path: string, copy: string, signal: AbortSignal | undefined): Promise<void> {
  const { survey, embedded } = await surveyFile(copy, { signal, withEmbedded: true })
  if (survey.doubts.length > 0) throw notRemovable(path, survey.doubts)
  if (survey.findings.length > 0)
    throw notRemovable(path, [`its ${survey.findings[0]!.holder} would still tell it`])
  if (embedded?.position) throw notRemovable(path, ['a second reader still finds it'])
}

export function notRemovable(path: string, why: readonly string[], cause?: unknown): P2pShareError {
  return new P2pShareError(
    'ERR_LOCATION_NOT_REMOVABLE',
    `Cannot share ${path} without its location: ${why.slice(0, 3).join('; ')}. Leave it out, or share it as it is`,
    { cause },
  )
}
