import { type WatchListener, type WatchOptionsWithStringEncoding, watch as watchFolder } from 'node:fs'
import { appendFile, mkdir, rename, rm, symlink, unlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { watchedForm } from '../../../src/box/config/box-config.ts'
import type { Item } from '../../../src/box/shelf/item.ts'
import type { Shelf } from '../../../src/box/shelf/shelf.ts'
import { digests, sameContent, sampleBytes, writeSampleFile } from '../../kit/sample-files.ts'
import { addressOf, startSwarm } from '../../kit/swarm.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'
import { waitUntil } from '../../kit/wait-until.ts'
import { startWatching } from '../../kit/watch.ts'

test('a clip that is dropped in is shared, and others can fetch it', async t => {
  const { root, seeded, shelf, swarm } = await startWatching(t)
  const clip = await writeSampleFile(join(root, 'lions.avi'), 300_000)
  const item = await seeded('lions.avi')
  t.is(item.entry.origin, `watch:${root}`)
  t.is(shelf.items().length, 1)
  const out = await temporaryFolder(t)
  const other = await startSwarm(t)
  const fetched = await other.get(item.transfer!.magnetLink, { out, peers: [addressOf(swarm)] })
  await fetched.finished()
  await sameContent(t, join(out, 'lions.avi'), clip)
})

test('a file that is copied slowly is not hashed before it has stopped changing', async t => {
  const { root, set, watch, created, seeded } = await startWatching(t, { settings: { settle: '1h' } })
  const path = join(root, 'slow.avi')
  await writeFile(path, sampleBytes(100_000))
  const isNoticed = () => t.throws(() => watch.sharesAt(path), { message: /not shared yet/ })
  await waitUntil('it is noticed', () => {
    try {
      watch.sharesAt(path)
    } catch (error) {
      return /not shared yet/.test((error as Error).message)
    }
    return false
  })
  await appendFile(path, sampleBytes(50_000))
  isNoticed()
  t.is(created(), 0)
  await set({ settle: 0.05 })
  const item = await seeded('slow.avi')
  t.is(item.transfer?.metainfo?.sizeBytes, 150_000)
  t.is(watch.sharesAt(path)[0]?.item, item)
})

test('a folder is one album, without what is hidden, litter, unfinished or a link', async t => {
  const elsewhere = await writeSampleFile(join(await temporaryFolder(t), 'secret.jpg'), 5_000)
  const { root, seeded, holds, watch } = await startWatching(t)
  const album = join(root, 'zoo')
  await writeSampleFile(join(album, 'a.jpg'), 20_000)
  await writeSampleFile(join(album, 'day 2/b.jpg'), 30_000)
  for (const name of ['.hidden.jpg', 'Thumbs.db', 'c.avi.part', 'd.crdownload', 'e.tmp'])
    await writeSampleFile(join(album, name), 4_000)
  await symlink(elsewhere, join(album, 'link.jpg'))
  await symlink(elsewhere, join(root, 'link.jpg'))
  await symlink(join(elsewhere, '..'), join(root, 'linked'))
  await writeSampleFile(join(root, 'clip.avi.part'), 9_000)
  const item = await seeded('zoo')
  t.deepEqual(
    item.transfer?.metainfo?.files.filter(({ isPad }) => !isPad).map(({ path }) => path),
    ['zoo/a.jpg', 'zoo/day 2/b.jpg'],
  )
  await rename(join(root, 'clip.avi.part'), join(root, 'clip.avi'))
  await seeded('clip.avi')
  await holds('zoo', 'clip.avi')
  t.is(watch.sharesAt(join(album, 'day 2/b.jpg'))[0]?.item, item, 'a file in an album is of the album')
  t.is(watch.sharesAt(root).length, 2, 'a watched folder is all that is in it')
  t.throws(() => watch.sharesAt(elsewhere), { code: 'ERR_NO_SUCH_TRANSFER' })
})

test('what is renamed or moved stays the same torrent, is not hashed again, and is served from its new place', async t => {
  const { root, seeded, created, shelf, swarm, watch } = await startWatching(t)
  await writeSampleFile(join(root, 'lions.avi'), 200_000)
  await writeSampleFile(join(root, 'zoo/a.jpg'), 20_000)
  await writeSampleFile(join(root, 'zoo/b.jpg'), 30_000)
  const clip = await seeded('lions.avi')
  const album = await seeded('zoo')
  t.is(created(), 2)

  await rename(join(root, 'lions.avi'), join(root, 'big cats.avi'))
  await rename(join(root, 'zoo'), join(root, 'day at the zoo'))
  await mkdir(join(root, 'day at the zoo/best'))
  await rename(join(root, 'day at the zoo/b.jpg'), join(root, 'day at the zoo/best/b.jpg'))
  const isAt = (path: string, item: unknown) => () => {
    try {
      return watch.sharesAt(path)[0]?.item === item
    } catch {
      return false
    }
  }
  await waitUntil('the clip has moved', isAt(join(root, 'big cats.avi'), clip))
  await waitUntil('the album has moved', async () => {
    const files = await shelf.sources(album)
    return files.some(({ source }) => source === join(root, 'day at the zoo/best/b.jpg'))
  })
  t.is(shelf.items().length, 2)
  const out = await temporaryFolder(t)
  const other = await startSwarm(t)
  for (const item of [clip, album]) {
    const fetched = await other.get(item.transfer!.magnetLink, { out, peers: [addressOf(swarm)] })
    await fetched.finished()
  }
  await sameContent(t, join(out, 'lions.avi'), join(root, 'big cats.avi'))
  t.deepEqual(Object.keys(await digests(join(out, 'zoo'))), ['a.jpg', 'b.jpg'])
  t.is(created(), 2, 'nothing was hashed again')
})

test('what is moved from one watched folder into another stays the same torrent', async t => {
  const { root, watch, seeded, shelf, created } = await startWatching(t)
  const other = await temporaryFolder(t, 'other')
  await watch.apply([root, other].map(path => watchedForm.parse({ path, settle: 0.05 })))
  await writeSampleFile(join(root, 'zoo/a.jpg'), 20_000)
  const album = await seeded('zoo')
  await rename(join(root, 'zoo'), join(other, 'zoo'))
  await isReadFrom(shelf, album, join(other, 'zoo/a.jpg'))
  t.deepEqual(shelf.items(), [album])
  t.is(created(), 1)
})

test('what is moved into a watched folder that is slow to notice is not hashed again', async t => {
  const other = await temporaryFolder(t, 'other')
  const slowly = ((folder: string, options: WatchOptionsWithStringEncoding, tell: WatchListener<string>) => {
    const later: WatchListener<string> = (...event) => setTimeout(() => tell(...event), 300)
    return watchFolder(folder, options, folder.startsWith(other) ? later : tell)
  }) as typeof watchFolder
  const { root, watch, seeded, shelf, created } = await startWatching(t, { watch: slowly })
  await watch.apply([root, other].map(path => watchedForm.parse({ path, settle: 0.05 })))
  await writeSampleFile(join(root, 'zoo/a.jpg'), 20_000)
  const album = await seeded('zoo')
  await rename(join(root, 'zoo'), join(other, 'zoo'))
  await isReadFrom(shelf, album, join(other, 'zoo/a.jpg'))
  t.is(created(), 1)
})

test('what has changed replaces what was shared, and is paused if that was', async t => {
  const { root, seeded, shelf, holds } = await startWatching(t)
  await writeSampleFile(join(root, 'lions.avi'), 200_000, 'first')
  await writeSampleFile(join(root, 'zoo/a.jpg'), 20_000)
  const first = await seeded('lions.avi')
  const album = await seeded('zoo')
  await shelf.change(first, { labels: ['cats'], isPaused: true })

  await writeSampleFile(join(root, 'lions.avi'), 210_000, 'second')
  await writeSampleFile(join(root, 'zoo/b.jpg'), 20_000)
  const isAnother = (name: string, hash: string) => () =>
    shelf.items().find(item => item.name === name && item.infoHash !== hash)
  const second = await waitUntil('another clip is there', isAnother('lions.avi', first.infoHash))
  await waitUntil('another album is there', isAnother('zoo', album.infoHash))
  await holds('lions.avi', 'zoo')
  t.is(second.state, 'paused')
  t.deepEqual(second.entry.labels, ['cats'])
})

test('a file that was only touched stays the same torrent', async t => {
  const { root, seeded, shelf, created } = await startWatching(t)
  const path = await writeSampleFile(join(root, 'lions.avi'), 200_000)
  const item = await seeded('lions.avi')
  const [before] = await shelf.sources(item)
  await utimes(path, new Date(), new Date(1_700_000_000_000))
  await waitUntil('the new time is known', async () => {
    const [now] = await shelf.sources(item)
    return now!.modifiedMs !== before!.modifiedMs && item.state === 'seeding'
  })
  t.is(created(), 2)
  t.deepEqual(shelf.items(), [item])
})

test('what is deleted is taken from the shelf, unless the same lies in another place', async t => {
  const { root, seeded, shelf, holds, watch } = await startWatching(t)
  await writeSampleFile(join(root, 'one/lions.avi'), 100_000, 'same')
  await writeSampleFile(join(root, 'tiger.avi'), 100_000)
  const album = await seeded('one')
  await seeded('tiger.avi')
  await writeSampleFile(join(root, 'two/lions.avi'), 100_000, 'same')
  await writeFile(join(root, 'two/.p2pshare.toml'), 'name = "one"\n')
  await waitUntil('the copy is known', () => {
    try {
      return watch.sharesAt(join(root, 'two'))[0]?.item === album
    } catch {
      return false
    }
  })
  await unlink(join(root, 'tiger.avi'))
  await rm(join(root, 'one'), { recursive: true })
  await holds('one')
  await waitUntil('it is read from the copy', async () => {
    const [file] = await shelf.sources(album)
    return file?.source === join(root, 'two/lions.avi')
  })
  await rm(join(root, 'two'), { recursive: true })
  await holds()
  t.deepEqual(shelf.items(), [])
})

test('2,000 files that are dropped at once are all shared', async t => {
  const { root, shelf, watch, problems } = await startWatching(t)
  const startMs = performance.now()
  for (let index = 0; index < 2_000; index++)
    await writeFile(join(root, `photo ${index}.jpg`), sampleBytes(20_000, `${index}`))
  await waitUntil('all are seeded', () => shelf.items().length === 2_000, { timeoutMs: 120_000 })
  t.log(`${Math.round(performance.now() - startMs)} ms`)
  t.is(watch.sharesAt(root).length, 2_000)
  t.deepEqual(problems, [])
})

test('what cannot be read is told of by name, once, and the rest is shared', async t => {
  if (process.platform !== 'linux') return t.pass()
  const { root, seeded, problems, watch, set } = await startWatching(t)
  await writeSampleFile(join(root, 'zoo/a.jpg'), 20_000)
  // A name that is no UTF-8 cannot be opened by what reading the folder tells of it.
  await writeFile(Buffer.concat([Buffer.from(`${root}/zoo/b`), Buffer.from([0xff])]), 'x')
  await writeFile(Buffer.concat([Buffer.from(`${root}/c`), Buffer.from([0xff])]), 'x')
  await seeded('zoo')
  await waitUntil('both are told of', () => problems.length === 2)
  t.true(problems.some(problem => problem.includes(join(root, 'zoo/b\ufffd'))))
  t.true(problems.some(problem => problem.includes(join(root, 'c\ufffd'))))
  await set({ tags: ['looked at again'] })
  await writeSampleFile(join(root, 'd.avi'), 20_000)
  await seeded('d.avi')
  t.is(problems.length, 2)
  t.is(watch.sharesAt(root).length, 2)
})

test('where the system watches no more folders, they are looked at now and then', async t => {
  const refuse = () => {
    throw Object.assign(new Error('ENOSPC: System limit for number of file watchers reached'), {
      code: 'ENOSPC',
    })
  }
  const { root, seeded, problems } = await startWatching(t, { watch: refuse, pollMs: 50 })
  await writeSampleFile(join(root, 'lions.avi'), 20_000)
  await seeded('lions.avi')
  await writeSampleFile(join(root, 'tiger.avi'), 20_000)
  await seeded('tiger.avi')
  t.is(problems.filter(problem => problem.includes('looked at now and then')).length, 1)
})

test('what the box fetches into a watched folder itself is no new share', async t => {
  const { root, shelf, seeded, holds } = await startWatching(t)
  const source = await startSwarm(t)
  const shared = await source.seed(
    await writeSampleFile(join(await temporaryFolder(t), 'fetched.avi'), 50_000),
  )
  const item = await shelf.get(shared.magnetLink, { origin: 'api', folder: root, peers: [addressOf(source)] })
  await waitUntil('it is fetched', () => item.state === 'seeding')
  await writeSampleFile(join(root, 'own.avi'), 50_000)
  await seeded('own.avi')
  await holds('fetched.avi', 'own.avi')
  t.is(item.entry.source.kind, 'get')
})

/** Resolves once something is shared from another file than before. */
async function isReadFrom(shelf: Shelf, item: Item, path: string): Promise<void> {
  await waitUntil('it is read from there', async () => {
    const [file] = await shelf.sources(item)
    return file?.source === path && item.state === 'seeding'
  })
}
