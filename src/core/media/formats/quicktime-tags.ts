import type { ByteRange } from '../byte-range.ts'
import type { Survey } from '../survey.ts'
import { type Box, boxesOf, freeBox } from './box.ts'

/** QuickTime metadata keys: com.apple.quicktime.location.ISO6709, .name, .body, .role, … */
const placeKey = /location|gps|latitude|longitude/i

/** User data of QuickTime (`©xyz`) and 3GPP (`loci`, TS 26.244), cameras' own boxes, iTunes tags. */
export async function surveyUserData(data: ByteRange, survey: Survey): Promise<void> {
  for await (const box of boxesOf(data, survey, true)) {
    if (box.type === '\xa9xyz' || box.type === 'loci') survey.found('QuickTime', freeBox(box))
    else if (box.type === 'XMP_') await survey.look('xmp', box.data, 'its XMP')
    else if (box.type === 'meta') {
      const isFull = (await box.data.peek(0, 8)).toString('latin1', 4) !== 'hdlr'
      const boxes = new Map<string, Box>()
      for await (const inner of boxesOf(box.data.slice(isFull ? 4 : 0), survey)) boxes.set(inner.type, inner)
      await surveyKeys(boxes.get('keys'), boxes.get('ilst'), survey)
    } else await surveyCameraData(box, survey)
  }
}

/**
 * The list of tags (`ilst`), whose names are box types, or numbers that stand for `keys`. A tag that tells a place
 * becomes free space, which readers of QuickTime expect there.
 */
export async function surveyKeys(
  keys: Box | undefined,
  list: Box | undefined,
  survey: Survey,
): Promise<void> {
  const names = keys ? await readKeys(keys.data, survey) : []
  if (!list) return
  for await (const item of boxesOf(list.data, survey, true)) {
    const index = Buffer.from(item.type, 'latin1').readUInt32BE()
    const key = names[index - 1] ?? (item.type === '----' ? await freeformName(item, survey) : undefined)
    if (item.type === '\xa9xyz' || item.type === 'loci' || (key && placeKey.test(key)))
      survey.found('QuickTime', freeBox(item))
    else if (item.type !== 'covr') await survey.look('unknown', item.data, 'a tag')
  }
}

/** The names in a `keys` box: version, count, then size, namespace and name of each. */
async function readKeys(data: ByteRange, survey: Survey): Promise<string[]> {
  const names: string[] = []
  for (let at = 8; at + 8 <= data.length; ) {
    survey.step()
    const size = (await data.read(at, 4)).readUInt32BE()
    if (size < 8 || at + size > data.length) break
    names.push((await data.peek(at + 8, Math.min(size - 8, 256))).toString('latin1'))
    at += size
  }
  return names
}

async function freeformName(item: Box, survey: Survey): Promise<string | undefined> {
  for await (const box of boxesOf(item.data, survey))
    if (box.type === 'name') return (await box.data.peek(4, 256)).toString('latin1')
  return undefined
}

/** A box of a maker's own: it may hold a whole picture, or an EXIF block, with a position of its own. */
async function surveyCameraData(box: Box, survey: Survey): Promise<void> {
  const bytes = await box.data.peek(0, 1024 * 1024)
  for (const [magic, format, skip] of [
    ['\xff\xd8\xff', 'jpeg', 0],
    ['Exif\0\0', 'tiff', 6],
  ] as const) {
    const at = bytes.indexOf(magic, 0, 'latin1')
    if (at < 0) continue
    await survey.look(format, box.data.slice(at + skip), `the camera's ${box.type} box`)
    return
  }
  if (box.type === 'NCDT') await surveyNikonData(box, survey)
  else await survey.look('unknown', box.data, `the camera's ${box.type} box`)
}

/** Nikon's tags: a number, a type, a count and a value each; 0x0120nnnn are those of the EXIF GPS directory. */
async function surveyNikonData(box: Box, survey: Survey): Promise<void> {
  for await (const { type, data } of boxesOf(box.data, survey)) {
    if (type !== 'NCTG') continue
    const sizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8]
    for (let at = 0; at + 8 <= data.length; ) {
      survey.step()
      const head = await data.read(at, 8)
      const size = (sizes[head.readUInt16BE(4)] || 1) * head.readUInt16BE(6)
      const tag = head.readUInt32BE(0)
      const value = await data.peek(at + 8, size)
      if (tag >>> 16 === 0x0120 && value.some(byte => byte !== 0))
        survey.found(
          'QuickTime',
          data.edit(at + 8, Buffer.alloc(value.length)),
          [2, 4].includes(tag & 0xffff),
        )
      at += 8 + size
    }
  }
}
