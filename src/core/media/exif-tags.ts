/** What is asked of an EXIF block. exifr leaves out the hemisphere, and so the sign, unless its tags are named too. */
const pick = [
  'Make',
  'Model',
  'Orientation',
  'DateTimeOriginal',
  'CreateDate',
  'OffsetTimeOriginal',
  'OffsetTime',
  'GPSLatitude',
  'GPSLatitudeRef',
  'GPSLongitude',
  'GPSLongitudeRef',
]

/** Tags by name, values as the file has them, and `latitude` and `longitude` in degrees. */
export type ExifTags = Readonly<Record<string, unknown>>

/** Reads an EXIF block with exifr. */
export async function readExifTags(block: Uint8Array): Promise<ExifTags> {
  const { default: exifr } = await import('exifr')
  return (await exifr.parse(block, { pick, reviveValues: false, translateValues: false })) ?? {}
}
