import { promisify } from 'node:util'
import { crc32, inflate } from 'node:zlib'
import { ByteRange, invalidMedia, maxBlockBytes } from '../byte-range.ts'
import type { Survey, SurveyFormat } from '../survey.ts'
import { locationWords } from './unknown.ts'

/** A text chunk (PNG 11.3.4) taken apart. */
interface PngText {
  readonly keyword: string
  /** What comes before the text in an uncompressed chunk of its kind. */
  readonly head: Buffer
  readonly content: Buffer
  /** Where the content is in the chunk's data, unless it is compressed there. */
  readonly contentAt: number | undefined
}

/** A PNG file by its chunks. Returns where it ends. */
export async function surveyPngTo(range: ByteRange, survey: Survey): Promise<number> {
  let opticalHint: ByteRange | undefined
  let isLengthChanged = false
  let at = 8
  while (at + 12 <= range.length) {
    survey.step()
    const head = await range.read(at, 8)
    const size = head.readUInt32BE()
    const type = head.toString('latin1', 4)
    if (at + 12 + size > range.length) {
      await survey.look('unknown', range.slice(at), 'its last chunk')
      return range.length
    }
    const chunk = range.slice(at, 12 + size)
    const data = chunk.slice(8, size)
    at += 12 + size
    if (type === 'IHDR' && size >= 8) {
      const header = await data.read(0, 8)
      survey.dimensions ??= { width: header.readUInt32BE(0), height: header.readUInt32BE(4) }
    }
    if (type === 'IEND') break
    if (type === 'iDOT') opticalHint = chunk
    if (type === 'eXIf') await inPlace(chunk, survey, () => survey.look('tiff', data, 'its EXIF'))
    else if (/^(tEXt|zTXt|iTXt)$/.test(type))
      await survey.attempt('a text chunk', async () => {
        if (await surveyText(chunk, data, type, survey)) isLengthChanged = true
      })
    else if (!/^(IDAT|fdAT|IHDR|PLTE|iCCP)$/.test(type)) await survey.look('unknown', data, 'a chunk')
  }
  // Apple's iDOT counts bytes up to the middle of the picture; without it readers start at the top.
  if (isLengthChanged && opticalHint) survey.adjustments.push(opticalHint.replace(Buffer.alloc(0)))
  return at
}

/** Runs `work` on a chunk and, where that edits the chunk, brings its checksum up to date. */
async function inPlace(chunk: ByteRange, survey: Survey, work: () => Promise<void>): Promise<void> {
  await work()
  if (chunk.length > maxBlockBytes) return
  const covered = chunk.slice(4, chunk.length - 8)
  const edited = await covered.readEdited(survey.edits)
  if (edited.equals(await covered.read(0, covered.length))) return
  survey.adjustments.push(...chunk.edit(chunk.length - 4, checksum(edited)))
}

/** Returns whether the chunk has to change its length. */
async function surveyText(chunk: ByteRange, data: ByteRange, type: string, survey: Survey): Promise<boolean> {
  const text = await readText(data, type)
  const profile = /^Raw profile type (exif|app1|xmp|iptc|8bim)/i.exec(text.keyword)?.[1]?.toLowerCase()
  const isXmp = text.keyword === 'XML:com.adobe.xmp'
  if (isXmp && text.contentAt !== undefined) {
    const packet = data.slice(text.contentAt)
    await inPlace(chunk, survey, () => survey.look('xmp', packet, 'its XMP'))
    return false
  }
  if (isXmp) {
    const cleaned = await cleanAside('xmp', text.content, survey)
    return cleaned !== undefined && replaceText(chunk, survey, type, text.head, cleaned)
  }
  if (profile) {
    const cleaned = await cleanProfile(profile, text.content, survey)
    return cleaned !== undefined && replaceText(chunk, survey, type, text.head, cleaned)
  }
  const words = `${text.keyword} ${text.content.toString('latin1', 0, 4096)}`
  if (!locationWords.test(words)) return false
  survey.found('PNG text', [chunk.replace(Buffer.alloc(0))])
  return true
}

/** ImageMagick's way of keeping a profile: its name and length, then hexadecimal digits in lines. */
async function cleanProfile(profile: string, content: Buffer, survey: Survey): Promise<Buffer | undefined> {
  const match = /^\s*([^\n]*)\n\s*(\d+)\n([0-9a-fA-F\s]*)/.exec(content.toString('latin1'))
  if (!match) throw invalidMedia('a raw profile')
  const bytes = Buffer.from(match[3]!.replaceAll(/\s/g, ''), 'hex')
  const prefix =
    /^(Exif\0\0|http:\/\/ns\.adobe\.com\/xap\/1\.0\/\0)/.exec(bytes.toString('latin1', 0, 40))?.[0] ?? ''
  const format = { exif: 'tiff', xmp: 'xmp', iptc: 'photoshop', '8bim': 'photoshop' } as const
  const inner = profile === 'app1' ? (prefix.startsWith('Exif') ? 'tiff' : 'xmp') : format[profile as 'exif']
  const cleaned = await cleanAside(inner, bytes.subarray(prefix.length), survey)
  if (!cleaned) return undefined
  const lines = `${prefix && Buffer.from(prefix, 'latin1').toString('hex')}${cleaned.toString('hex')}`.match(
    /.{1,72}/g,
  )
  return Buffer.from(
    `\n${match[1]}\n${bytes.length.toString().padStart(8)}\n${lines?.join('\n') ?? ''}\n`,
    'latin1',
  )
}

async function cleanAside(format: SurveyFormat, bytes: Buffer, survey: Survey): Promise<Buffer | undefined> {
  const range = ByteRange.of(bytes)
  const inner = await survey.aside(format, range, 'a text chunk')
  for (const doubt of inner.doubts) survey.doubt(doubt)
  survey.exif.push(...inner.exif)
  survey.xmp.push(...inner.xmp)
  if (inner.findings.length === 0) return undefined
  for (const { holder, isCertain } of inner.findings) survey.found(holder, [], isCertain)
  return range.readEdited(inner.edits)
}

/** Puts an uncompressed chunk in the place of a compressed one: deflate differs between versions, plain text not. */
function replaceText(chunk: ByteRange, survey: Survey, type: string, head: Buffer, content: Buffer): boolean {
  const covered = Buffer.concat([Buffer.from(type === 'zTXt' ? 'tEXt' : type, 'latin1'), head, content])
  const size = Buffer.alloc(4)
  size.writeUInt32BE(covered.length - 4)
  survey.adjustments.push(chunk.replace(Buffer.concat([size, covered, checksum(covered)])))
  return true
}

async function readText(data: ByteRange, type: string): Promise<PngText> {
  const bytes = await data.read(0, data.length)
  const keywordEnd = bytes.indexOf(0)
  if (keywordEnd < 0) return { keyword: '', head: bytes, content: bytes, contentAt: 0 }
  const keyword = bytes.toString('latin1', 0, keywordEnd)
  let contentAt = keywordEnd + 1
  let isCompressed = type === 'zTXt'
  let head = bytes.subarray(0, contentAt)
  if (type === 'zTXt') contentAt++
  if (type === 'iTXt') {
    isCompressed = bytes[contentAt] === 1
    const languageEnd = bytes.indexOf(0, contentAt + 2)
    const translatedEnd = languageEnd < 0 ? -1 : bytes.indexOf(0, languageEnd + 1)
    if (translatedEnd < 0) throw invalidMedia('a text chunk')
    head = Buffer.concat([head, Buffer.from([0, 0]), bytes.subarray(contentAt + 2, translatedEnd + 1)])
    contentAt = translatedEnd + 1
  }
  if (!isCompressed) return { keyword, head, content: bytes.subarray(contentAt), contentAt }
  try {
    const content = await promisify(inflate)(bytes.subarray(contentAt), { maxOutputLength: maxBlockBytes })
    return { keyword, head, content, contentAt: undefined }
  } catch (error) {
    throw invalidMedia(`a compressed text (${(error as Error).message})`)
  }
}

function checksum(bytes: Uint8Array): Buffer {
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(bytes))
  return sum
}
