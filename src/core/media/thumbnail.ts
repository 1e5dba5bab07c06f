import { type AbortOptions, raceAbort } from '../abort.ts'
import { P2pShareError } from '../errors.ts'
import { kindOf } from './kind.ts'

export interface ThumbnailOptions extends AbortOptions {
  /** Pixels that the picture fits into; smaller pictures keep their size. */
  maxWidth: number
  maxHeight: number
  /** @default 'webp' */
  format?: 'webp'
}

/** Kinds that are decoded. SVG is not among them: it can refer to other files. */
const decodable = new Set(
  ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif', 'heic', 'heif'].map(name => `image/${name}`),
)

/** A picture of more pixels than any camera takes is refused before it is decoded. */
const maxPixels = 300_000_000

const timeoutSeconds = 30

/**
 * Makes a small picture of a photo, upright as its EXIF orientation says, as WebP without any metadata. A damaged
 * photo gives as much of its picture as can be decoded.
 *
 * @throws {P2pShareError} `ERR_INVALID_MEDIA` where it is no photo, or of a kind that cannot be decoded here;
 *   `ERR_PATH_NOT_FOUND`, `ERR_UNREADABLE_FILE`
 */
export async function makeThumbnail(path: string, options: ThumbnailOptions): Promise<Uint8Array> {
  const { signal } = options
  const { mime } = await kindOf(path, { signal })
  if (!decodable.has(mime))
    throw new P2pShareError('ERR_INVALID_MEDIA', `There is no thumbnail of ${path}: it is ${mime}`)
  try {
    return await shrink(path, options)
  } catch (error) {
    signal?.throwIfAborted()
    const why = 'it is damaged, too large, or compressed in a way that is not supported here'
    throw new P2pShareError('ERR_INVALID_MEDIA', `Cannot decode ${path}: ${why}`, { cause: error })
  }
}

/** A picture, in a file or in memory, made small. */
export async function shrink(input: string | Uint8Array, options: ThumbnailOptions): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp')
  const picture = sharp(input, {
    limitInputPixels: maxPixels,
    failOn: 'none',
    sequentialRead: true,
    pages: 1,
  })
    .rotate()
    .resize({ width: options.maxWidth, height: options.maxHeight, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 75 })
    .timeout({ seconds: timeoutSeconds })
  return raceAbort(picture.toBuffer(), options.signal)
}
