import type { ByteRange } from '../byte-range.ts'
import type { Survey } from '../survey.ts'

/** Camcorders that know where they are say so inside the picture stream itself, in an MDPM message: N/S and E/W. */
const latitude = /\xb1[NS]\0\0\0/
const longitude = /\xb5[EW]\0\0\0/

/** MPEG transport and program streams, AVCHD among them. A position is found near the start, and cannot be taken out. */
export async function surveyAvchd(range: ByteRange, survey: Survey): Promise<void> {
  const start = (await range.peek(0, 8 * 1024 * 1024)).toString('latin1')
  for (let at = start.indexOf('MDPM'); at >= 0; at = start.indexOf('MDPM', at + 4)) {
    survey.step()
    const message = start.slice(at, at + 600)
    if (!latitude.test(message) && !longitude.test(message)) continue
    survey.foundForGood('metadata track', 'the position is part of the picture stream')
    return
  }
}
