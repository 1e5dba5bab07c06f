import type { AbortOptions } from '../abort.ts'
import { fileSystemError, P2pShareError } from '../errors.ts'
import { ByteRange, openToRead } from './byte-range.ts'
import { type EmbeddedFacts, readEmbedded } from './embedded.ts'
import { surveyAvchd } from './formats/avchd.ts'
import { surveyBmff } from './formats/bmff.ts'
import { surveyBmp } from './formats/bmp.ts'
import { surveyGif } from './formats/gif.ts'
import { surveyIptc } from './formats/iptc.ts'
import { surveyJpeg, surveyJpegTo } from './formats/jpeg.ts'
import { surveyMatroska } from './formats/matroska.ts'
import { surveyPhotoshop } from './formats/photoshop.ts'
import { surveyPngTo } from './formats/png.ts'
import { surveyRiff, surveyWebpTo } from './formats/riff.ts'
import { surveySound } from './formats/sound.ts'
import { surveyTiff } from './formats/tiff.ts'
import { surveyTrailer } from './formats/trailer.ts'
import { surveyUnknown } from './formats/unknown.ts'
import { surveyXmp } from './formats/xmp.ts'
import { kindByBytes, type MediaKind } from './kind.ts'
import { Survey, type Surveyor } from './survey.ts'

/** A file that was gone through. */
export interface SurveyedFile {
  readonly kind: MediaKind
  readonly survey: Survey
  readonly sizeBytes: number
  readonly modifiedMs: number
  /** What its EXIF and XMP tell, where that was asked for. */
  readonly embedded?: EmbeddedFacts
}

export interface SurveyFileOptions extends AbortOptions {
  /** Only what comes before the picture data. @default false */
  isQuick?: boolean
  /** Reads EXIF and XMP as well. @default false */
  withEmbedded?: boolean
}

const parts = {
  jpeg: surveyJpeg,
  tiff: surveyTiff,
  xmp: surveyXmp,
  iptc: surveyIptc,
  photoshop: surveyPhotoshop,
  bmff: surveyBmff,
  unknown: surveyUnknown,
}

/** Kinds that are gone through, and how. */
const wholes = new Map<string, Surveyor>([
  ['image/jpeg', withTrailer(surveyJpegTo)],
  ['image/png', withTrailer(surveyPngTo)],
  ['image/webp', withTrailer(surveyWebpTo)],
  ['image/tiff', surveyTiff],
  ['image/gif', surveyGif],
  ['image/bmp', surveyBmp],
  ['image/svg+xml', surveyUnknown],
  ['video/ogg', surveySound],
  ['video/x-matroska', surveyMatroska],
  ['video/webm', surveyMatroska],
  ['video/x-msvideo', surveyRiff],
  ['audio/wav', surveyRiff],
  ['video/mp2t', surveyAvchd],
  ['video/mpeg', surveyAvchd],
  ...['heic', 'heif', 'avif', 'jxl', 'jp2'].map(name => [`image/${name}`, surveyBmff] as const),
  ...['mp4', 'quicktime', 'x-m4v', '3gpp'].map(name => [`video/${name}`, surveyBmff] as const),
  ['audio/mp4', surveyBmff],
])

/**
 * Goes through a file for what it tells of itself, reading only. A kind that is not understood is a doubt where it is
 * a photo or a video; other files are let be, but for XMP sidecars.
 *
 * @throws {P2pShareError} `ERR_PATH_NOT_FOUND`, `ERR_UNREADABLE_FILE`
 */
export async function surveyFile(
  path: string,
  { signal, isQuick = false, withEmbedded = false }: SurveyFileOptions = {},
): Promise<SurveyedFile> {
  signal?.throwIfAborted()
  try {
    const { file, sizeBytes, modifiedMs } = await openToRead(path)
    try {
      const range = ByteRange.ofFile(file, sizeBytes, signal)
      const kind = await kindByBytes(await range.peek(0, 4096), path)
      const survey = new Survey(parts, isQuick)
      await survey.attempt('it', () => surveyKind(kind, range, survey))
      const embedded = withEmbedded ? { embedded: await readEmbedded(survey, signal) } : {}
      return { kind, survey, sizeBytes, modifiedMs, ...embedded }
    } finally {
      await file.close()
    }
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    if (error instanceof P2pShareError || (error as NodeJS.ErrnoException).syscall)
      throw fileSystemError(error, path, 'read')
    throw new P2pShareError('ERR_INTERNAL', `Going through ${path} failed: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

async function surveyKind(kind: MediaKind, range: ByteRange, survey: Survey): Promise<void> {
  const surveyor = wholes.get(kind.mime)
  if (survey.isQuick && surveyor !== surveyBmff && kind.type !== 'photo') return
  if (surveyor) await surveyor(range, survey)
  else if (kind.type === 'audio') await surveySound(range, survey)
  else if (kind.extension === 'xmp') await surveyXmp(range, survey)
  else if (kind.type !== 'other') {
    const head = (await range.peek(0, 4)).toString('latin1')
    if (/^(II\*\0|MM\0\*)/.test(head)) await surveyTiff(range, survey)
    survey.doubt(`files of its kind (${kind.mime}) cannot be cleaned`)
  }
}

function withTrailer(surveyTo: (range: ByteRange, survey: Survey) => Promise<number>): Surveyor {
  return async (range, survey) => {
    const end = await surveyTo(range, survey)
    if (!survey.isQuick) await surveyTrailer(range, end, survey)
  }
}
