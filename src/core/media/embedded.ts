import { type ByteRange, maxBlockBytes } from './byte-range.ts'
import { positionInXmp } from './formats/xmp.ts'
import { readInThread } from './reader-thread.ts'
import type { Survey } from './survey.ts'

/** What the EXIF and XMP of a picture tell. */
export interface EmbeddedFacts {
  takenAt?: string
  camera?: string
  orientation?: number
  position?: { latitude: number; longitude: number }
  /** What could not be read. */
  warnings: string[]
}

/** Reads EXIF with exifr and the position of XMP. What is broken is a warning. */
export async function readEmbedded(survey: Survey, signal?: AbortSignal): Promise<EmbeddedFacts> {
  const facts: EmbeddedFacts = { warnings: [] }
  const block = survey.exif[0]
  if (block) {
    try {
      Object.assign(facts, await readExif(block, signal))
    } catch (error) {
      if (signal?.aborted) throw signal.reason
      facts.warnings.push(`Its EXIF is broken (${(error as Error).message})`)
    }
  }
  for (const packet of survey.xmp.slice(0, 8)) {
    if (facts.position) break
    const position = positionInXmp((await packet.peek(0, maxBlockBytes)).toString('latin1'))
    if (position) facts.position = position
  }
  return facts
}

async function readExif(block: ByteRange, signal?: AbortSignal): Promise<Partial<EmbeddedFacts>> {
  const bytes = await block.peek(0, maxBlockBytes)
  const tags = await readInThread({ kind: 'exif', block: Uint8Array.from(bytes) }, signal)
  const facts: Partial<EmbeddedFacts> = {}
  const takenAt = readDate(
    tags.DateTimeOriginal ?? tags.CreateDate,
    tags.OffsetTimeOriginal ?? tags.OffsetTime,
  )
  if (takenAt) facts.takenAt = takenAt
  const camera = nameCamera(tags.Make, tags.Model)
  if (camera) facts.camera = camera
  const { Orientation: orientation, latitude, longitude } = tags
  if (Number.isInteger(orientation) && Number(orientation) >= 1 && Number(orientation) <= 8)
    facts.orientation = Number(orientation)
  if (isDegrees(latitude, 90) && isDegrees(longitude, 180)) facts.position = { latitude, longitude }
  return facts
}

function isDegrees(value: unknown, limit: number): value is number {
  return typeof value === 'number' && Math.abs(value) <= limit
}

/** EXIF's `2008:10:22 16:28:39` as ISO 8601, with the offset from UTC only where the camera recorded one. */
function readDate(date: unknown, offset: unknown): string | undefined {
  const match = /^(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)/.exec(
    typeof date === 'string' ? date : '',
  )
  if (!match || match[1] === '0000') return undefined
  const zone = typeof offset === 'string' && /^[+-]\d\d:\d\d$/.test(offset.trim()) ? offset.trim() : ''
  const text = `${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:${match[6]}`
  return Number.isNaN(Date.parse(`${text}Z`)) ? undefined : text + zone
}

/** `NIKON CORPORATION` and `NIKON D70` are one camera named once. */
function nameCamera(make: unknown, model: unknown): string | undefined {
  const clean = (text: unknown) =>
    typeof text === 'string'
      ? text
          .replaceAll(/[\0-\x1f]/g, '')
          .trim()
          .slice(0, 100)
      : ''
  const [maker, name] = [clean(make), clean(model)]
  const isNamed = name.toLowerCase().startsWith(maker.split(' ')[0]!.toLowerCase())
  return (isNamed ? name : `${maker} ${name}`).trim() || undefined
}
