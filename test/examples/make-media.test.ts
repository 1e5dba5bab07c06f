import { execFile } from 'node:child_process'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import test from 'ava'
import { hasLocation } from '../../src/core/media/location.ts'
import { readMedia } from '../../src/core/media/metadata.ts'
import { requireProgram } from '../kit/external.ts'
import { digests } from '../kit/sample-files.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'

const run = promisify(execFile)
const path = (name: string) => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url))

test('the album has a date and a camera on every photo, a place on two, and all is under 2 MB', async t => {
  const names = (await readdir(path('media/album'), { recursive: true })).filter(name =>
    name.endsWith('.jpg'),
  )
  let places = 0
  let sizeBytes = (await stat(path('media/zoo.avi'))).size
  for (const name of names) {
    const photo = join(path('media/album'), name)
    const { camera, takenAt, warnings } = await readMedia(photo)
    t.deepEqual([camera, takenAt?.slice(0, 10), warnings], ['p2pshare Paper Zoo', '2026-05-16', []])
    if (await hasLocation(photo)) places++
    sizeBytes += (await stat(photo)).size
  }
  t.deepEqual([names.length, places], [8, 2])
  t.true(sizeBytes < 2_000_000)
})

test('the clip plays in ffmpeg from its first to its last frame', async t => {
  if (!requireProgram(t, 'ffmpeg')) return
  const { stdout, stderr } = await run('ffmpeg', [
    '-v',
    'error',
    '-i',
    path('media/zoo.avi'),
    '-f',
    'framemd5',
    '-',
  ])
  t.is(stderr, '')
  t.is(stdout.split('\n').filter(line => line.startsWith('0,')).length, 75)
})

test('the script draws the same files every time', async t => {
  const [one, two] = [await temporaryFolder(t, 'media'), await temporaryFolder(t, 'media')]
  await run(process.execPath, [path('make-media.ts'), one])
  await run(process.execPath, [path('make-media.ts'), two])
  t.deepEqual(await digests(one), await digests(two))
  t.deepEqual(Object.keys(await digests(one)), Object.keys(await digests(path('media'))))
})
