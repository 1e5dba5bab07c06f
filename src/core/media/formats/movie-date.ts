import type { ByteRange } from '../byte-range.ts'

/** Seconds from 1904, where QuickTime counts from, to 1970. */
const epochSeconds = 2_082_844_800

/** When a film was made, from its movie header (`mvhd`), as ISO 8601 in UTC; undefined where it does not say. */
export async function movieDate(header: ByteRange): Promise<string | undefined> {
  const head = await header.peek(0, 12)
  if (head.length < 12) return undefined
  const seconds = head[0] === 1 ? Number(head.readBigUInt64BE(4)) : head.readUInt32BE(4)
  const date = new Date((seconds - epochSeconds) * 1000)
  return seconds > epochSeconds && !Number.isNaN(date.getTime()) ? date.toISOString() : undefined
}
