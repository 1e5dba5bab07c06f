import type { ByteRange } from '../byte-range.ts'
import type { Survey } from '../survey.ts'

/** Record 2 datasets that name a place: content location, city, sublocation, state, country (IPTC-IIM 4.2). */
const placeDatasets = new Set([26, 27, 90, 92, 95, 100, 101])

/** IPTC-IIM records. Those that name a place are taken out, the others move up, zeros fill the end. */
export async function surveyIptc(range: ByteRange, survey: Survey): Promise<void> {
  const bytes = await range.read(0, range.length)
  const kept: Uint8Array[] = []
  let hasPlace = false
  let at = 0
  while (at + 5 <= bytes.length && bytes[at] === 0x1c) {
    survey.step()
    let size = bytes.readUInt16BE(at + 3)
    let head = 5
    if (size & 0x8000) {
      const sizeOfSize = size & 0x7fff
      if (sizeOfSize > 4 || sizeOfSize < 1 || at + 5 + sizeOfSize > bytes.length) break
      size = bytes.readUIntBE(at + 5, sizeOfSize)
      head += sizeOfSize
    }
    const isPlace = bytes[at + 1] === 2 && placeDatasets.has(bytes[at + 2]!)
    const end = Math.min(at + head + size, bytes.length)
    if (
      isPlace &&
      bytes
        .toString('latin1', at + head, end)
        .replaceAll('\0', '')
        .trim()
    )
      hasPlace = true
    else kept.push(bytes.subarray(at, end))
    at = end
  }
  if (!hasPlace) return
  kept.push(bytes.subarray(at))
  const cleaned = Buffer.alloc(bytes.length)
  Buffer.concat(kept).copy(cleaned)
  survey.found('IPTC', range.edit(0, cleaned))
}
