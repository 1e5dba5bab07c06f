import { access, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { openBoxDatabase } from '../../../src/box/database/open-box-database.ts'
import { hasLocation } from '../../../src/core/index.ts'
import { writeSampleFile } from '../../kit/sample-files.ts'
import { samplePhoto } from '../../kit/sample-photos.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'
import { waitUntil } from '../../kit/wait-until.ts'
import { startWatching } from '../../kit/watch.ts'

test('a file of rules names an album, or keeps it out', async t => {
  const { root, seeded, holds, shelf } = await startWatching(t)
  await writeSampleFile(join(root, 'private/a.jpg'), 20_000)
  await writeFile(join(root, 'private/.p2pshare.toml'), 'ignore = true\n')
  await writeSampleFile(join(root, 'zoo/a.jpg'), 20_000)
  await writeFile(join(root, 'zoo/.p2pshare.toml'), 'name = "A day at the zoo"\n')
  await seeded('A day at the zoo')
  await holds('A day at the zoo')
  await rm(join(root, 'private/.p2pshare.toml'))
  await seeded('private')
  await writeFile(join(root, '.p2pshare.toml'), 'ignore = true\n')
  await holds()
  t.deepEqual(shelf.items(), [])
})

test('a broken file of rules is told of by its line, and what it concerns waits', async t => {
  const { root, seeded, holds, problems } = await startWatching(t)
  const rules = join(root, 'zoo/.p2pshare.toml')
  await writeSampleFile(join(root, 'zoo/a.jpg'), 20_000)
  await writeFile(
    rules,
    '# mine\nlocation = "away"\nlicence = "CC0-1.0"\nlicense = "none at all"\nsection = "cats"\n',
  )
  await writeSampleFile(join(root, 'clip.avi'), 20_000)
  await seeded('clip.avi')
  await waitUntil('it is told of', () => problems.length > 0)
  for (const line of [
    `${rules}:2: location`,
    `${rules}:3: there is no setting licence`,
    `${rules}:4: license`,
    `${rules}:5: section`,
  ])
    t.true(problems[0]!.includes(line), line)
  await holds('clip.avi')
  await writeFile(rules, 'location = "keep"\n')
  await seeded('zoo')
  t.is(problems.length, 1)

  await writeFile(join(root, '.p2pshare.toml'), 'name = "of the folder"\n')
  await waitUntil('that of the folder is told of', () =>
    problems[1]?.includes(`${join(root, '.p2pshare.toml')}:1: there is no setting name`),
  )
  await holds('clip.avi', 'zoo')
})

test('where positions are stripped, renamed photos stay the same torrents, each with its own copy', async t => {
  const { root, home, seeded, shelf, watch } = await startWatching(t, {
    settings: { location: 'strip' },
  })
  const photo = await samplePhoto('jpeg', { gps: true })
  await writeFile(join(root, 'a.jpg'), photo)
  const first = await seeded('a.jpg')
  const sourceOf = async () => (await shelf.sources(first))[0]!.source
  t.true((await sourceOf()).startsWith(home))
  t.is(first.path, join(root, 'a.jpg'))
  t.false(await hasLocation(await sourceOf()))

  await rename(join(root, 'a.jpg'), join(root, 'b.jpg'))
  await writeFile(join(root, 'a.jpg'), await samplePhoto('jpeg', { gps: true, width: 120 }))
  await waitUntil('there are two', () => shelf.items().length === 2)
  const [b] = await waitUntil('the first has moved', () => {
    try {
      return watch.sharesAt(join(root, 'b.jpg'))
    } catch {
      return undefined
    }
  })
  t.is(b?.item.infoHash, first.infoHash)
  await waitUntil('its path follows', () => first.path === join(root, 'b.jpg'))
  await first.transfer!.recheck()
  await waitUntil('both are whole', () => shelf.items().every(({ state }) => state === 'seeding'))
  t.deepEqual(await readFile(join(root, 'b.jpg')), photo, 'the photo itself keeps what it has')
})

test('photos with a position are told of once a folder, until somebody says whether they may keep it', async t => {
  const home = await temporaryFolder(t, 'home')
  const first = await startWatching(t, { home })
  const { root, notices } = first
  await writeFile(join(root, 'a.jpg'), await samplePhoto('jpeg', {}))
  await first.seeded('a.jpg')
  for (const [name, width] of [
    ['b.jpg', 100],
    ['c.jpg', 120],
  ] as const)
    await writeFile(join(root, name), await samplePhoto('jpeg', { gps: true, width }))
  await first.seeded('b.jpg')
  await first.seeded('c.jpg')
  const told = (lines: readonly string[]) => lines.filter(line => line.includes('where they were taken'))
  await waitUntil('it is told of', () => told(first.watch.notices()).length > 0)
  t.is(told(notices).length, 1)
  t.regex(notices[0]!, /[bc]\.jpg: say location = "strip"/)
  await first.stop()

  const second = await startWatching(t, { home, root })
  await waitUntil('it is told of again', () => told(second.watch.notices()).length > 0)
  await writeFile(join(root, '.p2pshare.toml'), 'location = "keep"\n')
  await waitUntil('it is put right', () => second.watch.notices().length === 0)
  t.is(second.created(), 0)
})

test('rules that change what is shared make it anew', async t => {
  const { root, seeded, shelf, holds } = await startWatching(t)
  await writeFile(join(root, 'a.jpg'), await samplePhoto('jpeg', { gps: true }))
  const open = await seeded('a.jpg')
  await writeFile(join(root, '.p2pshare.toml'), 'location = "strip"\n')
  const clean = await waitUntil('another is there', () =>
    shelf.items().find(({ infoHash }) => infoHash !== open.infoHash),
  )
  await holds('a.jpg')
  t.false(await hasLocation((await shelf.sources(clean))[0]!.source))
})

test('copies without a position are deleted with what was shared from them, and no others', async t => {
  const { root, home, seeded, shelf, holds, stop } = await startWatching(t, {
    settings: { location: 'strip' },
  })
  const clean = join(home, 'data', 'clean')
  await writeFile(join(root, 'a.jpg'), await samplePhoto('jpeg', { gps: true }))
  await writeFile(join(root, 'b.jpg'), await samplePhoto('jpeg', { gps: true, width: 120 }))
  await seeded('a.jpg')
  const second = await seeded('b.jpg')
  await writeFile(join(clean, 'of somebody else.jpg'), 'x')
  const count = async () => (await readdir(clean)).length
  t.is(await count(), 3)
  await rm(join(root, 'a.jpg'))
  await holds('b.jpg')
  await waitUntil('its copy is gone', async () => (await count()) === 2)
  await access((await shelf.sources(second))[0]!.source)
  await writeFile(join(root, 'b.jpg'), await samplePhoto('jpeg', { gps: true, width: 140 }))
  const third = await waitUntil('it has changed', () => shelf.items().find(item => item !== second))
  await waitUntil('it is shared', () => third.state === 'seeding')
  await holds('b.jpg')
  t.is(await count(), 2, 'the copy lies where that of the photo before lay')

  const left = (await shelf.sources(third))[0]!.source
  await stop()
  const database = await openBoxDatabase(join(home, 'box.db'))
  await database.deleteFrom('transfer').execute()
  await database.deleteFrom('watched').execute()
  await database.destroy()
  await rm(join(root, 'b.jpg'))
  await startWatching(t, { root, home })
  t.deepEqual(await readdir(clean), ['of somebody else.jpg'], left)
})
