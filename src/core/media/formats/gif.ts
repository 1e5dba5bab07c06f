import type { ByteRange } from '../byte-range.ts'
import type { Survey } from '../survey.ts'

const applicationHead = 'XMP DataXMP'

/**
 * A GIF: its only metadata that can tell a place is an XMP packet, which lies open in an application extension. Its
 * characters count as block lengths, and a ramp of falling numbers after it catches wherever those lead.
 */
export async function surveyGif(range: ByteRange, survey: Survey): Promise<void> {
  const chunkSize = 4 * 1024 * 1024
  const screen = await range.peek(6, 4)
  if (screen.length === 4)
    survey.dimensions ??= { width: screen.readUInt16LE(0), height: screen.readUInt16LE(2) }
  if (survey.isQuick) return
  for (let at = 0; at < range.length; at += chunkSize) {
    survey.step()
    const bytes = await range.peek(at, chunkSize + 64)
    for (
      let index = bytes.indexOf(applicationHead);
      index >= 0;
      index = bytes.indexOf(applicationHead, index + 1)
    ) {
      if (index >= chunkSize) break
      const from = at + index + applicationHead.length
      const packet = await range.peek(from, 1024 * 1024)
      const end = packet.indexOf(Buffer.from([0x01, 0xff, 0xfe, 0xfd]))
      if (end < 0) survey.doubt('its XMP has no end')
      else await survey.look('xmp', range.slice(from, end), 'its XMP')
    }
  }
}
