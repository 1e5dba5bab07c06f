import { type ByteRange, maxBlockBytes } from '../byte-range.ts'
import type { Survey } from '../survey.ts'

/** What text or a field's name says where it tells a place. */
export const locationWords =
  /latitude|longitude|longtitude|gps[-_ ]?(position|coordinate)|ISO6709|freeGPS|geo_?location|[+-]\d\d\.\d{2,}[+-]\d{3}\.\d{2,}/i

/** A part that is not understood: where words in it tell of a place, that is a doubt. */
export async function surveyUnknown(range: ByteRange, survey: Survey): Promise<void> {
  if (survey.isQuick) return
  const overlap = 64
  for (let at = 0; at < range.length; at += maxBlockBytes / 4 - overlap) {
    survey.step()
    const text = (await range.peek(at, maxBlockBytes / 4)).toString('latin1')
    if (!locationWords.test(text)) continue
    survey.doubt('a part that is not understood speaks of a place')
    return
  }
}
