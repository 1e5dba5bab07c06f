import type { ByteRange } from '../byte-range.ts'
import type { Survey } from '../survey.ts'

/** A box of the ISO base media file format (ISO 14496-12, 4.2), or an atom of QuickTime. */
export interface Box {
  /** Four bytes as Latin-1: `moov`, `©xyz`. */
  readonly type: string
  /** The box with its header. */
  readonly whole: ByteRange
  /** What follows the header. */
  readonly data: ByteRange
  /** Where the next box starts in the range gone through. */
  readonly end: number
}

/**
 * The boxes of a range one after another, up to what is none: zeros that end a list, or other data.
 *
 * @param isWhole whether the range is a list of boxes and nothing else, so that other data is looked at as well
 */
export async function* boxesOf(range: ByteRange, survey: Survey, isWhole = false): AsyncGenerator<Box> {
  let at = 0
  while (at + 8 <= range.length) {
    survey.step()
    const head = await range.peek(at, 16)
    const type = head.toString('latin1', 4, 8)
    let size = head.readUInt32BE(0)
    let headSize = 8
    if (size === 1 && head.length === 16) {
      size = Number(head.readBigUInt64BE(8))
      headSize = 16
    } else if (size === 0 && type !== '\0\0\0\0') size = range.length - at
    if (size < headSize || at + size > range.length || type === '\0\0\0\0') break
    const whole = range.slice(at, size)
    at += size
    yield { type, whole, data: whole.slice(headSize), end: at }
  }
  if (isWhole && at < range.length)
    await survey.look('unknown', range.slice(at), 'the end of a list of boxes')
}

/** The edits that make a box a free one, full of zeros: nothing after it moves. */
export function freeBox(box: Box): ReturnType<ByteRange['edit']> {
  return [...box.whole.edit(4, Buffer.from('free')), ...zeros(box.data)]
}

/** The edits that make zeros of a range, in blocks of a bounded size that share their bytes. */
export function zeros(range: ByteRange): ReturnType<ByteRange['edit']> {
  const block = Buffer.alloc(Math.min(range.length, 64 * 1024))
  const edits = []
  for (let at = 0; at < range.length; at += block.length)
    edits.push(...range.edit(at, block.subarray(0, Math.min(block.length, range.length - at))))
  return edits
}
