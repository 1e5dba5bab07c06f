import type { ByteRange } from '../byte-range.ts'
import type { Survey } from '../survey.ts'
import { type IfdEntry, readIfd, readTiffHeader, type TiffLayout } from './ifd.ts'

/** Tags of Panasonic's note that name a place: location, country, state, city, landmark. */
const panasonicPlaces = new Set([0x67, 0x69, 0x6b, 0x6d, 0x6f, 0x80])

const nikonLocationInfo = 0x0039

/**
 * The note that a camera keeps for itself inside EXIF. Two makers are known to name places there; their values are
 * emptied. A note that cannot be read is left as it is: no reader gets a place out of it either.
 */
export async function surveyMakerNote(
  range: ByteRange,
  survey: Survey,
  layout: TiffLayout,
  note: IfdEntry,
): Promise<void> {
  if (note.isInline || note.valueAt + note.sizeBytes > range.length) return
  const head = (await range.peek(note.valueAt, Math.min(note.sizeBytes, 20))).toString('latin1')
  if (head.startsWith('Panasonic\0\0\0'))
    await emptyValues(range, survey, layout, note.valueAt + 12, panasonicPlaces, 0)
  if (/^Nikon\0\x02.{3}(II|MM)/s.test(head)) {
    const inner = range.slice(note.valueAt + 10)
    const { layout: innerLayout, first } = await readTiffHeader(inner)
    await emptyValues(inner, survey, innerLayout, first, new Set([nikonLocationInfo]), 4)
  }
}

/** Empties the values of `tags`, but for the first `keep` bytes of each, which are a version. */
async function emptyValues(
  range: ByteRange,
  survey: Survey,
  layout: TiffLayout,
  at: number,
  tags: ReadonlySet<number>,
  keep: number,
): Promise<void> {
  const ifd = await readIfd(range, at, layout)
  for (const entry of ifd?.entries ?? []) {
    if (!tags.has(entry.tag) || entry.sizeBytes <= keep || entry.valueAt + entry.sizeBytes > range.length)
      continue
    const value = await range.read(entry.valueAt + keep, Math.min(entry.sizeBytes - keep, 4096))
    const isEmpty = value.every(byte => byte === 0 || byte === 0x20 || byte === 0x2d)
    if (!isEmpty) survey.found('maker note', range.edit(entry.valueAt + keep, Buffer.alloc(value.length)))
  }
}
