import type { ByteRange } from './byte-range.ts'
import { riffChunks } from './formats/riff.ts'

export interface AviFacts {
  width?: number
  height?: number
  durationMs?: number
}

const maxChunks = 1000

/**
 * What the headers of an AVI file say: its size from the main header (`avih`), its length from the frames of the
 * video stream (`strh`), or where OpenDML splits it into several RIFFs from the total that it adds (`dmlh`).
 */
export async function readAvi(range: ByteRange): Promise<AviFacts> {
  const facts: AviFacts = {}
  let frameMs = 0
  let frames = 0
  const visit = async (list: ByteRange, from: number, depth: number): Promise<void> => {
    let left = maxChunks
    for await (const { type, data } of riffChunks(list, from)) {
      if (--left < 0 || type === 'LIST movi') return
      if (/^LIST (hdrl|strl|odml)$/.test(type) && depth < 4) await visit(data, 0, depth + 1)
      const bytes = await data.peek(0, 56)
      if (type === 'avih' && bytes.length >= 40) {
        frameMs = bytes.readUInt32LE(0) / 1000
        frames = bytes.readUInt32LE(16)
        facts.width = bytes.readUInt32LE(32)
        facts.height = bytes.readUInt32LE(36)
      } else if (type === 'strh' && bytes.length >= 36 && bytes.toString('latin1', 0, 4) === 'vids') {
        const rate = bytes.readUInt32LE(24)
        if (rate > 0) frameMs = (1000 * bytes.readUInt32LE(20)) / rate
      } else if (type === 'dmlh' && bytes.length >= 4) frames = Math.max(frames, bytes.readUInt32LE(0))
    }
  }
  await visit(range, 12, 0)
  const durationMs = Math.round(frameMs * frames)
  if (durationMs > 0) facts.durationMs = durationMs
  return facts
}
