import { createHash } from 'node:crypto'
import type { ByteRange } from '../byte-range.ts'
import type { Survey } from '../survey.ts'

const formats = new Map([
  [0x0404, 'iptc'],
  [0x0422, 'tiff'],
  [0x0423, 'tiff'],
  [0x0424, 'xmp'],
] as const)

/** Photoshop image resources: what carries IPTC in JPEG and TIFF, and a digest of it. */
export async function surveyPhotoshop(range: ByteRange, survey: Survey): Promise<void> {
  let iptc: ByteRange | undefined
  let digest: ByteRange | undefined
  for (let at = 0; at + 12 <= range.length; ) {
    survey.step()
    const head = await range.peek(at, 7)
    if (head.toString('latin1', 0, 4) !== '8BIM') break
    const nameSize = head[6]! + 1
    const sizeAt = at + 6 + nameSize + (nameSize & 1)
    const size = (await range.read(sizeAt, 4)).readUInt32BE()
    const id = head.readUInt16BE(4)
    const data = range.slice(sizeAt + 4, Math.min(size, range.length - sizeAt - 4))
    const format = formats.get(id as 0x0404)
    if (id === 0x0404) iptc = data
    if (id === 0x0425 && size === 16) digest = data
    if (format) await survey.look(format, data, 'Photoshop data')
    at = sizeAt + 4 + size + (size & 1)
  }
  if (!iptc || !digest) return
  const old = await iptc.read(0, iptc.length)
  const edited = await iptc.readEdited(survey.edits)
  const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest()
  if (!old.equals(edited) && md5(old).equals(await digest.read(0, 16)))
    survey.adjustments.push(...digest.edit(0, md5(edited)))
}
