import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { createFromFiles, scanFiles } from '../../src/core/index.ts'
import { SeedCache } from '../../src/swarm/seed-cache.ts'
import { writeSampleFile } from '../kit/sample-files.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'

async function made(folder: string, format: 'v1' | 'hybrid' | 'v2') {
  const paths = ['z.avi', 'a.jpg', 'm.txt'].map(name => join(folder, name))
  for (const [index, path] of paths.entries()) await writeSampleFile(path, 20_000 * (index + 1))
  const scan = await scanFiles(paths)
  return { scan, created: await createFromFiles(scan, { format }) }
}

test('what was kept is found again, its files in the order of the torrent', async t => {
  for (const format of ['v1', 'hybrid', 'v2'] as const) {
    const { scan, created } = await made(await temporaryFolder(t), format)
    const cache = new SeedCache(await temporaryFolder(t))
    t.is(await cache.find(scan, { format }), undefined)
    await cache.keep(scan, { format }, created)
    const found = await cache.find(scan, { format })
    t.deepEqual(found?.sources, created.sources)
    t.is(found?.metainfo.infoHash, created.metainfo.infoHash)
    const real = created.metainfo.files.filter(({ isPad }) => !isPad)
    t.deepEqual(
      real.map(({ path }) => path.split('/').at(-1)),
      found?.sources.map(({ source }) => source.split('/').at(-1)),
    )
  }
})

test('other options, or a file that changed, are not the same', async t => {
  const { scan, created } = await made(await temporaryFolder(t), 'v1')
  const cache = new SeedCache(await temporaryFolder(t))
  await cache.keep(scan, {}, created)
  t.is(await cache.find(scan, { comment: 'new' }), undefined)
  const [first, ...rest] = scan.files
  const touched = { ...scan, files: [{ ...first!, modifiedMs: first!.modifiedMs + 1 }, ...rest] }
  t.is(await cache.find(touched, {}), undefined)
})

test('a damaged entry is as none', async t => {
  const { scan, created } = await made(await temporaryFolder(t), 'v1')
  const folder = await temporaryFolder(t)
  const cache = new SeedCache(folder)
  await cache.keep(scan, {}, created)
  const path = join(folder, (await readdir(folder))[0]!)
  const whole = await readFile(path, 'utf8')
  for (const broken of [
    '',
    'null',
    whole.slice(0, 50),
    whole.replace('"order":[0', '"order":[7'),
    whole.replace('"torrent":"', '"torrent":"A'),
  ]) {
    await writeFile(path, broken)
    t.is(await cache.find(scan, {}), undefined, broken.slice(0, 60))
  }
})

test('no more than a thousand are kept', async t => {
  const { scan, created } = await made(await temporaryFolder(t), 'v1')
  const folder = join(await temporaryFolder(t), 'seeds')
  await mkdir(folder)
  for (let index = 0; index < 1_005; index++) await writeFile(join(folder, `${index}.json`), '')
  const cache = new SeedCache(folder)
  await cache.keep(scan, {}, created)
  t.is((await readdir(folder)).length, 900, 'room for the next hundred is made at once')
  t.truthy(await cache.find(scan, {}), 'the newest stays')
})
