import { extname } from 'node:path'
import { type AbortOptions, raceAbort } from '../abort.ts'
import { fileSystemError } from '../errors.ts'
import { openToRead } from './byte-range.ts'

/** What a file is. */
export interface MediaKind {
  readonly type: 'photo' | 'video' | 'audio' | 'other'
  /** Media type, such as `image/jpeg`; `application/octet-stream` where nothing is known. */
  readonly mime: string
  /** The usual extension of that media type, or the file's own; lower case, without a dot, may be empty. */
  readonly extension: string
}

/** How many bytes from the start decide; two transport stream packets and their extras fit. */
const headBytes = 4096

/** Leading bytes (Latin-1) and what they stand for. The first that matches counts. */
const signatures: readonly [pattern: RegExp, mime: string, extension: string][] = [
  [/^\xff\xd8\xff/, 'image/jpeg', 'jpg'],
  [/^\x89PNG\r\n\x1a\n/, 'image/png', 'png'],
  [/^GIF8[79]a/, 'image/gif', 'gif'],
  [/^RIFF.{4}WEBP/s, 'image/webp', 'webp'],
  [/^RIFF.{4}AVI /s, 'video/x-msvideo', 'avi'],
  [/^RIFF.{4}WAVE/s, 'audio/wav', 'wav'],
  [/^(II[*+]\0|MM\0[*+])/, 'image/tiff', 'tif'],
  [/^BM.{8}.{4}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0/s, 'image/bmp', 'bmp'],
  [/^(\0\0\0\x0cJXL \r\n\x87\n|\xff\x0a)/, 'image/jxl', 'jxl'],
  [/^.{4}ftyp(avif|avis)/s, 'image/avif', 'avif'],
  [/^.{4}ftyp(heic|heix|heim|heis|hevc|hevx|hevm|hevs)/s, 'image/heic', 'heic'],
  [/^.{4}ftyp(mif1|msf1|mif2)/s, 'image/heif', 'heif'],
  [/^.{4}ftypcrx /s, 'image/x-canon-cr3', 'cr3'],
  [/^.{4}ftypM4[ABP] /s, 'audio/mp4', 'm4a'],
  [/^.{4}ftypM4V/s, 'video/x-m4v', 'm4v'],
  [/^.{4}ftypqt {2}/s, 'video/quicktime', 'mov'],
  [/^.{4}ftyp3g/s, 'video/3gpp', '3gp'],
  [/^.{4}ftyp/s, 'video/mp4', 'mp4'],
  [/^.{4}(moov|mdat|wide|pnot|skip|free)(?=.)/s, 'video/quicktime', 'mov'],
  [/^\x1aE\xdf\xa3.{0,60}webm/s, 'video/webm', 'webm'],
  [/^\x1aE\xdf\xa3/, 'video/x-matroska', 'mkv'],
  [/^(?=G.{187}G.{187}G|.{4}G.{191}G.{191}G)/s, 'video/mp2t', 'ts'],
  [/^\0\0\x01[\xba\xb3]/, 'video/mpeg', 'mpg'],
  [/^OggS.{22,40}\x80theora/s, 'video/ogg', 'ogv'],
  [/^OggS/, 'audio/ogg', 'ogg'],
  [/^fLaC/, 'audio/flac', 'flac'],
  [/^ID3[\x02-\x04]/, 'audio/mpeg', 'mp3'],
  [/^\xff[\xe2\xe3\xf2\xf3\xfa\xfb][\x10-\xef]/, 'audio/mpeg', 'mp3'],
  [/^\xff[\xf1\xf9]/, 'audio/aac', 'aac'],
]

/** Raw files of cameras, by extension; most begin as a TIFF file does, and the `mime` package knows few. */
const rawExtensions = new Set(
  '3fr arw cr2 cr3 crw dcr dng erf iiq kdc mef mos mrw nef nrw orf pef raf raw rw2 rwl sr2 srf srw x3f'.split(
    ' ',
  ),
)

/**
 * Says what a file is: by its leading bytes where they are telling, else by its extension. A file named as a kind
 * that is always known by its bytes, without those bytes, is `other`.
 *
 * @throws {P2pShareError} `ERR_PATH_NOT_FOUND`, `ERR_UNREADABLE_FILE`
 */
export async function kindOf(path: string, { signal }: AbortOptions = {}): Promise<MediaKind> {
  signal?.throwIfAborted()
  return kindByBytes(await raceAbort(readHead(path), signal), path)
}

async function readHead(path: string): Promise<Buffer> {
  try {
    const { file } = await openToRead(path)
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0)
      return buffer.subarray(0, bytesRead)
    } finally {
      await file.close()
    }
  } catch (error) {
    throw fileSystemError(error, path, 'read')
  }
}

/** What a file is that begins with `head` and is named so. */
export async function kindByBytes(head: Uint8Array, name: string): Promise<MediaKind> {
  const own = extname(name).slice(1).toLowerCase()
  const text = Buffer.from(head).toString('latin1')
  const found = signatures.find(([pattern]) => pattern.test(text))
  if (rawExtensions.has(own) && (!found || found[1] === 'image/tiff' || found[1] === 'image/x-canon-cr3'))
    return { type: 'photo', mime: rawType(own), extension: own }
  if (found) return { type: typeOf(found[1]), mime: found[1], extension: found[2] }
  const { default: mime } = await import('mime')
  const guess = mime.getType(name)
  const isKnownByBytes = signatures.some(([, known]) => known === guess)
  if (!guess || isKnownByBytes) return { type: 'other', mime: 'application/octet-stream', extension: own }
  return { type: typeOf(guess), mime: guess, extension: own }
}

function rawType(extension: string): string {
  return extension === 'dng' ? 'image/x-adobe-dng' : `image/x-raw-${extension}`
}

function typeOf(mime: string): MediaKind['type'] {
  switch (mime.slice(0, mime.indexOf('/'))) {
    case 'image':
      return 'photo'
    case 'video':
      return 'video'
    case 'audio':
      return 'audio'
    default:
      return 'other'
  }
}
