import type { ByteRange } from '../byte-range.ts'
import type { Survey } from '../survey.ts'
import { surveyBmffTo } from './bmff.ts'
import { surveyJpegTo } from './jpeg.ts'

/**
 * What follows the end of a picture: more pictures (MPF, gain maps), the film of a motion photo, Samsung's list of
 * extras, padding. Each is gone through for a position of its own; anything else is a doubt.
 */
export async function surveyTrailer(range: ByteRange, from: number, survey: Survey): Promise<void> {
  const samsungAt = await surveySamsung(range, from, survey)
  let at = from
  while (at < samsungAt) {
    survey.step()
    const head = await range.peek(at, 64 * 1024)
    const padding = paddingBefore(head)
    if (padding > 0) {
      at += padding
      continue
    }
    const rest = range.slice(at, samsungAt - at)
    let size = 0
    await survey.attempt('what follows the picture', async () => {
      if (head.readUIntBE(0, Math.min(3, head.length)) === 0xffd8ff) size = await surveyJpegTo(rest, survey)
      else if (/^.{4}ftyp/s.test(head.toString('latin1', 0, 8))) size = await surveyBmffTo(rest, survey)
    })
    if (size === 0) {
      if (!/^\s*$/.test(head.toString('latin1')) || rest.length > head.length)
        survey.doubt('unknown data follows the picture')
      return
    }
    at += size
  }
}

/** How many zeros come first; those that are the high bytes of a film's first box do not count. */
function paddingBefore(head: Buffer): number {
  const first = head.findIndex(byte => byte !== 0)
  const zeros = first < 0 ? head.length : first
  const film = head.indexOf('ftyp', Math.max(0, zeros), 'latin1') - 4
  return film >= 0 && film <= zeros && zeros - film < 4 ? film : zeros
}

/**
 * Samsung's trailer: blocks, then a directory of them (`SEFH`) that says how far before it each lies, its size and
 * `SEFT` at the very end. Returns where its first block starts; the end of the range where there is none.
 */
async function surveySamsung(range: ByteRange, from: number, survey: Survey): Promise<number> {
  const end = await range.peek(Math.max(from, range.length - 8), 8)
  if (end.length < 8 || end.toString('latin1', 4) !== 'SEFT') return range.length
  const directorySize = end.readUInt32LE(0)
  const directoryAt = range.length - 8 - directorySize
  if (directorySize < 12 || directoryAt < from) return range.length
  const directory = await range.read(directoryAt, directorySize)
  if (directory.toString('latin1', 0, 4) !== 'SEFH') return range.length
  let first = directoryAt
  const count = Math.min(directory.readUInt32LE(8), Math.floor((directorySize - 12) / 12))
  for (let index = 0; index < count; index++) {
    survey.step()
    const entryAt = 12 + index * 12
    const blockAt = directoryAt - directory.readUInt32LE(entryAt + 4)
    const size = directory.readUInt32LE(entryAt + 8)
    if (blockAt < from || blockAt + size > directoryAt || size < 8) {
      survey.doubt("Samsung's data after the picture is broken")
      continue
    }
    first = Math.min(first, blockAt)
    await survey.attempt("Samsung's data", () => surveySamsungBlock(range.slice(blockAt, size), survey))
  }
  return first
}

/** A block: its type, the length of its name, its name, its content. */
async function surveySamsungBlock(block: ByteRange, survey: Survey): Promise<void> {
  const nameSize = (await block.read(4, 4)).readUInt32LE()
  const name = (await block.read(8, Math.min(nameSize, 256))).toString('latin1')
  const content = block.slice(8 + nameSize)
  const head = await content.peek(0, 8)
  if (name === 'MCC_Data') await surveyCountry(content, survey)
  else if (head.toString('hex').startsWith('ffd8ff')) await survey.look('jpeg', content, "Samsung's picture")
  else if (head.toString('latin1', 4) === 'ftyp') await survey.look('bmff', content, "Samsung's film")
  else await survey.look('unknown', content, "Samsung's data")
}

/** The code of the country whose network the phone was in. */
async function surveyCountry(content: ByteRange, survey: Survey): Promise<void> {
  const code = await content.read(0, content.length)
  if (/[1-9]/.test(code.toString('latin1')))
    survey.found('camera data', content.edit(0, Buffer.alloc(code.length, '0')))
}
