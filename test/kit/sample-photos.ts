import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { ExecutionContext } from 'ava'
import sharp from 'sharp'

export const photoFormats = ['jpeg', 'png', 'webp', 'tiff', 'avif'] as const

/** Where the sample photos say they were taken: south and west, so that a lost sign shows. */
export const samplePosition = { latitude: -33.858333, longitude: -70.5 }

const exif = {
  IFD0: { Make: 'Acme', Model: 'One', Copyright: 'Me' },
  IFD2: { DateTimeOriginal: '2024:05:06 07:08:09', OffsetTimeOriginal: '+02:00' },
}

const gps = {
  GPSLatitudeRef: 'S',
  GPSLatitude: '33/1 51/1 3000/100',
  GPSLongitudeRef: 'W',
  GPSLongitude: '70/1 30/1 0/1',
  GPSAltitude: '520/1',
}

/** An XMP packet: one property that stays, and those given. */
export function xmpPacket(attributes = '', elements = ''): string {
  return `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:xmpNote="http://ns.adobe.com/xmp/note/" dc:source="kept" ${attributes}>${elements}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`
}

export const xmpPosition =
  'exif:GPSLatitude="33,51.5S" exif:GPSLongitude="70,30W" exif:GPSVersionID="2.2.0.0"'

export interface PhotoInit {
  readonly gps?: boolean
  readonly xmp?: string
  readonly orientation?: number
  readonly width?: number
  readonly height?: number
}

/** A small photo of noise, with a date and a camera. `tiff` gets no GPS from sharp: exiftool adds it. */
export async function samplePhoto(
  format: (typeof photoFormats)[number],
  init: PhotoInit = {},
): Promise<Buffer> {
  const { width = 90, height = 60, orientation = 1 } = init
  const pixels = Buffer.alloc(width * height * 3)
  for (let at = 0, value = 7; at < pixels.length; at++) {
    value = (value * 75 + 74) % 65_537
    pixels[at] = value
  }
  let photo = sharp(pixels, { raw: { width, height, channels: 3 } })
    .toFormat(format)
    .withMetadata({ orientation })
    .withExifMerge({ ...exif, ...(init.gps ? { IFD3: gps } : {}) })
  if (init.xmp) photo = photo.withXmp(init.xmp)
  return photo.toBuffer()
}

/** The decoded pixels of a picture, not turned. */
export async function pixelsOf(path: string): Promise<Buffer> {
  return sharp(path, { failOn: 'none' }).raw().toBuffer()
}

/** Every tag that exiftool finds of a place in the file, in whatever group, in embedded pictures too. */
export async function exiftoolPlaces(path: string): Promise<string[]> {
  const names = [
    '-gps:all',
    '-Location:all',
    '-City',
    '-State',
    '-Country',
    '-GPSCoordinates',
    '-LocationInformation',
  ]
  const { stdout } = await promisify(execFile)('exiftool', ['-ee', '-a', '-G1', '-s', '-q', ...names, path])
  return stdout
    .split('\n')
    .filter(line => /GPS(Lat|Long|Pos|Coord|Alt)|City|State|Country|Location/.test(line))
}

/** All else that exiftool finds, without what a copy cannot share with its original. */
export async function exiftoolTags(path: string): Promise<Record<string, unknown>> {
  const { stdout } = await promisify(execFile)('exiftool', [
    '-j',
    '-a',
    '-G1',
    '-s',
    '-x',
    'System:all',
    path,
  ])
  const [tags] = JSON.parse(stdout) as Record<string, unknown>[]
  const isOther = (name: string) =>
    !/SourceFile|GPS|City|State|Country|Location|MediaDataOffset|HasExtendedXMP/.test(name)
  return Object.fromEntries(Object.entries(tags!).filter(([name]) => isOther(name)))
}

/** Runs exiftool to change a file where it is. */
export async function exiftool(path: string, ...args: string[]): Promise<void> {
  await promisify(execFile)('exiftool', ['-q', '-overwrite_original', ...args, path])
}

export async function ffmpeg(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('ffmpeg', ['-y', '-v', 'error', '-nostdin', ...args])
  return stdout
}

const sharedFolder = fileURLToPath(new URL('../../../shared/media/', import.meta.url))

/**
 * Path of a real photo in the folder of shared test material beside the checkout; undefined, with a note of the skip
 * in the test, where there is none.
 */
export function sharedPhoto(t: ExecutionContext, name: string): string | undefined {
  const path = sharedFolder + name
  if (existsSync(path)) return path
  t.log(`Skipped: ../shared/media/${name} is not beside the checkout`)
  t.pass()
  return undefined
}
