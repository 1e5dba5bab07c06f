import { ByteRange, invalidMedia } from '../byte-range.ts'
import type { Survey } from '../survey.ts'
import { type Box, boxesOf } from './box.ts'

interface Item {
  readonly id: number
  readonly type: string
  readonly contentType: string
}

/** The items of a HEIF or AVIF picture (ISO 23008-12): EXIF and XMP lie among them. */
export async function surveyHeifItems(
  boxes: ReadonlyMap<string, Box>,
  file: ByteRange,
  survey: Survey,
): Promise<void> {
  const properties = boxes.get('iprp')
  if (properties) survey.dimensions ??= await largestExtent(properties, survey)
  const infos = boxes.get('iinf')
  if (!infos) return
  const items = await readItems(infos.data, survey)
  const wanted = items.filter(({ type }) => type === 'Exif' || type === 'mime' || type === 'uri ')
  if (wanted.length === 0) return
  const locations = await readLocations(boxes.get('iloc')?.data, boxes.get('idat')?.data, file, survey)
  for (const { id, type, contentType } of wanted) {
    const content = locations.get(id)
    if (!content) survey.doubt('one of its metadata items is nowhere')
    else if (type === 'Exif') {
      const skip = 4 + (await content.read(0, 4)).readUInt32BE()
      await survey.attempt('its EXIF', () => survey.look('tiff', content.slice(skip), 'its EXIF'))
    } else if (/rdf\+xml/i.test(contentType)) await survey.look('xmp', content, 'its XMP')
    else await survey.look('unknown', content, 'a metadata item')
  }
}

/** The size of the largest picture in the file: tiles, thumbnails and gain maps are smaller. */
async function largestExtent(
  properties: Box,
  survey: Survey,
): Promise<{ width: number; height: number } | undefined> {
  let largest: { width: number; height: number } | undefined
  for await (const container of boxesOf(properties.data, survey)) {
    if (container.type !== 'ipco') continue
    for await (const { type, data } of boxesOf(container.data, survey)) {
      if (type !== 'ispe' || data.length < 12) continue
      const bytes = await data.read(4, 8)
      const extent = { width: bytes.readUInt32BE(0), height: bytes.readUInt32BE(4) }
      if (!largest || extent.width * extent.height > largest.width * largest.height) largest = extent
    }
  }
  return largest
}

async function readItems(infos: ByteRange, survey: Survey): Promise<Item[]> {
  const version = (await infos.read(0, 1))[0]!
  const items: Item[] = []
  for await (const { type, data } of boxesOf(infos.slice(version === 0 ? 6 : 8), survey)) {
    if (type !== 'infe') continue
    const bytes = await data.peek(0, 512)
    const itemVersion = bytes[0] ?? 0
    if (itemVersion < 2 || bytes.length < 12) continue
    const isWide = itemVersion >= 3
    const id = isWide ? bytes.readUInt32BE(4) : bytes.readUInt16BE(4)
    const typeAt = isWide ? 10 : 8
    const [, contentType = ''] = bytes.toString('latin1', typeAt + 4).split('\0')
    items.push({ id, type: bytes.toString('latin1', typeAt, typeAt + 4), contentType })
  }
  return items
}

/** Where each item's bytes are (ISO 14496-12, 8.11.3): in the file, or in the `idat` box. */
async function readLocations(
  locations: ByteRange | undefined,
  data: ByteRange | undefined,
  file: ByteRange,
  survey: Survey,
): Promise<Map<number, ByteRange>> {
  const found = new Map<number, ByteRange>()
  if (!locations) return found
  const bytes = await locations.read(0, locations.length)
  let at = 0
  const take = (size: number) => {
    if (size === 0) return 0
    if (at + size > bytes.length || ![1, 2, 4, 8].includes(size)) throw invalidMedia('its list of items')
    at += size
    return size === 8 ? Number(bytes.readBigUInt64BE(at - 8)) : bytes.readUIntBE(at - size, size)
  }
  const version = take(1)
  at += 3
  const [offsetSize, lengthSize] = nibbles(take(1))
  const [baseSize, indexSize] = nibbles(take(1))
  const count = take(version < 2 ? 2 : 4)
  for (let index = 0; index < count; index++) {
    survey.step()
    const id = take(version < 2 ? 2 : 4)
    const method = version === 0 ? 0 : take(2) & 15
    at += 2
    const base = take(baseSize)
    const extents: ByteRange[] = []
    const within = method === 0 ? file : method === 1 ? data : undefined
    for (let left = take(2); left > 0; left--) {
      survey.step()
      if (version > 0) take(indexSize)
      const offset = base + take(offsetSize)
      const length = take(lengthSize)
      if (within && offset + length <= within.length) extents.push(within.slice(offset, length || undefined))
    }
    if (extents.length > 0) found.set(id, ByteRange.join(extents))
  }
  return found
}

function nibbles(byte: number): [number, number] {
  return [byte >> 4, byte & 15]
}
