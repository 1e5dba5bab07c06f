import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { readMedia } from '../../../src/core/media/metadata.ts'
import { requireProgram } from '../../kit/external.ts'
import {
  ffmpeg,
  photoFormats,
  samplePhoto,
  samplePosition,
  sharedPhoto,
  xmpPacket,
  xmpPosition,
} from '../../kit/sample-photos.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const taken = { takenAt: '2024-05-06T07:08:09+02:00', camera: 'Acme One' }

for (const format of photoFormats.filter(name => name !== 'tiff'))
  test(`a ${format} tells its size, date, camera, orientation and place`, async t => {
    const path = join(await temporaryFolder(t), 'photo')
    await writeFile(path, await samplePhoto(format, { gps: true, orientation: 6 }))
    const { position, ...facts } = await readMedia(path)
    t.deepEqual(facts, { ...taken, width: 90, height: 60, orientation: 6, warnings: [] })
    t.true(Math.abs(position!.latitude - samplePosition.latitude) < 1e-5)
    t.true(Math.abs(position!.longitude - samplePosition.longitude) < 1e-5)
  })

test('a position that only XMP tells is found', async t => {
  const path = join(await temporaryFolder(t), 'photo')
  for (const format of photoFormats) {
    await writeFile(path, await samplePhoto(format, { xmp: xmpPacket(xmpPosition) }))
    t.deepEqual((await readMedia(path)).position, { latitude: -33 - 51.5 / 60, longitude: -70.5 }, format)
  }
})

test('GIF and BMP tell their size', async t => {
  const folder = await temporaryFolder(t)
  const { default: sharp } = await import('sharp')
  await writeFile(
    join(folder, 'a.gif'),
    await sharp(await samplePhoto('png'))
      .gif()
      .toBuffer(),
  )
  const bitmap = Buffer.alloc(54)
  bitmap.write('BM')
  bitmap.writeUInt32LE(40, 14)
  bitmap.writeInt32LE(90, 18)
  bitmap.writeInt32LE(-60, 22)
  await writeFile(join(folder, 'a.bmp'), bitmap)
  for (const name of ['a.gif', 'a.bmp'])
    t.deepEqual(await readMedia(join(folder, name)), { width: 90, height: 60, warnings: [] })
})

test('broken EXIF is a warning, and the rest is still told', async t => {
  const path = join(await temporaryFolder(t), 'a.jpg')
  const photo = await samplePhoto('jpeg')
  photo.fill(0xee, photo.indexOf('Exif\0\0') + 6, photo.indexOf('Exif\0\0') + 12)
  await writeFile(path, photo)
  const { width, height, warnings } = await readMedia(path)
  t.deepEqual([width, height], [90, 60])
  t.deepEqual(warnings, ['its EXIF is broken'])
})

test('text, and an empty file, tell nothing; a missing file is an error', async t => {
  const folder = await temporaryFolder(t)
  await writeFile(join(folder, 'a.txt'), 'hello')
  await writeFile(join(folder, 'a.jpg'), '')
  t.deepEqual(await readMedia(join(folder, 'a.txt')), { warnings: [] })
  t.deepEqual(await readMedia(join(folder, 'a.jpg')), { warnings: [] })
  await t.throwsAsync(readMedia(join(folder, 'gone.jpg')), { code: 'ERR_PATH_NOT_FOUND' })
  await t.throwsAsync(readMedia(join(folder, 'a.txt'), { signal: AbortSignal.abort() }), {
    name: 'AbortError',
  })
})

test('the AVI of the examples tells its size and its length', async t => {
  const path = fileURLToPath(new URL('../../../examples/media/zoo.avi', import.meta.url))
  t.deepEqual(await readMedia(path), { width: 320, height: 200, durationMs: 5000, warnings: [] })
})

const films: Record<string, string[]> = {
  'a.mp4': ['-c:v', 'mpeg4'],
  'a.mov': ['-c:v', 'mpeg4'],
  'fragmented.mp4': ['-c:v', 'mpeg4', '-movflags', 'frag_keyframe+empty_moov'],
  'a.mkv': ['-c:v', 'mpeg4'],
  'a.webm': ['-c:v', 'libvpx'],
  'a.avi': ['-c:v', 'mjpeg'],
  'a.ts': ['-c:v', 'libx264'],
}

for (const [name, args] of Object.entries(films))
  test(`the film ${name} tells its size and its length`, async t => {
    if (!requireProgram(t, 'ffmpeg')) return
    const path = join(await temporaryFolder(t), name)
    await ffmpeg(
      '-f',
      'lavfi',
      '-i',
      'testsrc=s=64x48:d=2:r=25',
      ...args,
      '-metadata',
      'creation_time=2024-05-06T07:08:09Z',
      path,
    )
    const { width, height, durationMs, takenAt } = await readMedia(path)
    t.deepEqual([width, height], [64, 48])
    t.true(Math.abs(durationMs! - 2000) <= 50, `${durationMs} ms`)
    if (/mp4|mov/.test(name)) t.is(takenAt, '2024-05-06T07:08:09.000Z')
  })

for (const [name, codec] of Object.entries({
  'a.mp3': 'libmp3lame',
  'a.flac': 'flac',
  'a.wav': 'pcm_s16le',
  'a.m4a': 'aac',
  'a.ogg': 'libvorbis',
}))
  test(`the sound ${name} tells its length`, async t => {
    if (!requireProgram(t, 'ffmpeg')) return
    const path = join(await temporaryFolder(t), name)
    await ffmpeg('-f', 'lavfi', '-i', 'sine=d=2', '-c:a', codec, path)
    t.true(Math.abs((await readMedia(path)).durationMs! - 2000) <= 100)
  })

test('a real photo tells where it was taken, east and north of Greenwich', async t => {
  const path = sharedPhoto(t, 'jpg/gps/DSCN0010.jpg')
  if (!path) return
  const { position, ...facts } = await readMedia(path)
  t.deepEqual(facts, {
    ...{ takenAt: '2008-10-22T16:28:39', camera: 'NIKON COOLPIX P6000' },
    ...{ width: 640, height: 480, orientation: 1, warnings: [] },
  })
  t.is(position!.latitude.toFixed(4), '43.4674')
  t.is(position!.longitude.toFixed(4), '11.8851')
})

test('real photos of every orientation, HEIC, TIFF and damaged ones are read', async t => {
  const expected: Record<string, object> = {
    'jpg/orientation/landscape_1.jpg': { width: 600, height: 450, orientation: 1 },
    'jpg/orientation/landscape_3.jpg': { width: 600, height: 450, orientation: 3 },
    'jpg/orientation/landscape_8.jpg': { width: 450, height: 600, orientation: 8 },
    'jpg/orientation/portrait_6.jpg': { width: 600, height: 450, orientation: 6 },
    'jpg/invalid/image01551.jpg': { width: 61, height: 58 },
    'heic/samplefilehub.heif': { width: 640, height: 426, orientation: 1 },
    'tiff/Arbitro.tiff': { width: 174, height: 38, orientation: 1 },
  }
  for (const [name, facts] of Object.entries(expected)) {
    const path = sharedPhoto(t, name)
    if (path) t.like(await readMedia(path), { ...facts, warnings: [] })
  }
})
