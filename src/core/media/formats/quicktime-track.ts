import { type ByteRange, invalidMedia } from '../byte-range.ts'
import type { Survey } from '../survey.ts'
import { boxesOf } from './box.ts'

/** Where a track that records positions keeps them. */
export interface PlaceTrack {
  readonly ranges: readonly ByteRange[]
  readonly isCertain: boolean
}

const maxSamples = 500_000

/** Tracks that cannot hold a position, by their handler. */
const harmlessHandlers = new Set(['vide', 'soun', 'tmcd', 'hint', 'pict', 'auxv', 'clcp', 'alis', 'url '])

/**
 * Looks at a `trak` box: is it one of those that cameras write positions to while they film (GoPro `gpmd`, Google
 * `camm`, Apple `mebx` with a location key, DJI's subtitles), or another maker's unknown one? Undefined where not.
 */
export async function surveyTrack(
  track: ByteRange,
  file: ByteRange,
  survey: Survey,
): Promise<PlaceTrack | undefined> {
  const handler = await find(track, ['mdia', 'hdlr'], survey)
  const type = handler && (await handler.peek(8, 4)).toString('latin1')
  if (type === undefined || harmlessHandlers.has(type)) return undefined
  const table = await find(track, ['mdia', 'minf', 'stbl'], survey)
  const description = table && (await find(table, ['stsd'], survey))
  if (!table || !description) throw invalidMedia('a track without samples')
  const entry = await description.peek(8, 8)
  const format = entry.toString('latin1', 4, 8)
  if (format === 'tmcd') return undefined
  if (format === 'mebx' && !(await hasPlaceKey(description.slice(8), survey))) return undefined
  const ranges = await sampleRanges(table, file, survey)
  const isText = /^(text|tx3g|sbtl|subt|wvtt|c608|stpp)$/.test(format) || /^(text|sbtl|subt)$/.test(type)
  const words = isText ? textPlace : format === 'gpmd' ? goProPlace : undefined
  if (words && !(await anySample(ranges, words))) return undefined
  return { ranges, isCertain: words !== undefined || format === 'mebx' }
}

const textPlace = /gps|latitude|longitude/i
const goProPlace = /GPS[59]/

async function anySample(ranges: readonly ByteRange[], words: RegExp): Promise<boolean> {
  for (const range of ranges.slice(0, 200))
    if (words.test((await range.peek(0, 64 * 1024)).toString('latin1'))) return true
  return false
}

/** Apple's timed metadata lists its keys in the sample description. */
async function hasPlaceKey(description: ByteRange, survey: Survey): Promise<boolean> {
  for await (const entry of boxesOf(description, survey))
    for await (const { type, data } of boxesOf(entry.data.slice(8), survey)) {
      if (type !== 'keys') continue
      for await (const key of boxesOf(data, survey)) {
        const text = (await key.data.peek(0, 1024)).toString('latin1')
        if (/location|gps|latitude/i.test(text)) return true
      }
    }
  return false
}

async function find(
  range: ByteRange,
  path: readonly string[],
  survey: Survey,
): Promise<ByteRange | undefined> {
  let current: ByteRange | undefined = range
  for (const name of path) {
    let next: ByteRange | undefined
    if (current) for await (const { type, data } of boxesOf(current, survey)) if (type === name) next ??= data
    current = next
  }
  return current
}

/** Where the samples of a track are in the file, adjoining ones as one (ISO 14496-12, 8.7). */
async function sampleRanges(table: ByteRange, file: ByteRange, survey: Survey): Promise<ByteRange[]> {
  const boxes = new Map<string, ByteRange>()
  for await (const { type, data } of boxesOf(table, survey)) boxes.set(type, data)
  const sizes = await sampleSizes(boxes.get('stsz'))
  const chunkOffsets = await readTable(
    boxes.get('stco') ?? boxes.get('co64'),
    4,
    boxes.has('stco') ? 4 : 8,
    1,
  )
  const perChunk = await readTable(boxes.get('stsc'), 4, 4, 3)
  const spans: [start: number, end: number][] = []
  let sample = 0
  let run = 0
  for (const [index, [offset]] of chunkOffsets.entries()) {
    while (run + 1 < perChunk.length && perChunk[run + 1]![0]! <= index + 1) run++
    let end = offset!
    for (let left = perChunk[run]?.[1] ?? 0; left > 0 && sample < sizes.length; left--)
      end += sizes[sample++]!
    const last = spans.at(-1)
    if (last && last[1] === offset) last[1] = end
    else if (end > offset!) spans.push([offset!, end])
  }
  if (sample < sizes.length) throw invalidMedia('a track whose samples are nowhere')
  return spans.map(([start, end]) => file.slice(start, end - start))
}

async function sampleSizes(box: ByteRange | undefined): Promise<number[]> {
  if (!box) throw invalidMedia('a track without sample sizes')
  const head = await box.read(4, 8)
  const same = head.readUInt32BE(0)
  const count = head.readUInt32BE(4)
  if (count > maxSamples) throw invalidMedia('a metadata track with too many samples')
  if (same > 0) return new Array<number>(count).fill(same)
  return (await readTable(box, 8, 4, 1)).map(([size]) => size!)
}

/** A table of rows of numbers, after its count at `at`. */
async function readTable(
  box: ByteRange | undefined,
  at: number,
  width: 4 | 8,
  columns: number,
): Promise<number[][]> {
  if (!box) throw invalidMedia('a track without a sample table')
  const count = (await box.read(at, 4)).readUInt32BE()
  if (count > maxSamples) throw invalidMedia('a metadata track with too many samples')
  const bytes = await box.read(at + 4, count * width * columns)
  return Array.from({ length: count }, (_, row) =>
    Array.from({ length: columns }, (_, column) => {
      const valueAt = (row * columns + column) * width
      return width === 8 ? Number(bytes.readBigUInt64BE(valueAt)) : bytes.readUInt32BE(valueAt)
    }),
  )
}
