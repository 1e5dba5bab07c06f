import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import sharp from 'sharp'
import { makePoster } from '../../../src/core/media/poster.ts'
import { requireProgram } from '../../kit/external.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const box = { maxWidth: 100, maxHeight: 100 }
const film = fileURLToPath(new URL('../../../examples/media/zoo.avi', import.meta.url))

test('a film gives a poster of its picture', async t => {
  if (!requireProgram(t, 'ffmpeg')) return
  const { width, height, format } = await sharp((await makePoster(film, box))!).metadata()
  t.deepEqual([width, height, format], [100, 63, 'webp'])
})

test('a film shorter than the asked time gives its first frame', async t => {
  if (!requireProgram(t, 'ffmpeg')) return
  t.truthy(await makePoster(film, { ...box, atMs: 60_000 }))
})

test('without ffmpeg there is no poster, and no error', async t => {
  t.is(await makePoster(film, { ...box, ffmpeg: 'no-such-program-anywhere' }), undefined)
})

test('a playlist that is named as a film is not followed', async t => {
  if (!requireProgram(t, 'ffmpeg')) return
  const path = join(await temporaryFolder(t), 'list.avi')
  await writeFile(path, `#EXTM3U\n#EXTINF:1,\nfile://${film}\n`)
  t.is(await makePoster(path, box), undefined)
  await writeFile(path, `RIFF\0\0\0\0AVI \n#EXTM3U\n#EXTINF:1,\nfile://${film}\n`)
  t.is(await makePoster(path, box), undefined)
})

test('an aborted poster ends the program that makes it', async t => {
  const program = join(await temporaryFolder(t), 'slow')
  await writeFile(program, '#!/bin/sh\nexec sleep 60\n')
  await chmod(program, 0o755)
  const controller = new AbortController()
  const poster = makePoster(film, { ...box, ffmpeg: program, signal: controller.signal })
  setImmediate(() => controller.abort(new Error('enough')))
  await t.throwsAsync(poster, { message: 'enough' })
})
