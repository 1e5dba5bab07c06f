import type { ByteRange } from '../byte-range.ts'
import type { Survey } from '../survey.ts'
import { surveyUnknown } from './unknown.ts'

const headBytes = 4 * 1024 * 1024
const tailBytes = 256 * 1024

/** Tags of MP3, FLAC, Ogg and others: a field of the name, and what follows it, in whatever encoding. */
const placeField = /\b(recording[ _-]?|geo[ _-]?)?location(-[a-z]{3})?\0*(=|\xff\xfe|\xfe\xff|\0[+-]?\d)/i

/** A sound file: its tags are at the start or at the end. They are not taken out. */
export async function surveySound(range: ByteRange, survey: Survey): Promise<void> {
  await surveyUnknown(range.slice(0, Math.min(headBytes, range.length)), survey)
  if (range.length > headBytes)
    await surveyUnknown(range.slice(Math.max(headBytes, range.length - tailBytes)), survey)
  const text = (await range.peek(0, headBytes)).toString('latin1')
  if (placeField.test(text) || placeField.test(text.replaceAll('\0', '')))
    survey.foundForGood('camera data', 'a tag of the sound tells a place')
}
