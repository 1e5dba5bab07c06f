import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { eraseFiles } from '../../../src/swarm/content/erase-files.ts'
import { stampOf } from '../../../src/swarm/store/file-stamp.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

async function own(location: string) {
  await mkdir(join(location, '..'), { recursive: true })
  await writeFile(location, 'ours')
  return { location, stamp: await stampOf(location) }
}

test('files and the folders that are empty then are gone, others stay', async t => {
  const root = await temporaryFolder(t)
  const top = join(root, 'album')
  const files = [
    await own(join(top, 'a', 'b', 'c', '1')),
    await own(join(top, 'a', '2')),
    await own(join(top, 'd', '3')),
  ]
  await writeFile(join(top, 'd', 'mine'), 'mine')
  t.deepEqual(await eraseFiles(files, top), [])
  t.deepEqual(await readdir(root), ['album'])
  t.deepEqual(await readdir(top), ['d'])
  t.deepEqual(await readdir(join(top, 'd')), ['mine'])
})

test('the folder above the top is never deleted, though it is empty', async t => {
  const root = await temporaryFolder(t)
  t.deepEqual(await eraseFiles([await own(join(root, 'album', '1'))], join(root, 'album')), [])
  t.deepEqual(await readdir(root), [])
  t.deepEqual(await eraseFiles([await own(join(root, 'clip.avi'))], undefined), [])
  t.deepEqual(await readdir(root), [])
})

test('a file without a stamp, a changed one and a link stay', async t => {
  const root = await temporaryFolder(t)
  const target = await own(join(root, 'elsewhere'))
  const changed = await own(join(root, 'album', 'changed'))
  await writeFile(changed.location, 'no longer ours')
  const unknown = { ...(await own(join(root, 'album', 'unknown'))), stamp: undefined }
  const link = { location: join(root, 'album', 'link'), stamp: target.stamp }
  await symlink(target.location, link.location)
  t.deepEqual(await eraseFiles([changed, unknown, link], join(root, 'album')), [
    changed.location,
    unknown.location,
    link.location,
  ])
  t.deepEqual((await readdir(root)).sort(), ['album', 'elsewhere'])
})

test('nothing is deleted below a folder that is a link', async t => {
  const root = await temporaryFolder(t)
  const file = await own(join(root, 'elsewhere', 'x', '1'))
  await mkdir(join(root, 'album'))
  await symlink(join(root, 'elsewhere'), join(root, 'album', 'in'))
  const through = { location: join(root, 'album', 'in', 'x', '1'), stamp: file.stamp }
  t.deepEqual(await eraseFiles([through], join(root, 'album')), [through.location])
  t.deepEqual(await readdir(join(root, 'elsewhere', 'x')), ['1'])
})

test('what is gone already is passed over', async t => {
  const root = await temporaryFolder(t)
  t.deepEqual(await eraseFiles([{ location: join(root, 'x', 'y'), stamp: undefined }], join(root, 'x')), [])
})
