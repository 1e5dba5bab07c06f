import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { kindByBytes, kindOf, type MediaKind } from '../../../src/core/media/kind.ts'
import { photoFormats, samplePhoto, sharedPhoto } from '../../kit/sample-photos.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const box = (brand: string) => `\0\0\0\x18ftyp${brand}\0\0\0\0`
const packets = `G${'\0'.repeat(187)}`.repeat(3)

const heads: Record<string, [head: string, mime: string, type: MediaKind['type']]> = {
  'a.jpg': ['\xff\xd8\xff\xe0', 'image/jpeg', 'photo'],
  'a.png': ['\x89PNG\r\n\x1a\n', 'image/png', 'photo'],
  'a.gif': ['GIF89a', 'image/gif', 'photo'],
  'a.webp': ['RIFF\0\0\0\0WEBPVP8 ', 'image/webp', 'photo'],
  'a.bmp': [`BM${'\0'.repeat(12)}\x28\0\0\0`, 'image/bmp', 'photo'],
  'a.heic': [box('heic'), 'image/heic', 'photo'],
  'a.heif': [box('mif1'), 'image/heif', 'photo'],
  'a.avif': [box('avif'), 'image/avif', 'photo'],
  'a.nef': ['MM\0*\0\0\0\x08', 'image/x-raw-nef', 'photo'],
  'a.cr3': [box('crx '), 'image/x-raw-cr3', 'photo'],
  'a.dng': ['II*\0\x08\0\0\0', 'image/x-adobe-dng', 'photo'],
  'a.mp4': [box('isom'), 'video/mp4', 'video'],
  'a.mov': [box('qt  '), 'video/quicktime', 'video'],
  'old.mov': ['\0\0\0\x08wide\0\0\0\0mdat', 'video/quicktime', 'video'],
  'a.m4v': [box('M4V '), 'video/x-m4v', 'video'],
  'a.3gp': [box('3gp4'), 'video/3gpp', 'video'],
  'a.webm': ['\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm', 'video/webm', 'video'],
  'a.mkv': ['\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x88matroska', 'video/x-matroska', 'video'],
  'a.avi': ['RIFF\0\0\0\0AVI LIST', 'video/x-msvideo', 'video'],
  'a.mts': [packets, 'video/mp2t', 'video'],
  'a.mpg': ['\0\0\x01\xba', 'video/mpeg', 'video'],
  'a.ogg': ['OggS', 'audio/ogg', 'audio'],
  'a.mp3': ['ID3\x03', 'audio/mpeg', 'audio'],
  'bare.mp3': ['\xff\xfb\x90', 'audio/mpeg', 'audio'],
  'a.flac': ['fLaC', 'audio/flac', 'audio'],
  'a.wav': ['RIFF\0\0\0\0WAVE', 'audio/wav', 'audio'],
  'a.m4a': [box('M4A '), 'audio/mp4', 'audio'],
}

for (const [name, [head, mime, type]] of Object.entries(heads))
  test(`${name} is told by its leading bytes to be ${mime}, whatever its name`, async t => {
    const bytes = Buffer.from(head, 'latin1')
    const named = await kindByBytes(bytes, name)
    t.is(named.mime, mime)
    t.is(named.type, type)
    if (!mime.includes('/x-raw') && mime !== 'image/x-adobe-dng')
      t.is((await kindByBytes(bytes, 'photo.txt')).mime, mime)
  })

test('a name alone decides only for kinds that have no leading bytes of their own', async t => {
  const text = Buffer.from('hello')
  t.is((await kindByBytes(text, 'readme.md')).mime, 'text/markdown')
  t.is((await kindByBytes(text, 'drawing.svg')).type, 'photo')
  t.is((await kindByBytes(text, 'holiday.jpg')).type, 'other')
  t.is((await kindByBytes(text, 'program.ts')).type, 'other')
  t.deepEqual(await kindByBytes(text, 'no extension'), {
    type: 'other',
    mime: 'application/octet-stream',
    extension: '',
  })
})

test('photos as sharp writes them are recognised', async t => {
  const folder = await temporaryFolder(t)
  for (const format of photoFormats) {
    const path = join(folder, 'photo')
    await writeFile(path, await samplePhoto(format))
    t.is((await kindOf(path)).mime, `image/${format}`)
  }
})

test('a folder and a missing file are typed errors', async t => {
  const folder = await temporaryFolder(t)
  await mkdir(join(folder, 'sub'))
  await t.throwsAsync(kindOf(join(folder, 'sub')), { code: 'ERR_UNREADABLE_FILE' })
  await t.throwsAsync(kindOf(join(folder, 'gone.jpg')), { code: 'ERR_PATH_NOT_FOUND' })
  await t.throwsAsync(kindOf(folder, { signal: AbortSignal.abort() }), { name: 'AbortError' })
})

test('a real HEIC is one', async t => {
  const path = sharedPhoto(t, 'heic/samplefilehub.heif')
  if (path) t.is((await kindOf(path)).type, 'photo')
})
