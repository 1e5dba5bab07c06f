import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { createTorrent, magnetLink } from '../../../src/core/index.ts'
import { writeSampleFile } from '../../kit/sample-files.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'
import { waitUntil } from '../../kit/wait-until.ts'
import { startWatching } from '../../kit/watch.ts'

test('a .torrent or .magnet file that is dropped in is fetched, once', async t => {
  const away = await temporaryFolder(t)
  const one = await createTorrent(await writeSampleFile(join(away, 'one.avi'), 50_000))
  const two = await createTorrent(await writeSampleFile(join(away, 'two.avi'), 50_000))
  const { root, home, shelf, holds, problems, stop, created } = await startWatching(t)
  await writeFile(join(root, 'one.torrent'), one.bytes)
  await writeFile(join(root, 'two.magnet'), `${magnetLink(two.metainfo)}\n`)
  await holds('one.avi', 'two.avi')
  t.true(shelf.items().every(({ entry }) => entry.source.kind === 'get'))
  t.is(created(), 0, 'the files themselves are no clips')

  for (const item of shelf.items()) await shelf.remove(item)
  await rename(join(root, 'one.torrent'), join(root, 'renamed.torrent'))
  await stop()
  const again = await startWatching(t, { root, home })
  await writeSampleFile(join(root, 'clip.avi'), 50_000)
  await again.seeded('clip.avi')
  await again.holds('clip.avi')
  t.deepEqual([...problems, ...again.problems], [])
})

test('one that cannot be used is told of once in each run, and what was fetched outlives its file', async t => {
  const away = await temporaryFolder(t)
  const good = await createTorrent(await writeSampleFile(join(away, 'good.avi'), 50_000))
  const { root, home, holds, problems, stop } = await startWatching(t)
  await writeFile(join(root, 'bad.torrent'), 'no torrent at all')
  await writeFile(join(root, 'bad.magnet'), 'http://zoo.example.org/\n')
  await writeFile(join(root, 'good.torrent'), good.bytes)
  await holds('good.avi')
  await waitUntil('both are told of', () => problems.length >= 2)
  await rm(join(root, 'good.torrent'))
  await stop()
  const again = await startWatching(t, { root, home })
  await writeSampleFile(join(root, 'clip.avi'), 50_000)
  await again.seeded('clip.avi')
  await again.holds('clip.avi', 'good.avi')
  await waitUntil(
    'both are told of again, for they are still to be put right',
    () => again.problems.length >= 2,
  )
  for (const told of [problems, again.problems])
    t.is(told.filter(problem => problem.includes('bad.')).length, 2)
})
