import { createHash } from 'node:crypto'
import { ByteRange } from '../byte-range.ts'
import type { Survey } from '../survey.ts'

const xmpHead = 'http://ns.adobe.com/xap/1.0/\0'
const extendedXmpHead = 'http://ns.adobe.com/xmp/extension/\0'
const photoshopHead = 'Photoshop 3.0\0'

/** What of a JPEG lies in several segments and is gone through once all are found. */
interface Parts {
  readonly exif: ByteRange[][]
  readonly xmp: ByteRange[]
  readonly extendedXmp: Map<string, { offset: number; header: ByteRange; data: ByteRange }[]>
}

/** A JPEG file (ITU-T T.81) by its segments, whatever follows its end. */
export async function surveyJpeg(range: ByteRange, survey: Survey): Promise<void> {
  await surveyJpegTo(range, survey)
}

/** Goes through a JPEG and says where in the range it ends. */
export async function surveyJpegTo(range: ByteRange, survey: Survey): Promise<number> {
  const parts: Parts = { exif: [], xmp: [], extendedXmp: new Map() }
  const end = await surveySegments(range, survey, parts)
  for (const blocks of parts.exif) await survey.look('tiff', ByteRange.join(blocks), 'its EXIF')
  for (const packet of parts.xmp) await survey.look('xmp', packet, 'its XMP')
  for (const [guid, chunks] of parts.extendedXmp) await surveyExtendedXmp(survey, guid, chunks, parts.xmp)
  return end
}

async function surveySegments(range: ByteRange, survey: Survey, parts: Parts): Promise<number> {
  let at = 2
  while (at + 2 <= range.length) {
    survey.step()
    const head = await range.peek(at, 4)
    const marker = head[1]!
    if (head[0] !== 0xff || marker === 0xff || marker === 0) {
      at = await nextMarker(range, survey, head[0] === 0xff && marker === 0xff ? at + 1 : at)
      continue
    }
    if (marker === 0xd9) return at + 2
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += 2
      continue
    }
    if (head.length < 4) break
    const size = head.readUInt16BE(2)
    if (size < 2 || at + 2 + size > range.length) {
      const rest = range.slice(at)
      await survey.look('unknown', rest, 'the end of its header')
      break
    }
    const payload = range.slice(at + 4, size - 2)
    at += 2 + size
    if (marker === 0xda) {
      if (survey.isQuick) break
      at = await nextMarker(range, survey, at)
    } else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      const frame = await payload.peek(0, 5)
      if (frame.length === 5)
        survey.dimensions ??= { width: frame.readUInt16BE(3), height: frame.readUInt16BE(1) }
    } else if ((marker >= 0xe0 && marker <= 0xef) || marker === 0xfe) {
      await surveyApplicationData(payload, marker, survey, parts)
    }
  }
  return range.length
}

async function surveyApplicationData(
  payload: ByteRange,
  marker: number,
  survey: Survey,
  parts: Parts,
): Promise<void> {
  const head = (await payload.peek(0, 80)).toString('latin1')
  const exif = marker === 0xe1 ? /^exif\0./is.exec(head) : undefined
  if (exif) {
    const block = payload.slice(6)
    const isNew = /^(II\*\0|MM\0\*|II\+\0|MM\0\+)/.test(head.slice(6))
    if (isNew || parts.exif.length === 0) parts.exif.push([block])
    else parts.exif.at(-1)!.push(block)
  } else if (head.startsWith(xmpHead)) {
    parts.xmp.push(payload.slice(xmpHead.length))
  } else if (head.startsWith(extendedXmpHead) && payload.length >= extendedXmpHead.length + 40) {
    const header = payload.slice(extendedXmpHead.length, 40)
    const bytes = await header.read(0, 40)
    const guid = bytes.toString('latin1', 0, 32)
    const chunks = parts.extendedXmp.get(guid) ?? []
    chunks.push({ offset: bytes.readUInt32BE(36), header, data: payload.slice(extendedXmpHead.length + 40) })
    parts.extendedXmp.set(guid, chunks)
  } else if (head.startsWith(photoshopHead)) {
    await survey.look('photoshop', payload.slice(photoshopHead.length), 'its Photoshop data')
  } else if (head.startsWith('GoPro\0')) {
    if (/GPS[59APU]/.test((await payload.read(0, payload.length)).toString('latin1')))
      survey.foundForGood('camera data', "GoPro's own data tells a place")
  } else {
    await survey.look('unknown', payload, 'its application data')
  }
}

/**
 * XMP that did not fit one segment. Its name is the MD5 of its content (XMP part 3, 1.1.3.1), which is brought up to
 * date in every chunk and in the main packet that refers to it.
 */
async function surveyExtendedXmp(
  survey: Survey,
  guid: string,
  chunks: { offset: number; header: ByteRange; data: ByteRange }[],
  packets: readonly ByteRange[],
): Promise<void> {
  const content = ByteRange.join(chunks.toSorted((a, b) => a.offset - b.offset).map(({ data }) => data))
  await survey.look('xmp', content, 'its extended XMP')
  const old = await content.peek(0, content.length)
  const edited = await content.readEdited(survey.edits)
  if (old.equals(edited)) return
  const newGuid = createHash('md5').update(edited).digest('hex').toUpperCase()
  for (const { header } of chunks) survey.adjustments.push(...header.edit(0, Buffer.from(newGuid)))
  for (const packet of packets) {
    const at = (await packet.read(0, packet.length)).indexOf(guid)
    if (at >= 0) survey.adjustments.push(...packet.edit(at, Buffer.from(newGuid)))
  }
}

/** Where the next marker is: past entropy-coded data, with its stuffed zeros and restart markers. */
async function nextMarker(range: ByteRange, survey: Survey, from: number): Promise<number> {
  const buffer = survey.scratch
  for (let at = from; at + 1 < range.length; ) {
    survey.step()
    const bytes = buffer.subarray(0, await range.fill(at, buffer))
    if (bytes.length < 2) break
    for (let index = bytes.indexOf(0xff); index >= 0; index = bytes.indexOf(0xff, index + 1)) {
      const marker = bytes[index + 1]
      if (marker !== undefined && marker !== 0 && marker !== 0xff && !(marker >= 0xd0 && marker <= 0xd7))
        return at + index
    }
    at += Math.max(1, bytes.length - 1)
  }
  return range.length
}
