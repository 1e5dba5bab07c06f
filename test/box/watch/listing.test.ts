import { mkdir, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { CatalogListings } from '../../../src/box/watch/catalog-listings.ts'
import { Presence } from '../../../src/box/watch/presence.ts'
import { SeenStore } from '../../../src/box/watch/seen-store.ts'
import { Sharing } from '../../../src/box/watch/sharing.ts'
import { Catalog } from '../../../src/catalog/index.ts'
import { P2pShareError, readMagnet } from '../../../src/core/index.ts'
import { writeSampleFile } from '../../kit/sample-files.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'
import { waitUntil } from '../../kit/wait-until.ts'
import { startWatching } from '../../kit/watch.ts'

test('what the rules want published is listed, and what changed revises its listing', async t => {
  const catalogHome = await temporaryFolder(t, 'catalog')
  const catalog = await Catalog.open({ home: catalogHome })
  t.teardown(() => catalog.close())
  const listings = new CatalogListings(async () => catalog)
  const { root, home, seeded, stop, shelf } = await startWatching(t, { listings })
  await writeSampleFile(join(root, 'not_listed.avi'), 50_000)
  await seeded('not_listed.avi')
  await writeSampleFile(join(root, 'zoo/a.jpg'), 50_000)
  await writeFile(
    join(root, 'zoo/.p2pshare.toml'),
    'publish = "My catalog"\nsection = "photos"\ntags = ["Zoo"]\nlicense = "CC-BY-4.0"\n',
  )
  const listed = () => catalog.search('').then(({ listings: all }) => all)
  const [first] = await waitUntil('it is listed', async () => {
    const all = await listed()
    return all.length > 0 ? all : undefined
  })
  t.like(first, {
    title: 'zoo',
    section: 'photos',
    tags: ['zoo'],
    license: 'CC-BY-4.0',
    revision: 1,
    sizeBytes: 50_000,
  })
  const album = await seeded('zoo')
  t.is(readMagnet(first!.magnet).infoHash, album.infoHash)
  t.deepEqual(
    (await catalog.catalogs()).map(({ name }) => name),
    ['My catalog'],
  )

  await writeSampleFile(join(root, 'zoo/b.jpg'), 60_000)
  const [second] = await waitUntil('it is revised', async () => {
    const all = await listed()
    return all[0]?.revision === 2 ? all : undefined
  })
  t.like(second, { id: first!.id, sizeBytes: 110_000, fileCount: 2 })
  const now = await waitUntil('the album is another', () => shelf.items().find(({ name }) => name === 'zoo'))
  t.is(readMagnet(second!.magnet).infoHash, now.infoHash)
  await stop()

  const again = await startWatching(t, { root, home, listings })
  await writeSampleFile(join(root, 'later.avi'), 50_000)
  await again.seeded('later.avi')
  const all = await listed()
  t.deepEqual(
    all.map(({ revision }) => revision),
    [2],
    'nothing is listed twice',
  )
  t.deepEqual(again.problems, [])
})

async function publishing(t: ExecutionContext, root?: string) {
  const catalog = await Catalog.open({ home: await temporaryFolder(t, 'catalog') })
  t.teardown(() => catalog.close())
  let isClosed = false
  const listings = new CatalogListings(async () => {
    if (isClosed) throw new P2pShareError('ERR_DATABASE', 'The catalog cannot be opened')
    return catalog
  })
  const watching = await startWatching(t, { root, listings, settings: { publish: 'My catalog' } })
  const listed = async () => (await catalog.search('')).listings.map(({ title }) => title).sort()
  const lists = (...titles: string[]) =>
    waitUntil(`these are listed: ${titles}`, async () => String(await listed()) === String(titles), {
      state: listed,
    })
  const setClosed = (closed: boolean) => {
    isClosed = closed
  }
  const catalogs = async () => {
    const all = await catalog.catalogs()
    return all.map(({ name, listingCount }) => `${name}: ${listingCount}`)
  }
  return { ...watching, listed, lists, setClosed, catalogs }
}

test('what is deleted is withdrawn from its catalog, what is moved is not', async t => {
  const { root, holds, lists, problems } = await publishing(t)
  const clip = await writeSampleFile(join(root, 'lions.avi'), 50_000)
  await writeSampleFile(join(root, 'tigers.avi'), 60_000)
  await lists('lions', 'tigers')
  await rename(join(root, 'tigers.avi'), join(root, 'renamed.avi'))
  await rm(clip)
  await holds('tigers.avi')
  await lists('tigers')
  await writeSampleFile(clip, 50_000)
  await lists('lions', 'tigers')
  t.deepEqual(problems, [])
})

test('a listing that cannot be withdrawn is told of, and withdrawn once it can be', async t => {
  const { root, holds, lists, listed, problems, setClosed, set } = await publishing(t)
  await writeSampleFile(join(root, 'lions.avi'), 50_000)
  await lists('lions')
  setClosed(true)
  await rm(join(root, 'lions.avi'))
  await holds()
  await waitUntil('it is told of', () => problems.some(problem => problem.includes('cannot be opened')))
  t.deepEqual(await listed(), ['lions'])
  setClosed(false)
  await waitUntil('it is withdrawn', async () => {
    await set({ publish: 'My catalog' })
    return (await listed()).length === 0
  })
})

test('nothing is withdrawn as the folder goes, nor as another, empty one takes its place', async t => {
  const root = join(await temporaryFolder(t), 'watched')
  const { shelf, swarm, database, lists, listed } = await publishing(t, root)
  await writeSampleFile(join(root, 'lions.avi'), 50_000)
  await writeSampleFile(join(root, 'tigers.avi'), 60_000)
  await lists('lions', 'tigers')
  await rename(root, `${root} elsewhere`)
  const areMissing = () => shelf.items().every(({ state }) => state === 'missing')
  await waitUntil('both are missing', areMissing)
  await mkdir(root)
  const seen = await SeenStore.open(database)
  const presence = new Presence(root, { seen, sharing: new Sharing({ shelf, swarm, seen }) })
  t.is(await presence.look(), 'missing')
  t.true(areMissing())
  t.deepEqual(await listed(), ['lions', 'tigers'])
  await rmdir(root)
  await rename(`${root} elsewhere`, root)
  await waitUntil('both are back', () => shelf.items().every(({ state }) => state === 'seeding'))
  t.is(shelf.items().length, 2)
  t.deepEqual(await listed(), ['lions', 'tigers'])
})

test('what somebody takes from the shelf is withdrawn too, and listed anew only once it has changed', async t => {
  const { root, seeded, shelf, lists, listed, notices } = await publishing(t)
  const clip = await writeSampleFile(join(root, 'lions.avi'), 50_000)
  await writeSampleFile(join(root, 'tigers.avi'), 60_000)
  await lists('lions', 'tigers')
  await shelf.remove(await seeded('lions.avi'))
  await lists('tigers')
  t.deepEqual(notices, [`The listing of ${clip} is withdrawn: it was taken from the shelf`])
  await writeSampleFile(join(root, 'bears.avi'), 40_000)
  await lists('bears', 'tigers')
  await writeSampleFile(clip, 70_000)
  await lists('bears', 'lions', 'tigers')
  t.is((await listed()).length, 3)
})

test('what was taken from the shelf while no catalog could be written is withdrawn once one can be', async t => {
  const { seeded, root, shelf, lists, problems, setClosed, set } = await publishing(t)
  await writeSampleFile(join(root, 'lions.avi'), 50_000)
  await lists('lions')
  setClosed(true)
  await shelf.remove(await seeded('lions.avi'))
  await waitUntil('it is told of', () => problems.some(problem => problem.includes('cannot be withdrawn')))
  setClosed(false)
  await set({ publish: 'My catalog', tags: ['zoo'] })
  await lists()
  t.deepEqual(shelf.items(), [])
})

test('what the rules publish no more is withdrawn, stays shared, and is listed again once they do', async t => {
  const { root, seeded, set, lists, listed, notices, shelf } = await publishing(t)
  await writeSampleFile(join(root, 'lions.avi'), 50_000)
  await writeSampleFile(join(root, 'zoo/a.jpg'), 50_000)
  await writeFile(join(root, 'zoo/.p2pshare.toml'), 'publish = "My catalog"\n')
  await lists('lions', 'zoo')
  await set({})
  await lists('zoo')
  t.regex(notices.join('\n'), /lions\.avi is withdrawn: the rules do not publish it any more$/)
  await seeded('lions.avi')
  t.is(shelf.items().length, 2)
  await set({ publish: 'My catalog' })
  await lists('lions', 'zoo')
  t.is((await listed()).length, 2)
})

test('what the rules publish to another catalog leaves the one that it was in', async t => {
  const { root, set, lists, listed, catalogs } = await publishing(t)
  await writeSampleFile(join(root, 'lions.avi'), 50_000)
  await lists('lions')
  await set({ publish: 'Zoo films' })
  await waitUntil('it has moved', async () => String(await catalogs()) === 'My catalog: 0,Zoo films: 1', {
    state: catalogs,
  })
  t.deepEqual(await listed(), ['lions'])
})
