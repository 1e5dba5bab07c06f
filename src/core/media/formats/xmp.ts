import { ByteRange } from '../byte-range.ts'
import type { Survey } from '../survey.ts'
import { locationWords } from './unknown.ts'
import { type XmlTag, xmlTags } from './xml-tags.ts'

/**
 * Properties that tell a place, by their name in whatever namespace: exif:GPS*, drone-dji:Gps*, the city and country
 * of photoshop and the IPTC schemas. The address of the photo's maker (CiAdr*) is another matter.
 */
const placeProperty =
  /^(gps\w*|exifgps|\w*latitude|\w*long(i|ti)tude|lat|lon|long|city|state|provincestate|provinceorstate|country(code|name)?|location(created|shown|name|code|id)?|sublocation|worldregion|shotlocation|geotag\w*)$/i

/** Base64 that begins as a JPEG file does. */
const base64Jpeg = /\/9j\/[A-Za-z0-9+/=\s]{200,}/g

const coordinateInText = /(latitude|longitude|gps\w{0,12})\W{1,12}\d/i

/** An XMP packet (ISO 16684-1). Its location properties become spaces; every other byte stays. */
export async function surveyXmp(range: ByteRange, survey: Survey): Promise<void> {
  survey.xmp.push(range)
  const bytes = await range.read(0, range.length)
  if (bytes.subarray(0, 64).includes(0)) {
    if (locationWords.test(bytes.toString('latin1').replaceAll('\0', '')))
      survey.foundForGood('XMP', 'its XMP is in UTF-16 and tells a place')
    return
  }
  const text = bytes.toString('latin1')
  const { places, isBroken } = findPlaces(text)
  let rest = ''
  let at = 0
  for (const { start, end } of places) {
    rest += text.slice(at, start)
    at = end
  }
  rest += text.slice(at)
  if (places.some(({ name }) => tellsPlace(name))) {
    const edits = places.flatMap(({ start, end }) => range.edit(start, Buffer.alloc(end - start, ' ')))
    survey.found('XMP', edits)
  }
  if (isBroken && locationWords.test(rest)) survey.doubt('its XMP is broken and speaks of a place')
  if (coordinateInText.test(rest)) survey.doubt('a text in its XMP tells coordinates')
  for (const [base64] of rest.matchAll(base64Jpeg)) {
    const picture = ByteRange.of(Buffer.from(base64, 'base64'))
    const inner = await survey.aside('jpeg', picture, 'the picture inside its XMP')
    if (inner.findings.length > 0) survey.foundForGood('XMP', 'a picture inside its XMP tells a place')
  }
}

interface Place {
  readonly name: string
  readonly start: number
  readonly end: number
}

/** The location properties of the text, whole attributes and whole elements, in order, none inside another. */
function findPlaces(text: string): { places: Place[]; isBroken: boolean } {
  const places: Place[] = []
  const open: string[] = []
  let outer: { name: string; depth: number; start: number; contentStart: number } | undefined
  const tags = xmlTags(text)
  for (let step = tags.next(); ; step = tags.next()) {
    if (step.done) return { places, isBroken: !step.value || open.length > 0 }
    const tag = step.value
    if (tag.kind === 'close') {
      if (open.pop() !== tag.name) return { places, isBroken: true }
      if (outer?.depth !== open.length) continue
      if (hasContent(text.slice(outer.contentStart, tag.start)))
        places.push({ name: outer.name, start: outer.start, end: tag.end })
      outer = undefined
      continue
    }
    const name = outer ? undefined : placeName(tag)
    if (name !== undefined && tag.kind === 'open') {
      outer = { name, depth: open.length, start: tag.start, contentStart: tag.end }
    } else if (name !== undefined) {
      if (tag.attributes.some(({ value }) => value.trim()))
        places.push({ name, start: tag.start, end: tag.end })
    } else if (!outer) {
      for (const { name, value, start, end } of tag.attributes)
        if (placeProperty.test(name) && value.trim()) places.push({ name, start, end })
    }
    if (tag.kind === 'open') open.push(tag.name)
  }
}

/** What the element tells of a place, by its own name or, as Sony's XML has it, by its `name` attribute. */
function placeName(tag: XmlTag): string | undefined {
  if (placeProperty.test(tag.name)) return tag.name
  return tag.attributes.find(({ name, value }) => name === 'name' && placeProperty.test(value))?.value
}

/** Of the GPS properties only some: a version, a datum or the satellites in view tell no place. */
function tellsPlace(name: string): boolean {
  return !/^gps/i.test(name) || /lat|lon|alt|pos|coord|area|loc/i.test(name)
}

/** Some text, or an attribute other than a mere `rdf:parseType`. */
function hasContent(inner: string): boolean {
  if (inner.length > 2000 || inner.replaceAll(/<[^>]*>/g, '').trim()) return true
  return /=\s*["'][^"']*[^"'\s]/.test(inner.replaceAll(/(xml|rdf):\w+\s*=\s*("[^"]*"|'[^']*')/g, ''))
}

/** Latitude and longitude that an XMP packet tells as exif:GPSLatitude and exif:GPSLongitude, in degrees. */
export function positionInXmp(text: string): { latitude: number; longitude: number } | undefined {
  const coordinate = (name: string) => {
    const match = new RegExp(`${name}\\s*(?:=\\s*["']|>)\\s*([^"'<]{1,40})`).exec(text)
    const parts = /^(\d{1,3}),(\d{1,2}(?:\.\d+)?)(?:,(\d{1,2}(?:\.\d+)?))?\s*([NSEW])\s*$/.exec(
      match?.[1] ?? '',
    )
    if (!parts) return undefined
    const degrees = Number(parts[1]) + Number(parts[2]) / 60 + Number(parts[3] ?? 0) / 3600
    return parts[4] === 'S' || parts[4] === 'W' ? -degrees : degrees
  }
  const latitude = coordinate('GPSLatitude')
  const longitude = coordinate('GPSLongitude')
  return latitude === undefined || longitude === undefined ? undefined : { latitude, longitude }
}
