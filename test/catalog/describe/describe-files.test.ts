import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import sharp from 'sharp'
import { describeFiles } from '../../../src/catalog/describe/describe-files.ts'
import { posterOfFile } from '../../../src/catalog/describe/poster.ts'
import { sectionOfNames } from '../../../src/catalog/describe/section-of.ts'
import { maxPosterBytes } from '../../../src/catalog/listing/fields.ts'
import { scanFiles } from '../../../src/core/index.ts'
import { requireProgram } from '../../kit/external.ts'
import { writeSampleFile } from '../../kit/sample-files.ts'
import { ffmpeg, samplePhoto } from '../../kit/sample-photos.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

async function describe(path: string) {
  return describeFiles((await scanFiles([path])).files)
}

async function album(t: ExecutionContext, files: Record<string, Uint8Array>): Promise<string> {
  const folder = join(await temporaryFolder(t), 'trip')
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), bytes)
  }
  return folder
}

test('an album tells how many photos it has, the largest as it is seen, the day, and shows one', async t => {
  const folder = await album(t, {
    'a.jpg': await samplePhoto('jpeg', { width: 90, height: 60 }),
    'b.jpg': await samplePhoto('jpeg', { width: 200, height: 100, orientation: 6, gps: true }),
    'c/d.png': await samplePhoto('png', { width: 50, height: 50 }),
    'notes.txt': Buffer.from('lions'),
  })
  const { poster, ...facts } = await describe(folder)
  t.like(facts, {
    section: 'photos',
    fileCount: 4,
    createdAt: '2024-05-06',
    media: { width: 100, height: 200, photoCount: 3 },
  })
  t.is(facts.media?.durationMs, undefined)
  const { format, width, height, exif, xmp } = await sharp(poster).metadata()
  t.deepEqual({ format, width, height }, { format: 'webp', width: 90, height: 60 })
  t.is(exif ?? xmp, undefined)
})

test('no place is in what a photo is described by', async t => {
  const path = join(await temporaryFolder(t), 'lion.jpg')
  await writeFile(path, await samplePhoto('jpeg', { gps: true }))
  const { poster, ...facts } = await describe(path)
  t.notRegex(JSON.stringify(facts), /position|latitude|33\.8|70\.5/)
  t.false(Buffer.from(poster!).includes('GPS'))
  t.false(Buffer.from(poster!).includes('Exif'))
})

test('a film tells its length and dimensions, and shows a frame that is not black', async t => {
  if (!requireProgram(t, 'ffmpeg')) return
  const path = join(await temporaryFolder(t), 'lion.mp4')
  const filters = 'color=black:s=320x180:r=10:d=2[a];testsrc2=s=320x180:r=10:d=4[b];[a][b]concat=n=2'
  await ffmpeg('-f', 'lavfi', '-i', filters, '-pix_fmt', 'yuv420p', path)
  const { section, media, poster } = await describe(path)
  t.is(section, 'video')
  t.like(media, { width: 320, height: 180, videoCount: 1 })
  t.true(Math.abs(media!.durationMs! - 6_000) < 200)
  const { channels } = await sharp(poster).stats()
  t.true(channels.some(({ stdev }) => stdev > 20))
})

test('a poster fits its bounds whatever the picture is', async t => {
  const path = join(await temporaryFolder(t), 'noise.png')
  const noise = { width: 1_400, height: 1_000, channels: 3 as const, background: '#000' }
  const picture = sharp({ create: { ...noise, noise: { type: 'gaussian', mean: 128, sigma: 90 } } })
  await writeFile(path, await picture.png().toBuffer())
  const poster = await posterOfFile(path)
  const { format, width, height } = await sharp(poster).metadata()
  t.is(format, 'webp')
  t.true(poster.length <= maxPosterBytes)
  t.true(width <= 640 && height <= 640)
})

test('what no poster can be made of is refused by name', async t => {
  const path = await writeSampleFile(join(await temporaryFolder(t), 'lion.jpg'), 1_000)
  const error = await t.throwsAsync(posterOfFile(path), { code: 'ERR_INVALID_MEDIA' })
  t.true(error?.message.includes('lion.jpg'))
})

test('files that are neither photo nor film are described as well as they can be', async t => {
  const path = await writeSampleFile(join(await temporaryFolder(t), 'data.bin'), 1_000)
  const described = await describe(path)
  t.deepEqual(described, {
    section: 'other',
    sizeBytes: 1_000,
    fileCount: 1,
    media: undefined,
    createdAt: undefined,
    poster: undefined,
  })
})

test('the section is what most bytes are', async t => {
  const sectionOf = (files: Record<string, number>) =>
    sectionOfNames(Object.entries(files).map(([name, sizeBytes]) => ({ name, sizeBytes })))
  t.is(await sectionOf({ 'film.mkv': 900, 'cover.jpg': 50, 'film.srt': 20 }), 'video')
  t.is(await sectionOf({ 'one.flac': 300, 'two.mp3': 300, 'booklet.pdf': 100 }), 'music')
  t.is(await sectionOf({ 'a.jpg': 10, 'b.png': 10 }), 'photos')
  t.is(await sectionOf({ 'debian.iso': 900, SHA256SUMS: 1 }), 'software')
  t.is(await sectionOf({ 'book.epub': 900, 'cover.jpg': 20 }), 'other')
  t.is(await sectionOf({ empty: 0 }), 'other')
})
