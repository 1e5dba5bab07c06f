import { type AbortOptions, kindOf, makePoster, makeThumbnail, P2pShareError } from '../../core/index.ts'
import { maxPosterBytes } from '../listing/fields.ts'

/** A poster of that size is small on a page of many, and good enough to choose by. */
const aimBytes = 16_384
/** Larger than any poster, so that making it small hides what the first compression cost. */
const drawnPixels = 1_280
/** From the best to the smallest. */
const attempts = [
  { pixels: 640, quality: 72 },
  { pixels: 640, quality: 56 },
  { pixels: 640, quality: 42 },
  { pixels: 480, quality: 50 },
  { pixels: 480, quality: 36 },
  { pixels: 320, quality: 50 },
  { pixels: 320, quality: 30 },
  { pixels: 160, quality: 30 },
] as const
const leastPixels = 48
/** Standard deviation of the liveliest channel, of 255: below it a picture is black, white or fog. */
const dullBelow = 6
const frameParts = [0.1, 0.35, 0.6]
const latestFrameMs = 10 * 60_000

export interface PosterSource {
  readonly path: string
  readonly type: 'photo' | 'video'
  /** Of a film. */
  readonly durationMs?: number | undefined
}

/**
 * The poster of a photo or a film: WebP of at most 640 pixels and 32 KiB, without any metadata.
 *
 * @throws {P2pShareError} `ERR_INVALID_MEDIA` where no picture comes out of it, `ERR_PATH_NOT_FOUND`, `ERR_UNREADABLE_FILE`
 */
export async function posterOfFile(path: string, options: AbortOptions = {}): Promise<Uint8Array> {
  const { type } = await kindOf(path, options)
  const drawn = type === 'video' ? await drawFilm({ path, type }, options) : await drawPhoto(path, options)
  if (!drawn) throw new P2pShareError('ERR_INVALID_MEDIA', `No poster can be made of ${path}`)
  return compress(drawn.picture)
}

/** The poster of the first of the files that makes a telling one; one that is dull serves where there is no better. */
export async function posterOfFirst(
  sources: readonly PosterSource[],
  options: AbortOptions = {},
): Promise<Uint8Array | undefined> {
  let spare: Uint8Array | undefined
  for (const source of sources) {
    const drawn = await (source.type === 'video'
      ? drawFilm(source, options)
      : drawPhoto(source.path, options)
    ).catch((error: unknown) => {
      options.signal?.throwIfAborted()
      if (error instanceof P2pShareError) return undefined
      throw error
    })
    if (drawn?.isTelling) return compress(drawn.picture)
    spare ??= drawn?.picture
  }
  return spare && compress(spare)
}

interface Drawn {
  readonly picture: Uint8Array
  readonly isTelling: boolean
}

async function drawPhoto(path: string, { signal }: AbortOptions): Promise<Drawn> {
  return judge(await makeThumbnail(path, { maxWidth: drawnPixels, maxHeight: drawnPixels, signal }))
}

/** A film often begins in black: later frames are tried until one shows something. */
async function drawFilm(
  { path, durationMs }: PosterSource,
  { signal }: AbortOptions,
): Promise<Drawn | undefined> {
  const times = durationMs === undefined ? [1_000] : frameParts.map(part => part * durationMs)
  let spare: Drawn | undefined
  for (const atMs of times) {
    const frame = await makePoster(path, {
      atMs: Math.min(Math.round(atMs), latestFrameMs),
      maxWidth: drawnPixels,
      maxHeight: drawnPixels,
      signal,
    })
    if (!frame) return spare
    const drawn = await judge(frame)
    if (drawn.isTelling) return drawn
    spare ??= drawn
  }
  return spare
}

async function judge(picture: Uint8Array): Promise<Drawn> {
  const { default: sharp } = await import('sharp')
  const { width, height } = await sharp(picture).metadata()
  const { channels } = await sharp(picture).stats()
  const isLively = channels.some(({ stdev }) => stdev >= dullBelow)
  return { picture, isTelling: isLively && Math.min(width, height) >= leastPixels }
}

async function compress(picture: Uint8Array): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp')
  let fitting: Uint8Array | undefined
  for (const { pixels, quality } of attempts) {
    const poster = await sharp(picture)
      .resize({ width: pixels, height: pixels, fit: 'inside', withoutEnlargement: true })
      .webp({ quality, effort: 5 })
      .toBuffer()
    if (poster.length <= maxPosterBytes) fitting = poster
    if (poster.length <= aimBytes) break
  }
  if (fitting) return fitting
  throw new P2pShareError('ERR_INVALID_MEDIA', 'The picture cannot be made small enough for a poster')
}
