import type { ByteRange } from '../byte-range.ts'
import type { Survey } from '../survey.ts'

/** A chunk of a RIFF file; of a `LIST`, `type` is followed by its kind, as in `LIST hdrl`. */
export interface RiffChunk {
  readonly type: string
  readonly data: ByteRange
}

/** The chunks of a RIFF file or list one after another, as far as they are there. */
export async function* riffChunks(range: ByteRange, from: number): AsyncGenerator<RiffChunk> {
  for (let at = from; at + 8 <= range.length; ) {
    const head = await range.peek(at, 12)
    const size = head.readUInt32LE(4)
    const isList = /^(LIST|RIFF)/.test(head.toString('latin1', 0, 4)) && head.length === 12 && size >= 4
    const dataAt = at + (isList ? 12 : 8)
    const available = Math.min(at + 8 + size, range.length) - dataAt
    const type = head.toString('latin1', 0, 4) + (isList ? ` ${head.toString('latin1', 8)}` : '')
    yield { type, data: range.slice(dataAt, Math.max(0, available)) }
    at += 8 + size + (size & 1)
  }
}

/** A WebP file. Returns where it ends. */
export async function surveyWebpTo(range: ByteRange, survey: Survey): Promise<number> {
  const size = (await range.read(4, 4)).readUInt32LE()
  const end = Math.min(8 + size + (size & 1), range.length)
  for await (const { type, data } of riffChunks(range.slice(0, end), 12)) {
    survey.step()
    if (type === 'EXIF') {
      const hasPrefix = (await data.peek(0, 6)).toString('latin1') === 'Exif\0\0'
      await survey.look('tiff', data.slice(hasPrefix ? 6 : 0), 'its EXIF')
    } else if (type === 'XMP ') await survey.look('xmp', data, 'its XMP')
    else if (type.startsWith('VP8')) survey.dimensions ??= webpDimensions(type, await data.peek(0, 10))
    else if (!/^(ALPH|ANIM|ANMF|ICCP)$/.test(type)) await survey.look('unknown', data, 'a chunk')
  }
  return end
}

function webpDimensions(type: string, head: Buffer): { width: number; height: number } | undefined {
  if (head.length < 10) return undefined
  if (type === 'VP8X') return { width: head.readUIntLE(4, 3) + 1, height: head.readUIntLE(7, 3) + 1 }
  if (type === 'VP8 ') return { width: head.readUInt16LE(6) & 0x3fff, height: head.readUInt16LE(8) & 0x3fff }
  const bits = head.readUInt32LE(1)
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
}

/** An AVI or WAV file: XMP, camera notes and whatever else is not the sound and the pictures. */
export async function surveyRiff(range: ByteRange, survey: Survey): Promise<void> {
  await surveyLists(range, survey, 0, 0)
}

async function surveyLists(range: ByteRange, survey: Survey, from: number, depth: number): Promise<void> {
  for await (const { type, data } of riffChunks(range, from)) {
    survey.step()
    if (type === '_PMX') await survey.look('xmp', data, 'its XMP')
    else if (type === 'LIST movi' || /^(data|idx1|indx)$/.test(type)) continue
    else if (/^(LIST|RIFF) /.test(type) && depth < 4) await surveyLists(data, survey, 0, depth + 1)
    else await survey.look('unknown', data, `its chunk ${type.trim()}`)
  }
}
