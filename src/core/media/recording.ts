import type { Input } from 'mediabunny'
import { openToRead } from './byte-range.ts'
import { isoPosition } from './iso-position.ts'

/** What a video or a sound tells of itself; see MediaFacts. */
export interface RecordingFacts {
  takenAt?: string
  camera?: string
  width?: number
  height?: number
  position?: { latitude: number; longitude: number }
  durationMs?: number
}

/** The most that is read of one video or sound. */
const maxReadBytes = 64 * 1024 * 1024

/** Reads a video or a sound with mediabunny: its length, the size of its picture, its tags. */
export async function readRecording(path: string): Promise<RecordingFacts> {
  const { ALL_FORMATS, CustomSource, Input } = await import('mediabunny')
  const { file, sizeBytes } = await openToRead(path)
  let left = maxReadBytes
  const source = new CustomSource({
    getSize: () => sizeBytes,
    read: async (start, end) => {
      const length = end - start
      left -= length
      if (left < 0 || length < 0) throw new Error('it takes too much reading')
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, start)
      return buffer.subarray(0, bytesRead)
    },
    handleUnhandledError: () => {},
  })
  const input = new Input({ source, formats: ALL_FORMATS })
  try {
    return await readInput(input)
  } finally {
    input.dispose()
    await file.close()
  }
}

async function readInput(input: Input): Promise<RecordingFacts> {
  const facts: RecordingFacts = {}
  if (!(await input.canRead())) return facts
  const end = (await input.getDurationFromMetadata()) ?? (await input.computeDuration())
  const seconds = end - Math.max(0, await input.getFirstTimestamp())
  if (seconds > 0 && Number.isFinite(seconds)) facts.durationMs = Math.round(seconds * 1000)
  const video = await input.getPrimaryVideoTrack()
  if (video) {
    facts.width = await video.getDisplayWidth()
    facts.height = await video.getDisplayHeight()
  }
  const { date, raw = {} } = await input.getMetadataTags()
  const texts = new Map<string, string>()
  for (const [name, value] of Object.entries(raw))
    if (typeof value === 'string') texts.set(name.toLowerCase(), value)
  const takenAt =
    texts.get('com.apple.quicktime.creationdate') ?? texts.get('\xa9day') ?? texts.get('creation_time')
  const exact = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(?:(Z)|([+-]\d\d):?(\d\d))?$/.exec(takenAt ?? '')
  if (exact) facts.takenAt = `${exact[1]}${exact[2] ?? ''}${exact[3] ? `${exact[3]}:${exact[4]}` : ''}`
  else if (date && !Number.isNaN(date.getTime())) facts.takenAt = date.toISOString()
  const maker = texts.get('com.apple.quicktime.make') ?? texts.get('\xa9mak') ?? ''
  const model = texts.get('com.apple.quicktime.model') ?? texts.get('\xa9mod') ?? ''
  const camera = `${maker} ${model}`.trim().slice(0, 100)
  if (camera) facts.camera = camera
  for (const text of texts.values()) facts.position ??= isoPosition(text)
  return facts
}
