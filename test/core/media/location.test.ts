import { createHash } from 'node:crypto'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { hasLocation, locationsIn, stripLocation } from '../../../src/core/media/location.ts'
import { readMedia } from '../../../src/core/media/metadata.ts'
import { requireProgram } from '../../kit/external.ts'
import {
  exiftool,
  exiftoolPlaces,
  exiftoolTags,
  ffmpeg,
  photoFormats,
  pixelsOf,
  samplePhoto,
  sharedPhoto,
  xmpPacket,
  xmpPosition,
} from '../../kit/sample-photos.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const digest = async (path: string) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex')

/** Strips `path` and proves the copy clean by everything at hand, exiftool where it is there. */
async function cleaned(t: ExecutionContext, path: string, target: string): Promise<readonly string[]> {
  const before = await digest(path)
  t.true(await hasLocation(path))
  const { removed } = await stripLocation(path, target)
  t.is(await digest(path), before, 'the source was written to')
  t.false(await hasLocation(target))
  t.is((await readMedia(target)).position, undefined)
  if (requireProgram(t, 'exiftool')) {
    t.deepEqual(await exiftoolPlaces(target), [])
    t.deepEqual(await exiftoolTags(target), await exiftoolTags(path))
  }
  return removed
}

async function cleanedBytes(
  t: ExecutionContext,
  name: string,
  bytes: Uint8Array,
): Promise<{ path: string; target: string; removed: readonly string[] }> {
  const folder = await temporaryFolder(t, 'location')
  const path = join(folder, name)
  const target = join(folder, `clean-${name}`)
  await writeFile(path, bytes)
  return { path, target, removed: await cleaned(t, path, target) }
}

for (const format of photoFormats.filter(name => name !== 'tiff'))
  test(`a ${format} loses its EXIF position, and nothing else`, async t => {
    const photo = await samplePhoto(format, { gps: true, orientation: 6 })
    const { path, target, removed } = await cleanedBytes(t, `a.${format}`, photo)
    t.deepEqual(removed, ['EXIF'])
    t.deepEqual(await pixelsOf(target), await pixelsOf(path))
    t.is((await stat(target)).size, photo.length)
    const { position, ...facts } = await readMedia(path)
    t.truthy(position)
    t.deepEqual(await readMedia(target), facts)
  })

for (const format of photoFormats)
  test(`a ${format} loses its XMP position, and nothing else`, async t => {
    const xmp = xmpPacket(xmpPosition, '<photoshop:City>Santiago</photoshop:City>')
    const { path, target, removed } = await cleanedBytes(t, `a.${format}`, await samplePhoto(format, { xmp }))
    t.deepEqual(removed, ['XMP'])
    t.deepEqual(await pixelsOf(target), await pixelsOf(path))
    t.true((await readFile(target)).includes('dc:source="kept"'))
  })

for (const format of photoFormats)
  test(`a ${format} as exiftool writes it is cleaned`, async t => {
    if (!requireProgram(t, 'exiftool')) return
    const folder = await temporaryFolder(t, 'location')
    const path = join(folder, `a.${format}`)
    await writeFile(path, await samplePhoto(format))
    await exiftool(path, '-GPSLatitude=33.5', '-GPSLatitudeRef=S', '-GPSLongitude=70', '-GPSLongitudeRef=W')
    await exiftool(path, '-XMP:GPSLatitude=33.5', '-XMP-photoshop:Country=Chile', '-XMP-dc:Title=Hey')
    const target = join(folder, `b.${format}`)
    t.deepEqual([...(await cleaned(t, path, target))].sort(), ['EXIF', 'XMP'])
    t.deepEqual(await pixelsOf(target), await pixelsOf(path))
  })

test('the compressed picture of a JPEG stays as it is, byte for byte', async t => {
  const photo = await samplePhoto('jpeg', { gps: true })
  const { target } = await cleanedBytes(t, 'a.jpg', photo)
  const picture = (bytes: Buffer) => bytes.subarray(bytes.indexOf(Buffer.from([0xff, 0xdb])))
  t.deepEqual(picture(await readFile(target)), picture(photo))
})

test('a photo that tells no place is copied as it is', async t => {
  const folder = await temporaryFolder(t, 'location')
  for (const format of photoFormats) {
    const path = join(folder, `a.${format}`)
    await writeFile(path, await samplePhoto(format, { xmp: xmpPacket('exif:GPSVersionID="2.2.0.0"') }))
    t.false(await hasLocation(path))
    t.deepEqual(await stripLocation(path, `${path}.copy`), { removed: [] })
    t.is(await digest(`${path}.copy`), await digest(path))
  }
})

test('a position hidden in the thumbnail of a photo goes as well', async t => {
  if (!requireProgram(t, 'exiftool')) return
  const folder = await temporaryFolder(t, 'location')
  const path = join(folder, 'a.jpg')
  const thumbnail = join(folder, 'thumbnail.jpg')
  await writeFile(path, await samplePhoto('jpeg'))
  await writeFile(thumbnail, await samplePhoto('jpeg', { gps: true, width: 16, height: 12 }))
  await exiftool(path, `-ThumbnailImage<=${thumbnail}`)
  t.true(await hasLocation(path))
  await stripLocation(path, join(folder, 'b.jpg'))
  t.false((await readFile(join(folder, 'b.jpg'))).includes('\0S\0\0\0'), 'the hemisphere is still there')
  t.false(await hasLocation(join(folder, 'b.jpg')))
})

test('a second picture after the first, as phones put it there, is cleaned too', async t => {
  const pictures = Buffer.concat([await samplePhoto('jpeg'), await samplePhoto('jpeg', { gps: true })])
  const { removed } = await cleanedBytes(t, 'a.jpg', pictures)
  t.deepEqual(removed, ['EXIF'])
})

test('extended XMP is cleaned over the edges of its chunks, and named anew by its digest', async t => {
  const filler = `<dc:description>${'x'.repeat(300)}</dc:description>`
  const extended = Buffer.from(xmpPacket('', `${filler}<exif:GPSLatitude>33,51.5S</exif:GPSLatitude>`))
  const guid = createHash('md5').update(extended).digest('hex').toUpperCase()
  const segment = (...parts: (string | Buffer)[]) => {
    const data = Buffer.concat(
      parts.map(part => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)),
    )
    const head = Buffer.from([0xff, 0xe1, 0, 0])
    head.writeUInt16BE(data.length + 2, 2)
    return Buffer.concat([head, data])
  }
  const cut = extended.indexOf('GPSLat') + 3
  const chunk = (from: number, to: number) => {
    const numbers = Buffer.alloc(8)
    numbers.writeUInt32BE(extended.length, 0)
    numbers.writeUInt32BE(from, 4)
    return segment('http://ns.adobe.com/xmp/extension/\0', guid, numbers, extended.subarray(from, to))
  }
  const main = segment('http://ns.adobe.com/xap/1.0/\0', xmpPacket(`xmpNote:HasExtendedXMP="${guid}"`))
  const photo = await samplePhoto('jpeg')
  const whole = Buffer.concat([
    photo.subarray(0, 2),
    main,
    chunk(0, cut),
    chunk(cut, extended.length),
    photo.subarray(2),
  ])
  const { target, removed } = await cleanedBytes(t, 'a.jpg', whole)
  t.deepEqual(removed, ['XMP'])
  const bytes = await readFile(target)
  t.false(bytes.includes(guid))
  const newGuid = /HasExtendedXMP="([0-9A-F]{32})"/.exec(bytes.toString('latin1'))![1]!
  t.is(bytes.toString('latin1').split(newGuid).length - 1, 3)
})

test('the city of IPTC goes, and its digest follows', async t => {
  if (!requireProgram(t, 'exiftool')) return
  const folder = await temporaryFolder(t, 'location')
  for (const format of ['jpeg', 'tiff'] as const) {
    const path = join(folder, `a.${format}`)
    await writeFile(path, await samplePhoto(format))
    await exiftool(path, '-IPTC:City=Paris', '-IPTC:Headline=Kept', '-IPTC:By-line=Me')
    await stripLocation(path, join(folder, `b.${format}`))
    t.deepEqual(await exiftoolPlaces(join(folder, `b.${format}`)), [])
    t.is((await exiftoolTags(join(folder, `b.${format}`)))['IPTC:Headline'], 'Kept')
  }
})

test('compressed text in a PNG is cleaned', async t => {
  if (!requireProgram(t, 'exiftool')) return
  const folder = await temporaryFolder(t, 'location')
  const path = join(folder, 'a.png')
  await writeFile(path, await samplePhoto('png'))
  await exiftool(path, '-z', '-XMP:GPSLatitude=33.5', '-XMP:Title=Kept')
  t.deepEqual(await cleaned(t, path, join(folder, 'b.png')), ['XMP'])
  t.deepEqual(await pixelsOf(join(folder, 'b.png')), await pixelsOf(path))
})

test('a GIF is cleaned of the XMP in it', async t => {
  if (!requireProgram(t, 'exiftool')) return
  const folder = await temporaryFolder(t, 'location')
  const path = join(folder, 'a.gif')
  await writeFile(
    path,
    await (await import('sharp'))
      .default(await samplePhoto('png'))
      .gif()
      .toBuffer(),
  )
  await exiftool(path, '-XMP:GPSLatitude=33.5', '-XMP:Title=Kept')
  t.deepEqual(await cleaned(t, path, join(folder, 'b.gif')), ['XMP'])
  t.deepEqual(await pixelsOf(join(folder, 'b.gif')), await pixelsOf(path))
})

const films: Record<string, string[]> = {
  'a.mp4': ['-metadata', 'location=+48.8584+002.2945/'],
  'a.mov': ['-metadata', 'location=+48.8584+002.2945/'],
  'keys.mov': [
    '-movflags',
    'use_metadata_tags',
    '-metadata',
    'com.apple.quicktime.location.ISO6709=+48.8584+002.2945/',
  ],
  'a.3gp': ['-metadata', 'location=+48.8584+002.2945/'],
  'fragmented.mp4': ['-movflags', 'frag_keyframe+empty_moov', '-metadata', 'location=+48.8584+002.2945/'],
  'a.mkv': ['-metadata', 'location=+48.8584+002.2945/'],
}

for (const [name, args] of Object.entries(films))
  test(`the film ${name} loses its position, and no frame`, async t => {
    if (!requireProgram(t, 'ffmpeg')) return
    const folder = await temporaryFolder(t, 'location')
    const path = join(folder, name)
    const target = join(folder, `clean-${name}`)
    const source = ['-f', 'lavfi', '-i', 'testsrc=s=64x48:d=1:r=10']
    await ffmpeg(...source, '-c:v', 'mpeg4', '-metadata', 'title=Kept', ...args, path)
    t.true(await hasLocation(path))
    const { removed } = await stripLocation(path, target)
    t.is(removed.length, 1)
    t.is((await stat(target)).size, (await stat(path)).size)
    const frames = (file: string) => ffmpeg('-i', file, '-c', 'copy', '-f', 'framemd5', '-')
    t.is(await frames(target), await frames(path))
    t.false((await readFile(target)).includes('48.8584'))
    if (requireProgram(t, 'exiftool')) t.deepEqual(await exiftoolPlaces(target), [])
  })

test('a track of positions is taken out of a film, and one of words is not', async t => {
  if (!requireProgram(t, 'ffmpeg')) return
  const folder = await temporaryFolder(t, 'location')
  const film = async (name: string, words: string) => {
    await writeFile(join(folder, 'words.srt'), `1\n00:00:00,000 --> 00:00:01,000\n${words}\n`)
    const inputs = ['-f', 'lavfi', '-i', 'testsrc=s=64x48:d=1:r=10', '-i', join(folder, 'words.srt')]
    await ffmpeg(...inputs, '-c:v', 'mpeg4', '-c:s', 'mov_text', join(folder, name))
    return join(folder, name)
  }
  const drone = await film('drone.mp4', 'F/2.8, GPS (8.6499, 53.1665, 18)')
  t.true(await hasLocation(drone))
  t.deepEqual(await stripLocation(drone, `${drone}.mp4`), { removed: ['metadata track'] })
  t.false((await readFile(`${drone}.mp4`)).includes('53.1665'))
  const frames = (file: string) => ffmpeg('-i', file, '-map', '0:v', '-c', 'copy', '-f', 'framemd5', '-')
  t.is(await frames(`${drone}.mp4`), await frames(drone))

  const spoken = await film('spoken.mp4', 'Look, a zebra')
  t.false(await hasLocation(spoken))

  const action = Buffer.from(
    (await readFile(drone)).toString('latin1').replace('tx3g', 'gpmd').replace('GPS (', 'GPS5('),
    'latin1',
  )
  await writeFile(join(folder, 'action.mp4'), action)
  t.deepEqual(await stripLocation(join(folder, 'action.mp4'), join(folder, 'clean.mp4')), {
    removed: ['metadata track'],
  })
})

test('a motion photo is cleaned of the position of its film', async t => {
  if (!requireProgram(t, 'ffmpeg')) return
  const folder = await temporaryFolder(t, 'location')
  const film = join(folder, 'a.mp4')
  await ffmpeg(
    '-f',
    'lavfi',
    '-i',
    'testsrc=s=64x48:d=1',
    '-c:v',
    'mpeg4',
    '-metadata',
    'location=+48.8584+002.2945/',
    film,
  )
  const photo = Buffer.concat([await samplePhoto('jpeg'), Buffer.alloc(100), await readFile(film)])
  t.deepEqual((await cleanedBytes(t, 'motion.jpg', photo)).removed, ['QuickTime'])
})

test("the country code in Samsung's trailer goes", async t => {
  const block = Buffer.concat([Buffer.from([0, 0, 0xa1, 0x0a, 8, 0, 0, 0]), Buffer.from('MCC_Data262')])
  const directory = Buffer.alloc(24)
  directory.write('SEFH')
  directory.writeUInt32LE(1, 8)
  directory.writeUInt16LE(0x0aa1, 14)
  directory.writeUInt32LE(block.length, 16)
  directory.writeUInt32LE(block.length, 20)
  const end = Buffer.from('\x18\0\0\0SEFT', 'latin1')
  const folder = await temporaryFolder(t, 'location')
  const path = join(folder, 'a.jpg')
  await writeFile(path, Buffer.concat([await samplePhoto('jpeg'), block, directory, end]))
  t.deepEqual(await stripLocation(path, join(folder, 'b.jpg')), { removed: ['camera data'] })
  t.true((await readFile(join(folder, 'b.jpg'))).includes('MCC_Data000'))
})

test('what cannot be cleaned is named and refused, and leaves no copy behind', async t => {
  const folder = await temporaryFolder(t, 'location')
  const photo = await samplePhoto('jpeg', { gps: true })
  const refused: Record<string, Buffer> = {
    'raw photo.nef': await samplePhoto('tiff'),
    'unknown end.jpg': Buffer.concat([photo, Buffer.from('something else')]),
    'design.psd': Buffer.from('8BPS'),
    'film.flv': Buffer.from('FLV\x01'),
    'note.jpg': Buffer.concat([
      photo.subarray(0, 2),
      Buffer.from('\xff\xfe\0\x14Latitude: 33.9 S', 'latin1'),
      photo.subarray(2),
    ]),
    'broken.avif': (await samplePhoto('avif', { gps: true })).subarray(0, 400),
  }
  for (const [name, bytes] of Object.entries(refused)) {
    const path = join(folder, name)
    await writeFile(path, bytes)
    const error = await t.throwsAsync(
      stripLocation(path, join(folder, 'copy')),
      { code: 'ERR_LOCATION_NOT_REMOVABLE' },
      name,
    )
    t.true(error?.message.includes(path))
    await t.throwsAsync(stat(join(folder, 'copy')), { code: 'ENOENT' }, name)
  }
})

test('files that hold no position of their own pass as they are', async t => {
  const folder = await temporaryFolder(t, 'location')
  for (const name of ['notes.txt', 'empty.jpg', 'archive.zip']) {
    await writeFile(join(folder, name), name === 'empty.jpg' ? '' : 'text about latitude 33.8')
    t.deepEqual(await stripLocation(join(folder, name), join(folder, `copy of ${name}`)), { removed: [] })
  }
})

test('a target that exists is never touched', async t => {
  const folder = await temporaryFolder(t, 'location')
  await writeFile(join(folder, 'a.jpg'), await samplePhoto('jpeg', { gps: true }))
  await writeFile(join(folder, 'b.jpg'), 'mine')
  await t.throwsAsync(stripLocation(join(folder, 'a.jpg'), join(folder, 'b.jpg')), {
    code: 'ERR_TARGET_EXISTS',
  })
  t.is(await readFile(join(folder, 'b.jpg'), 'utf8'), 'mine')
})

test('locationsIn answers the files that tell a place, and stops when aborted', async t => {
  const folder = await temporaryFolder(t, 'location')
  const files = []
  for (const [index, gps] of [true, false, true].entries()) {
    const source = join(folder, `${index}.jpg`)
    await writeFile(source, await samplePhoto('jpeg', { gps }))
    files.push({ source, path: [`${index}.jpg`], sizeBytes: 1, modifiedMs: 1 })
  }
  files.push({ source: join(folder, 'gone.jpg'), path: ['gone.jpg'], sizeBytes: 1, modifiedMs: 1 })
  t.deepEqual(await locationsIn(files), [files[0], files[2]])
  await t.throwsAsync(locationsIn(files, { signal: AbortSignal.abort() }), { name: 'AbortError' })
})

for (const name of ['DSCN0010', 'DSCN0012', 'DSCN0021', 'DSCN0025'])
  test(`the real photo ${name} is cleaned`, async t => {
    const path = sharedPhoto(t, `jpg/gps/${name}.jpg`)
    if (!path) return
    const folder = await temporaryFolder(t, 'location')
    t.deepEqual(await cleaned(t, path, join(folder, 'clean.jpg')), ['EXIF'])
    t.deepEqual(await pixelsOf(join(folder, 'clean.jpg')), await pixelsOf(path))
  })

test('real photos without a position are copied as they are, and HEIC is cleaned', async t => {
  const names = [
    'tests/45-gps_ifd',
    'mobile/jolla',
    'invalid/image01551',
    'invalid/image01980',
    'xmp/BlueSquare',
    'Nikon_D70',
  ]
  const folder = await temporaryFolder(t, 'location')
  for (const name of names) {
    const path = sharedPhoto(t, `jpg/${name}.jpg`)
    if (!path) return
    const copy = join(folder, name.replace('/', '-'))
    t.deepEqual(await stripLocation(path, copy), { removed: [] })
    t.is(await digest(copy), await digest(path))
  }
  const heic = sharedPhoto(t, 'heic/samplefilehub.heif')
  if (!heic || !requireProgram(t, 'exiftool')) return
  const path = join(folder, 'a.heic')
  await writeFile(path, await readFile(heic))
  await exiftool(
    path,
    '-GPSLatitude=33.5',
    '-GPSLatitudeRef=S',
    '-GPSLongitude=70',
    '-GPSLongitudeRef=W',
    '-XMP:GPSLatitude=33.5',
  )
  t.deepEqual(await cleaned(t, path, join(folder, 'b.heic')), ['EXIF', 'XMP'])
})
