import { readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import fc from 'fast-check'
import { P2pShareError } from '../../../src/core/errors.ts'
import { stripLocation } from '../../../src/core/media/location.ts'
import { readMedia } from '../../../src/core/media/metadata.ts'
import { surveyFile } from '../../../src/core/media/survey-file.ts'
import { photoFormats, samplePhoto, xmpPacket, xmpPosition } from '../../kit/sample-photos.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const numRuns = Number(process.env.P2PSHARE_PROPERTY_RUNS ?? 60)
const examples = fileURLToPath(new URL('../../../examples/media/', import.meta.url))

const box = (type: string, ...content: (string | Buffer)[]): Buffer => {
  const data = Buffer.concat(
    content.map(part => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)),
  )
  const head = Buffer.alloc(8)
  head.writeUInt32BE(data.length + 8)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, data])
}

/** Real files of every container, small, each with a position where it can have one. */
async function samples(): Promise<Record<string, Buffer>> {
  const files: Record<string, Buffer> = {}
  for (const format of photoFormats)
    files[`a.${format}`] = await samplePhoto(format, {
      gps: true,
      xmp: xmpPacket(xmpPosition),
      width: 12,
      height: 8,
    })
  const key = box('mdta', 'com.apple.quicktime.location.ISO6709')
  const meta = box(
    'meta',
    box('hdlr', '\0'.repeat(24)),
    box('keys', '\0\0\0\0\0\0\0\x01', key),
    box('ilst', box('\0\0\0\x01', box('data', '\0\0\0\x01\0\0\0\0+48.8584+002.2945/'))),
  )
  files['a.mov'] = Buffer.concat([
    box('ftyp', 'qt  \0\0\0\0'),
    box('moov', meta, box('udta', box('\xa9xyz', '\0\x12\0\0+48.8584+002.2945/'))),
  ])
  files['motion.jpeg'] = Buffer.concat([files['a.jpeg']!, files['a.mov']])
  files['a.mkv'] = Buffer.from(
    '1a45dfa38042868101 18538067b2 1254c367ad 7373aa 67c8a7 45a3884c4f434154494f4e 4487 9a2b34382e383538342b3030322e323934352f2020202020202020'.replaceAll(
      ' ',
      '',
    ),
    'hex',
  )
  const album = readdirSync(join(examples, 'album')).find(name => name.endsWith('.jpg'))!
  files['album.jpg'] = readFileSync(join(examples, 'album', album))
  files['a.avi'] = readFileSync(join(examples, 'zoo.avi')).subarray(0, 30_000)
  return files
}

const damage = fc.record({
  cut: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  changes: fc.array(
    fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 4 }),
    }),
    { maxLength: 6 },
  ),
})

function damaged(
  file: Buffer,
  { cut, changes }: typeof damage extends fc.Arbitrary<infer D> ? D : never,
): Buffer {
  const copy = Buffer.from(file)
  // Headers are where it hurts: most changes go to the start.
  for (const { at, bytes } of changes)
    copy.set(bytes.subarray(0, copy.length), Math.floor(at ** 4 * Math.max(0, copy.length - bytes.length)))
  return cut === null ? copy : copy.subarray(0, Math.floor(cut * copy.length))
}

test('a damaged file is gone through, read and cleaned with a typed error at the worst, and a clean copy is clean', async t => {
  const folder = await temporaryFolder(t, 'damaged')
  const files = await samples()
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...Object.keys(files)), damage, async (name, how) => {
      const path = join(folder, name)
      const copy = join(folder, `${run++}-${name}`)
      await writeFile(path, damaged(files[name]!, how))
      await surveyFile(path)
      // A damaged film can keep its parser busy until it is given up after 5 s: too long for many runs.
      if (!/mov|mkv/.test(name)) await readMedia(path)
      try {
        await stripLocation(path, copy)
        const { survey } = await surveyFile(copy)
        t.deepEqual(survey.findings, [])
      } catch (error) {
        if (!(error instanceof P2pShareError && error.code === 'ERR_LOCATION_NOT_REMOVABLE')) throw error
      }
    }),
    { numRuns },
  )
  t.pass()
})

test('every sample tells a place before, and none after', async t => {
  const folder = await temporaryFolder(t, 'samples')
  for (const [name, bytes] of Object.entries(await samples())) {
    if (name === 'a.avi') continue
    await writeFile(join(folder, name), bytes)
    t.true((await surveyFile(join(folder, name))).survey.findings.length > 0, name)
    t.true((await stripLocation(join(folder, name), join(folder, `clean-${name}`))).removed.length > 0, name)
  }
})

test('bytes of no kind after the magic of each give no more than a doubt', async t => {
  const path = join(await temporaryFolder(t, 'noise'), 'noise')
  const magics = [
    '\xff\xd8\xff\xe1',
    '\x89PNG\r\n\x1a\n',
    'RIFF\xff\xff\0\0WEBP',
    'RIFF\xff\xff\0\0AVI ',
    'II*\0\x08\0\0\0',
    'MM\0*\0\0\0\x08',
    'II+\0\x08\0\0\0',
    'GIF89aXMP DataXMP',
    '\0\0\0\x10ftypheic\0\0\0\0',
    '\0\0\0\x10ftypqt  \0\0\0\0',
    '\x1aE\xdf\xa3\x80',
  ]
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...magics), fc.uint8Array({ maxLength: 600 }), async (magic, noise) => {
      await writeFile(path, Buffer.concat([Buffer.from(magic, 'latin1'), noise]))
      await surveyFile(path)
    }),
    { numRuns: numRuns * 3 },
  )
  t.pass()
})

test('directories and boxes that go in circles, or by the million, end soon', async t => {
  const folder = await temporaryFolder(t, 'circles')
  const circle = Buffer.alloc(200)
  circle.write('II*\0\x08\0\0\0', 'latin1')
  circle.writeUInt16LE(1, 8)
  circle.writeUInt16LE(0x8769, 10)
  circle.writeUInt16LE(4, 12)
  circle.writeUInt32LE(1, 14)
  circle.writeUInt32LE(8, 18)
  circle.writeUInt32LE(8, 22)
  await writeFile(join(folder, 'circle.tif'), circle)
  await surveyFile(join(folder, 'circle.tif'))
  const nested = Array.from({ length: 5000 }).reduce<Buffer>(inner => box('mpvd', inner), Buffer.alloc(0))
  await writeFile(join(folder, 'nested.mp4'), Buffer.concat([box('ftyp', 'isom\0\0\0\0'), nested]))
  t.true((await surveyFile(join(folder, 'nested.mp4'))).survey.doubts.length > 0)
  const many = Buffer.concat([
    box('ftyp', 'isom\0\0\0\0'),
    box('moov', Buffer.concat(Array.from({ length: 200_000 }, () => box('free')))),
  ])
  await writeFile(join(folder, 'many.mp4'), many)
  await surveyFile(join(folder, 'many.mp4'))
  t.pass()
})

test('a film of four gigabytes is gone through in an instant', async t => {
  const path = join(await temporaryFolder(t, 'large'), 'large.mp4')
  const head = Buffer.alloc(16)
  head.writeUInt32BE(1)
  head.write('mdat', 4)
  head.writeBigUInt64BE(4n * 1024n ** 3n, 8)
  const { open } = await import('node:fs/promises')
  const file = await open(path, 'w')
  await file.write(Buffer.concat([box('ftyp', 'isom\0\0\0\0'), head]))
  const at = 16 + 4 * 1024 ** 3
  await file.write(box('moov', box('udta', box('\xa9xyz', '\0\x12\0\0+48.8584+002.2945/'))), 0, undefined, at)
  await file.close()
  const { survey } = await surveyFile(path)
  t.deepEqual(
    survey.findings.map(({ holder }) => holder),
    ['QuickTime'],
  )
})
