import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import sharp from 'sharp'
import { makeThumbnail } from '../../../src/core/media/thumbnail.ts'
import { photoFormats, samplePhoto, sharedPhoto, xmpPacket, xmpPosition } from '../../kit/sample-photos.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const box = { maxWidth: 30, maxHeight: 30 }

test('a thumbnail of every format fits its box, is upright, and carries no metadata', async t => {
  const path = join(await temporaryFolder(t), 'photo')
  for (const format of photoFormats) {
    await writeFile(
      path,
      await samplePhoto(format, { gps: true, orientation: 6, xmp: xmpPacket(xmpPosition) }),
    )
    const { width, height, format: made, exif, xmp } = await sharp(await makeThumbnail(path, box)).metadata()
    t.deepEqual([width, height, made, exif, xmp], [20, 30, 'webp', undefined, undefined], format)
  }
})

test('each orientation turns the picture to where its top is up', async t => {
  const path = join(await temporaryFolder(t), 'photo.jpg')
  const upright = sharp({ create: { width: 40, height: 40, channels: 3, background: 'white' } }).composite([
    { input: { create: { width: 40, height: 20, channels: 3, background: 'red' } }, top: 0, left: 0 },
  ])
  const pixels = await upright.png().toBuffer()
  for (const [orientation, turn] of [
    [1, 0],
    [3, 180],
    [6, 270],
    [8, 90],
  ] as const) {
    await sharp(pixels).rotate(turn).jpeg().withMetadata({ orientation }).toFile(path)
    const raw = await sharp(await makeThumbnail(path, box))
      .raw()
      .toBuffer()
    t.true(raw[0]! > 200 && raw[1]! < 60, `top of ${orientation}`)
    t.true(raw.at(-1)! > 200 && raw.at(-2)! > 200, `bottom of ${orientation}`)
  }
})

test('a small photo is not made larger', async t => {
  const path = join(await temporaryFolder(t), 'photo')
  await writeFile(path, await samplePhoto('png'))
  const { width } = await sharp(await makeThumbnail(path, { maxWidth: 500, maxHeight: 500 })).metadata()
  t.is(width, 90)
})

test('a photo cut short still gives a thumbnail', async t => {
  const path = join(await temporaryFolder(t), 'photo.jpg')
  const photo = await samplePhoto('jpeg', { width: 300, height: 300 })
  await writeFile(path, photo.subarray(0, photo.length / 2))
  t.truthy(await makeThumbnail(path, box))
})

test('what is no photo, or claims more pixels than any camera has, is a typed error', async t => {
  const folder = await temporaryFolder(t)
  const bomb = await samplePhoto('png')
  bomb.writeUInt32BE(100_000, 16)
  bomb.writeUInt32BE(100_000, 20)
  const files = { 'bomb.png': bomb, 'a.txt': 'hello', 'a.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>' }
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, name), content)
    await t.throwsAsync(makeThumbnail(join(folder, name), box), { code: 'ERR_INVALID_MEDIA' }, name)
  }
})

test('an aborted thumbnail rejects with the reason', async t => {
  const path = join(await temporaryFolder(t), 'photo')
  await writeFile(path, await samplePhoto('jpeg'))
  await t.throwsAsync(makeThumbnail(path, { ...box, signal: AbortSignal.abort() }), { name: 'AbortError' })
})

test('real photos of every orientation come out upright', async t => {
  for (const [name, isTall] of Object.entries({
    landscape_1: false,
    landscape_3: false,
    landscape_6: false,
    landscape_8: false,
    portrait_6: true,
  })) {
    const path = sharedPhoto(t, `jpg/orientation/${name}.jpg`)
    if (!path) return
    const { width, height } = await sharp(await makeThumbnail(path, box)).metadata()
    t.is(height > width, isTall, name)
  }
})
