import type { ByteRange } from '../byte-range.ts'
import type { Survey } from '../survey.ts'

/** A Windows bitmap: it has a size, and no place for a position. */
export async function surveyBmp(range: ByteRange, survey: Survey): Promise<void> {
  const header = await range.peek(14, 12)
  if (header.length < 12) return
  const isOld = header.readUInt32LE(0) === 12
  survey.dimensions ??= isOld
    ? { width: header.readUInt16LE(4), height: header.readUInt16LE(6) }
    : { width: Math.abs(header.readInt32LE(4)), height: Math.abs(header.readInt32LE(8)) }
}
