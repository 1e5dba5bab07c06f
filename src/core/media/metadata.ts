import { type AbortOptions, raceAbort } from '../abort.ts'
import { fileSystemError, P2pShareError } from '../errors.ts'
import { readAvi } from './avi.ts'
import { ByteRange, openToRead } from './byte-range.ts'
import { kindOf, type MediaKind } from './kind.ts'
import { readInThread } from './reader-thread.ts'
import { surveyFile } from './survey-file.ts'

/** What a photo, video or sound tells of itself. What it does not tell is absent. */
export interface MediaFacts {
  /**
   * When it was taken, ISO 8601. Cameras note the time on their clock, so the offset from UTC (`+02:00`, `Z`) is there
   * only where the file has one.
   */
  takenAt?: string
  camera?: string
  /** Pixels: of a photo as stored, of a video as shown. */
  width?: number
  height?: number
  /** EXIF orientation of a photo, 1 to 8: how to turn what is stored so that it is upright. */
  orientation?: number
  /** Degrees, north and east positive. */
  position?: { latitude: number; longitude: number }
  durationMs?: number
  /** What is broken in it, for people. */
  warnings: string[]
}

/** Until then a file has been understood, or it is given up with a warning. */
const timeoutMs = 10_000

/**
 * Reads what a file tells of itself, and of it only as much as that takes: a few kilobytes to some megabytes, even
 * of a long video. A file that is broken gives warnings, a file that is neither photo, video nor sound nothing.
 *
 * @throws {P2pShareError} `ERR_PATH_NOT_FOUND`, `ERR_UNREADABLE_FILE`
 */
export async function readMedia(path: string, { signal }: AbortOptions = {}): Promise<MediaFacts> {
  const kind = await kindOf(path, { signal })
  const timeout = AbortSignal.timeout(timeoutMs)
  const either = signal ? AbortSignal.any([signal, timeout]) : timeout
  try {
    return await raceAbort(readKind(path, kind, either), either)
  } catch (error) {
    signal?.throwIfAborted()
    if (timeout.aborted) return { warnings: ['It takes too long to read'] }
    if (error instanceof P2pShareError && error.kind === 'input' && error.code !== 'ERR_INVALID_MEDIA')
      throw error
    return { warnings: [(error as Error).message] }
  }
}

async function readKind(path: string, kind: MediaKind, signal: AbortSignal): Promise<MediaFacts> {
  if (kind.type === 'photo') return readPhoto(path, signal)
  if (kind.mime === 'video/x-msvideo') return readAviFile(path, signal)
  if (kind.type === 'video' || kind.type === 'audio') return readFilm(path, signal)
  return { warnings: [] }
}

async function readPhoto(path: string, signal: AbortSignal): Promise<MediaFacts> {
  const { survey, embedded } = await surveyFile(path, { signal, isQuick: true, withEmbedded: true })
  const { warnings = [], ...facts } = embedded ?? {}
  const broken = survey.broken.map(part => `${part} is broken`)
  return { ...survey.dimensions, ...facts, warnings: [...new Set([...broken, ...warnings])] }
}

async function readFilm(path: string, signal: AbortSignal): Promise<MediaFacts> {
  const { survey } = await surveyFile(path, { signal, isQuick: true })
  const { takenAt = survey.madeAt, ...facts } = await readInThread({ kind: 'recording', path }, signal)
  return { ...facts, ...(takenAt ? { takenAt } : {}), warnings: [] }
}

async function readAviFile(path: string, signal: AbortSignal): Promise<MediaFacts> {
  try {
    const { file, sizeBytes } = await openToRead(path)
    try {
      return { ...(await readAvi(ByteRange.ofFile(file, sizeBytes, signal))), warnings: [] }
    } finally {
      await file.close()
    }
  } catch (error) {
    throw fileSystemError(error, path, 'read')
  }
}
