import { type ByteRange, type Edit, invalidMedia } from '../byte-range.ts'

/** Byte order and widths of a TIFF structure: classic, or BigTIFF with its 64-bit offsets. */
export interface TiffLayout {
  readonly isLittleEndian: boolean
  readonly isBig: boolean
}

export interface IfdEntry {
  readonly index: number
  readonly tag: number
  readonly type: number
  readonly count: number
  /** Where its value is, inside the entry or elsewhere. */
  readonly valueAt: number
  readonly sizeBytes: number
  readonly isInline: boolean
}

/** An image file directory: a table of tagged values (TIFF 6.0, section 2). */
export interface Ifd {
  readonly at: number
  readonly sizeBytes: number
  readonly entries: readonly IfdEntry[]
  /** Offset of the next directory; 0 for none. */
  readonly next: number
}

const typeSizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8]

/** @throws {P2pShareError} `ERR_INVALID_MEDIA` where there is no TIFF header */
export async function readTiffHeader(range: ByteRange): Promise<{ layout: TiffLayout; first: number }> {
  const header = await range.peek(0, 16)
  const order = header.toString('latin1', 0, 2)
  const isLittleEndian = order === 'II'
  if (header.length < 8 || (order !== 'II' && order !== 'MM')) throw invalidMedia('no TIFF header')
  const magic = isLittleEndian ? header.readUInt16LE(2) : header.readUInt16BE(2)
  const isBig = magic === 43 && header.length === 16
  if (magic !== 42 && !isBig) throw invalidMedia('no TIFF header')
  const layout = { isLittleEndian, isBig }
  return { layout, first: isBig ? readNumber(header, 8, 8, layout) : readNumber(header, 4, 4, layout) }
}

/**
 * Reads a directory as far as it is there: what a lenient reader would still find is found here too.
 * Undefined where not even one entry is.
 */
export async function readIfd(range: ByteRange, at: number, layout: TiffLayout): Promise<Ifd | undefined> {
  const countSize = layout.isBig ? 8 : 2
  const entrySize = layout.isBig ? 20 : 12
  const pointerSize = layout.isBig ? 8 : 4
  if (at <= 0 || at + countSize + entrySize > range.length) return undefined
  const claimed = readNumber(await range.read(at, countSize), 0, countSize, layout)
  const count = Math.min(claimed, 65_535, Math.floor((range.length - at - countSize) / entrySize))
  const table = await range.read(at + countSize, count * entrySize)
  const entries: IfdEntry[] = []
  for (let index = 0; index < count; index++) {
    const entryAt = index * entrySize
    const type = readNumber(table, entryAt + 2, 2, layout)
    const valueCount = readNumber(table, entryAt + 4, pointerSize, layout)
    const sizeBytes = valueCount * (typeSizes[type] || 1)
    const isInline = sizeBytes <= pointerSize
    const inlineAt = entryAt + 4 + pointerSize
    entries.push({
      index,
      tag: readNumber(table, entryAt, 2, layout),
      type,
      count: valueCount,
      valueAt: isInline ? at + countSize + inlineAt : readNumber(table, inlineAt, pointerSize, layout),
      sizeBytes,
      isInline,
    })
  }
  const nextAt = at + countSize + table.length
  const hasNext = nextAt + pointerSize <= range.length
  const next = hasNext ? readNumber(await range.read(nextAt, pointerSize), 0, pointerSize, layout) : 0
  return {
    at,
    sizeBytes: countSize + table.length + (hasNext ? pointerSize : 0),
    entries,
    next,
  }
}

/** The numbers that an entry holds, at most `limit` of them; none where they are not there. */
export async function readNumbers(
  range: ByteRange,
  entry: IfdEntry,
  layout: TiffLayout,
  limit = 1,
): Promise<number[]> {
  const size = typeSizes[entry.type] || 1
  if (size > 8 || entry.valueAt + entry.sizeBytes > range.length) return []
  const count = Math.min(entry.count, limit)
  const bytes = await range.peek(entry.valueAt, count * size)
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, index) =>
    readNumber(bytes, index * size, size, layout),
  )
}

/** Where the entry points: a 4-byte (in BigTIFF 8-byte) offset, whatever type it claims. */
export async function readPointer(range: ByteRange, entry: IfdEntry, layout: TiffLayout): Promise<number> {
  if (!entry.isInline) return entry.valueAt
  const size = layout.isBig && entry.sizeBytes === 8 ? 8 : 4
  return readNumber(await range.read(entry.valueAt, size), 0, size, layout)
}

/** The edits that take entries out of a directory: those after them move up, its size in the file stays. */
export async function withoutEntries(
  range: ByteRange,
  ifd: Ifd,
  layout: TiffLayout,
  gone: ReadonlySet<IfdEntry>,
): Promise<Edit[]> {
  const countSize = layout.isBig ? 8 : 2
  const entrySize = layout.isBig ? 20 : 12
  const old = await range.read(ifd.at, ifd.sizeBytes)
  const table = Buffer.alloc(ifd.sizeBytes)
  const kept = ifd.entries.filter(entry => !gone.has(entry))
  if (layout.isBig)
    table[layout.isLittleEndian ? 'writeBigUInt64LE' : 'writeBigUInt64BE'](BigInt(kept.length))
  else table[layout.isLittleEndian ? 'writeUInt16LE' : 'writeUInt16BE'](kept.length)
  let at = countSize
  for (const { index } of kept)
    at += old.copy(table, at, countSize + index * entrySize, countSize + (index + 1) * entrySize)
  old.copy(table, at, countSize + ifd.entries.length * entrySize)
  return range.edit(ifd.at, table)
}

function readNumber(bytes: Buffer, at: number, size: number, { isLittleEndian }: TiffLayout): number {
  if (at + size > bytes.length) throw invalidMedia('it ends too early')
  if (size === 8) return Number(isLittleEndian ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at))
  return isLittleEndian ? bytes.readUIntLE(at, size) : bytes.readUIntBE(at, size)
}
