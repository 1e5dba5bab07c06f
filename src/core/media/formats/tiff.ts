import type { ByteRange } from '../byte-range.ts'
import type { Survey } from '../survey.ts'
import {
  type Ifd,
  type IfdEntry,
  readIfd,
  readNumbers,
  readPointer,
  readTiffHeader,
  type TiffLayout,
  withoutEntries,
} from './ifd.ts'
import { surveyMakerNote } from './maker-note.ts'

const tags = {
  newSubfileType: 0x00fe,
  width: 0x0100,
  height: 0x0101,
  stripOffsets: 0x0111,
  stripSizes: 0x0117,
  tileOffsets: 0x0144,
  tileSizes: 0x0145,
  subIfds: 0x014a,
  jpegOffset: 0x0201,
  jpegSize: 0x0202,
  xmp: 0x02bc,
  iptc: 0x83bb,
  photoshop: 0x8649,
  exifIfd: 0x8769,
  gpsIfd: 0x8825,
  makerNote: 0x927c,
  interopIfd: 0xa005,
}

/** GPS tags that tell a place: latitude, longitude, altitude, those of the destination, the area's name. */
const placeTags = new Set([0x02, 0x04, 0x06, 0x14, 0x16, 0x1c])

type Span = readonly [start: number, end: number]

/** A TIFF file, or an EXIF block, which is one inside another file. */
export async function surveyTiff(range: ByteRange, survey: Survey): Promise<void> {
  const { layout, first } = await readTiffHeader(range)
  survey.exif.push(range)
  const kept: Span[] = [[0, layout.isBig ? 16 : 8]]
  const cleared: Span[] = []
  const seen = new Set<number>()
  const queue = [first]
  const pictures: Ifd[] = []
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    if (seen.has(at)) continue
    seen.add(at)
    survey.step()
    const ifd = await readIfd(range, at, layout)
    if (!ifd) continue
    pictures.push(ifd)
    kept.push([ifd.at, ifd.at + ifd.sizeBytes])
    const gone = new Set<IfdEntry>()
    for (const entry of ifd.entries) {
      survey.step()
      if (entry.tag === tags.gpsIfd) {
        const spans = await gpsSpans(range, await readPointer(range, entry, layout), layout)
        if (!spans) continue
        gone.add(entry)
        cleared.push(...spans)
        continue
      }
      if (!entry.isInline && entry.tag !== tags.makerNote)
        kept.push([entry.valueAt, entry.valueAt + entry.sizeBytes])
      await surveyEntry(range, survey, layout, entry, queue)
    }
    if (ifd.next !== 0) queue.push(ifd.next)
    if (gone.size > 0) survey.found('EXIF', await withoutEntries(range, ifd, layout, gone))
    await surveyPicture(range, survey, ifd, layout)
  }
  if (cleared.length === 0) return
  for (const ifd of pictures) kept.push(...(await pictureSpans(range, ifd, layout)))
  if (overlaps(kept, cleared)) survey.doubt('its position shares bytes with other data')
  for (const [start, end] of mergeSpans(cleared))
    survey.adjustments.push(...range.edit(start, Buffer.alloc(end - start)))
}

async function surveyEntry(
  range: ByteRange,
  survey: Survey,
  layout: TiffLayout,
  entry: IfdEntry,
  queue: number[],
): Promise<void> {
  switch (entry.tag) {
    case tags.exifIfd:
    case tags.interopIfd:
      queue.push(await readPointer(range, entry, layout))
      break
    case tags.subIfds:
      queue.push(...(await readNumbers(range, entry, layout, 64)))
      break
    case tags.xmp:
      await survey.attempt('XMP', () =>
        survey.look('xmp', range.slice(entry.valueAt, entry.sizeBytes), 'XMP'),
      )
      break
    case tags.iptc:
      await survey.attempt('IPTC', () =>
        survey.look('iptc', range.slice(entry.valueAt, entry.sizeBytes), 'IPTC'),
      )
      break
    case tags.photoshop:
      await survey.attempt('Photoshop data', () =>
        survey.look('photoshop', range.slice(entry.valueAt, entry.sizeBytes), 'Photoshop data'),
      )
      break
    case tags.makerNote:
      await surveyMakerNote(range, survey, layout, entry)
      break
  }
}

/** What has to become zeros for the GPS directory to be gone; undefined where it tells no place. */
async function gpsSpans(range: ByteRange, at: number, layout: TiffLayout): Promise<Span[] | undefined> {
  const ifd = await readIfd(range, at, layout)
  if (!ifd) return []
  if (!ifd.entries.some(entry => placeTags.has(entry.tag))) return undefined
  const tableEnd = ifd.at + ifd.sizeBytes
  const values = ifd.entries
    .filter(entry => !entry.isInline && entry.valueAt < range.length)
    .map((entry): Span => [entry.valueAt, Math.min(entry.valueAt + entry.sizeBytes, range.length)])
  return mergeSpans([[ifd.at, tableEnd], ...values])
}

async function surveyPicture(range: ByteRange, survey: Survey, ifd: Ifd, layout: TiffLayout): Promise<void> {
  const number = async (tag: number) => {
    const entry = ifd.entries.find(candidate => candidate.tag === tag)
    return entry && (await readNumbers(range, entry, layout))[0]
  }
  const width = await number(tags.width)
  const height = await number(tags.height)
  const isReduced = ((await number(tags.newSubfileType)) ?? 0) & 1
  if (width && height && !isReduced) survey.dimensions ??= { width, height }
  const at = await number(tags.jpegOffset)
  const size = await number(tags.jpegSize)
  if (!at || !size || at >= range.length) return
  const jpeg = range.slice(at, Math.min(size, range.length - at))
  if ((await jpeg.peek(0, 2)).toString('hex') === 'ffd8')
    await survey.look('jpeg', jpeg, 'the preview picture')
}

/** Where a directory's pixels are. */
async function pictureSpans(range: ByteRange, ifd: Ifd, layout: TiffLayout): Promise<Span[]> {
  const numbers = async (tag: number) => {
    const entry = ifd.entries.find(candidate => candidate.tag === tag)
    return entry ? await readNumbers(range, entry, layout, 1_000_000) : []
  }
  const spans: Span[] = []
  const pairs = [
    [tags.stripOffsets, tags.stripSizes],
    [tags.tileOffsets, tags.tileSizes],
    [tags.jpegOffset, tags.jpegSize],
  ] as const
  for (const [offsetTag, sizeTag] of pairs) {
    const sizes = await numbers(sizeTag)
    for (const [index, offset] of (await numbers(offsetTag)).entries())
      spans.push([offset, offset + (sizes[index] ?? 0)])
  }
  return spans
}

function mergeSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = []
  for (const span of spans.toSorted((a, b) => a[0] - b[0])) {
    const last = merged.at(-1)
    if (last && span[0] <= last[1]) merged[merged.length - 1] = [last[0], Math.max(last[1], span[1])]
    else merged.push(span)
  }
  return merged
}

function overlaps(kept: readonly Span[], cleared: readonly Span[]): boolean {
  const spans = mergeSpans(kept)
  let index = 0
  for (const [start, end] of mergeSpans(cleared)) {
    while (index < spans.length && spans[index]![1] <= start) index++
    const span = spans[index]
    if (span && span[0] < end && start < end) return true
  }
  return false
}
