import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { CatalogListings } from '../../../src/box/watch/catalog-listings.ts'
import { Catalog } from '../../../src/catalog/index.ts'
import { readMagnet } from '../../../src/core/index.ts'
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
