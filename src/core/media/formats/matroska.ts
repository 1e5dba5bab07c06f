import { crc32 } from 'node:zlib'
import { type ByteRange, maxBlockBytes } from '../byte-range.ts'
import type { Survey } from '../survey.ts'
import { locationWords } from './unknown.ts'

const ids = {
  ebml: 0x1a45dfa3,
  segment: 0x18538067,
  cluster: 0x1f43b675,
  tags: 0x1254c367,
  tag: 0x7373,
  simpleTag: 0x67c8,
  tagName: 0x45a3,
  tracks: 0x1654ae6b,
  cues: 0x1c53bb6b,
  seekHead: 0x114d9b74,
  attachments: 0x1941a469,
  void: 0xec,
  crc32: 0xbf,
}

/** Elements that stand at the top of a segment: where one starts, a cluster of unknown size ends. */
const topIds = new Set([
  ids.cluster,
  ids.tags,
  ids.tracks,
  ids.cues,
  ids.seekHead,
  ids.attachments,
  0x1549a966,
  0x1043a770,
])

interface Element {
  readonly id: number
  readonly whole: ByteRange
  readonly data: ByteRange
  /** Of unknown size: `data` reaches to the end of its parent. */
  readonly isOpen: boolean
}

/** A Matroska or WebM file (RFC 9559): tags by the name of LOCATION and the like. */
export async function surveyMatroska(range: ByteRange, survey: Survey): Promise<void> {
  for await (const element of elementsOf(range, survey)) {
    if (element.id === ids.segment) await surveySegment(element.data, survey)
    else if (element.id !== ids.ebml && element.id !== ids.void)
      await survey.look('unknown', element.whole, 'its end')
  }
}

async function surveySegment(segment: ByteRange, survey: Survey): Promise<void> {
  for await (const element of elementsOf(segment, survey)) {
    if (element.id === ids.tags) await surveyTags(element, survey)
    else if (element.id === ids.attachments) await survey.look('unknown', element.data, 'an attached file')
  }
}

/** Names of tags that tell a place: LOCATION, COMPOSITION_LOCATION, RECORDING_LOCATION, what ffmpeg copies. */
const placeTag = /location|gps|latitude|longitude/i

async function surveyTags(tags: Element, survey: Survey): Promise<void> {
  for await (const tag of elementsOf(tags.data, survey)) {
    if (tag.id !== ids.tag) continue
    for await (const simple of elementsOf(tag.data, survey)) {
      if (simple.id !== ids.simpleTag || simple.whole.length > maxBlockBytes) continue
      const content = (await simple.data.read(0, simple.data.length)).toString('latin1')
      let name = ''
      for await (const { id, data } of elementsOf(simple.data, survey))
        if (id === ids.tagName) name = (await data.peek(0, 256)).toString('latin1')
      if (placeTag.test(name) || locationWords.test(content))
        survey.found('Matroska tag', simple.whole.edit(0, voidElement(simple.whole.length)))
    }
  }
  await updateChecksum(tags, survey)
}

/** A `CRC-32` that leads the tags covers all that follows it in them (RFC 8794, 11.3.1). */
async function updateChecksum(tags: Element, survey: Survey): Promise<void> {
  if (tags.data.length < 6 || tags.data.length > maxBlockBytes) return
  const head = await tags.data.read(0, 2)
  if (head[0] !== ids.crc32 || head[1] !== 0x84) return
  const covered = tags.data.slice(6)
  const edited = await covered.readEdited(survey.edits)
  if (edited.equals(await covered.read(0, covered.length))) return
  const sum = Buffer.alloc(4)
  sum.writeUInt32LE(crc32(edited))
  survey.adjustments.push(...tags.data.edit(2, sum))
}

/** An element of `length` bytes that readers pass over. */
function voidElement(length: number): Buffer {
  const bytes = Buffer.alloc(length)
  bytes[0] = ids.void
  if (length - 2 < 0x7f) bytes[1] = 0x80 | (length - 2)
  else {
    bytes.writeUInt32BE(length - 9, 5)
    bytes[1] = 0x01
  }
  return bytes
}

async function* elementsOf(range: ByteRange, survey: Survey): AsyncGenerator<Element> {
  for (let at = 0; at + 2 <= range.length; ) {
    survey.step()
    const head = await range.peek(at, 12)
    const idSize = Math.clz32(head[0]!) - 23
    if (idSize > 4 || head.length < idSize + 1) return
    const id = head.readUIntBE(0, idSize)
    const sizeSize = Math.clz32(head[idSize]!) - 23
    if (sizeSize > 8 || head.length < idSize + sizeSize) return
    const size = readSize(head, idSize, sizeSize)
    const dataAt = at + idSize + sizeSize
    const isOpen = size === undefined
    if (!isOpen && dataAt + size > range.length && id !== ids.segment && id !== ids.cluster) return
    const length = Math.min(size ?? range.length, range.length - dataAt)
    const isOpenCluster = isOpen && id === ids.cluster
    yield { id, whole: range.slice(at, dataAt - at + length), data: range.slice(dataAt, length), isOpen }
    at = isOpenCluster ? await endOfCluster(range, dataAt, survey) : dataAt + length
  }
}

/** Live recordings leave the size of a cluster open: it ends where another top element starts. */
async function endOfCluster(range: ByteRange, from: number, survey: Survey): Promise<number> {
  let at = from
  while (at + 2 <= range.length) {
    survey.step()
    const head = await range.peek(at, 12)
    const idSize = Math.clz32(head[0]!) - 23
    if (idSize > 4 || head.length < idSize + 1) break
    if (topIds.has(head.readUIntBE(0, idSize))) return at
    const sizeSize = Math.clz32(head[idSize]!) - 23
    const size =
      sizeSize > 8 || head.length < idSize + sizeSize ? undefined : readSize(head, idSize, sizeSize)
    if (size === undefined) break
    at += idSize + sizeSize + size
  }
  if (at < range.length) survey.doubt('its clusters are broken')
  return range.length
}

/** An EBML number; undefined for all ones, which stands for an unknown size. */
function readSize(head: Buffer, at: number, length: number): number | undefined {
  let value = head[at]! & (0xff >> length)
  let isUnknown = value === 0xff >> length
  for (let index = 1; index < length; index++) {
    value = value * 256 + head[at + index]!
    isUnknown &&= head[at + index] === 0xff
  }
  return isUnknown ? undefined : value
}
