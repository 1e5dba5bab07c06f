import { readdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { cleanCopies } from '../../../src/core/media/clean-copies.ts'
import { hasLocation } from '../../../src/core/media/location.ts'
import type { SourceFile } from '../../../src/core/torrent/source-file.ts'
import { samplePhoto } from '../../kit/sample-photos.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

async function album(
  t: ExecutionContext,
  contents: Record<string, Uint8Array | string>,
): Promise<{ files: SourceFile[]; folder: string }> {
  const source = await temporaryFolder(t, 'album')
  const files: SourceFile[] = []
  for (const [name, content] of Object.entries(contents)) {
    const path = join(source, name)
    await writeFile(path, content)
    await utimes(path, 1_700_000_000, 1_700_000_000)
    files.push({
      source: path,
      path: [name],
      sizeBytes: (await stat(path)).size,
      modifiedMs: (await stat(path)).mtimeMs,
    })
  }
  return { files, folder: join(await temporaryFolder(t, 'clean'), 'copies') }
}

const photos = async () => ({
  'here.jpg': await samplePhoto('jpeg', { gps: true }),
  'nowhere.jpg': await samplePhoto('jpeg'),
  'note.txt': 'hello',
})

test('only files that tell a place are copied, and keep their place in the torrent', async t => {
  const { files, folder } = await album(t, await photos())
  const progress: number[] = []
  const cleaned = await cleanCopies(files, folder, {
    onProgress: ({ filesDone }) => progress.push(filesDone),
  })
  t.deepEqual(cleaned.slice(1), files.slice(1))
  t.deepEqual(cleaned[0]!.path, ['here.jpg'])
  t.not(cleaned[0]!.source, files[0]!.source)
  const { size, mtimeMs } = await stat(cleaned[0]!.source)
  t.deepEqual([cleaned[0]!.sizeBytes, cleaned[0]!.modifiedMs], [size, mtimeMs])
  t.false(await hasLocation(cleaned[0]!.source))
  t.true(await hasLocation(files[0]!.source))
  t.is((await readdir(folder)).length, 1)
  t.deepEqual(progress, [1, 2, 3])
})

test('a second run gives the same copies without writing them again', async t => {
  const { files, folder } = await album(t, await photos())
  const first = await cleanCopies(files, folder)
  const before = await stat(first[0]!.source)
  t.deepEqual(await cleanCopies(files, folder), first)
  t.is((await stat(first[0]!.source)).ino, before.ino)
})

test('a copy that was damaged, or replaced by a link, is made again', async t => {
  const { files, folder } = await album(t, await photos())
  const [first] = await cleanCopies(files, folder)
  const content = await readFile(first!.source)
  for (const damage of [content.subarray(1), Buffer.concat([content, content]), files[0]!.source]) {
    const { rm } = await import('node:fs/promises')
    await rm(first!.source)
    if (typeof damage === 'string') await symlink(damage, first!.source)
    else await writeFile(first!.source, damage)
    t.deepEqual(await cleanCopies(files, folder), await cleanCopies(files, folder))
    t.deepEqual(await readFile(first!.source), content)
    t.true(await hasLocation(files[0]!.source))
  }
  t.is((await readdir(folder)).length, 1)
})

test('every file that cannot be cleaned is named at once', async t => {
  const { files, folder } = await album(t, {
    ...(await photos()),
    'a.nef': await samplePhoto('tiff'),
    'b.psd': '8BPS',
  })
  const error = await t.throwsAsync(cleanCopies(files, folder), { code: 'ERR_LOCATION_NOT_REMOVABLE' })
  t.regex(error!.message, /a\.nef/)
  t.regex(error!.message, /b\.psd/)
  t.notRegex(error!.message, /here\.jpg/)
})

test('a file that changed since it was found is not shared', async t => {
  const { files, folder } = await album(t, await photos())
  await writeFile(files[0]!.source, 'another')
  await t.throwsAsync(cleanCopies(files, folder), { code: 'ERR_SOURCE_CHANGED' })
})

test('an abort ends it, and leaves no half copy', async t => {
  const { files, folder } = await album(t, await photos())
  const controller = new AbortController()
  const onProgress = () => controller.abort()
  await t.throwsAsync(cleanCopies(files, folder, { signal: controller.signal, onProgress }), {
    name: 'AbortError',
  })
  t.false((await readdir(folder)).some(name => name.endsWith('.tmp')))
})
