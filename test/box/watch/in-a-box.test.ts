import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import type { Notice } from '../../../src/box/upkeep/upkeep-state.ts'
import { startBox } from '../../kit/box.ts'
import { writeSampleFile } from '../../kit/sample-files.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'
import { waitUntil } from '../../kit/wait-until.ts'

test('a box watches the folders of its settings, and tells the links of what it shares from a path', async t => {
  const root = await temporaryFolder(t, 'watched')
  const watching = (path: string) => `[[folders.watch]]\npath = ${JSON.stringify(path)}\nsettle = 0.05\n`
  const { box, ask, home } = await startBox(t, { settings: watching(root) })
  const links = async (path: string) => {
    const answer = await ask(`/api/v1/links?path=${encodeURIComponent(path)}`)
    return {
      status: answer.status,
      ...((await answer.json()) as { links?: { path: string; magnet: string }[] }),
    }
  }
  const clip = await writeSampleFile(join(root, 'lions.avi'), 50_000)
  const answer = await waitUntil('the clip is shared', async () => {
    const answer = await links(clip)
    return answer.status === 200 && answer
  })
  t.is(answer.links?.[0]?.path, clip)
  t.is(answer.links?.[0]?.magnet, box.shelf.items()[0]?.transfer?.magnetLink)
  t.is((await links(join(root, '..', 'elsewhere'))).status, 404)
  t.is((await links('lions.avi')).status, 400)

  const other = await temporaryFolder(t, 'other')
  await writeSampleFile(join(other, 'tiger.avi'), 50_000)
  await writeFile(join(home, 'config', 'box.toml'), watching(root) + watching(other))
  await box.reload()
  await waitUntil('the other folder is watched too', () => box.shelf.items().length === 2)
})

test('what somebody has to put right in watched folders is among the notices until it is, also of the next start', async t => {
  const base = await temporaryFolder(t, 'watched')
  const [root, nowhere, file] = [join(base, 'root'), join(base, 'nowhere'), join(base, 'a.avi')]
  await writeSampleFile(file, 10_000)
  const settings = [root, nowhere, file]
    .map(path => `[[folders.watch]]\npath = ${JSON.stringify(path)}\nsettle = 0.05\n`)
    .join('')
  const rules = join(root, 'zoo', '.p2pshare.toml')
  await writeSampleFile(join(root, 'zoo', 'lions.jpg'), 20_000)
  await writeFile(rules, 'loction = "strip"\n')
  const magnets = Array.from({ length: 7 }, (_, index) => join(root, `${index}.magnet`))
  for (const path of magnets) await writeFile(path, 'no link')
  const home = await temporaryFolder(t, 'box')
  const first = await startBox(t, { home, settings })
  const noticesOf = async ({ ask }: typeof first) => {
    const { notices } = (await (await ask('/api/v1/status')).json()) as { notices: Notice[] }
    return notices.map(({ about, message }) => `${about}: ${message}`).join('\n')
  }
  const told = async (started: typeof first) => {
    const text = await waitUntil('all is told', async () => {
      const text = await noticesOf(started)
      return /3 more in .*root cannot/.test(text) && text
    })
    t.regex(text, /^folders: .*nowhere is not there: /m)
    t.regex(text, /^folders: .*a\.avi is no folder: /m)
    t.is(text.split('\n').length, 8)
  }
  await told(first)
  await first.box.stop()

  const second = await startBox(t, { home })
  await told(second)
  for (const path of magnets) await rm(path)
  await waitUntil('the rules are left', async () =>
    /zoo\/\.p2pshare\.toml:1: there is no setting loction/.test(await noticesOf(second)),
  )
  await writeFile(rules, '')
  await writeFile(join(home, 'config', 'box.toml'), settings.split('[[').slice(0, 2).join('[['))
  await second.box.reload()
  await waitUntil('all is put right', async () => (await noticesOf(second)) === '')
  t.is(second.box.shelf.items().length, 1)
})

test('folders that a box is started with go before those of its settings', async t => {
  const [root, set] = [await temporaryFolder(t, 'watched'), await temporaryFolder(t, 'set')]
  const settings = `[[folders.watch]]\npath = ${JSON.stringify(set)}\nsettle = 0\n\n[[folders.watch]]\npath = ${JSON.stringify(root)}\nsettle = 0\n`
  await writeSampleFile(join(set, 'lions.avi'), 50_000)
  await writeSampleFile(join(root, 'tiger.avi'), 50_000)
  const { box } = await startBox(t, { settings, watch: [root] })
  const [item] = await waitUntil(
    'something is shared',
    () => box.shelf.items().length > 0 && box.shelf.items(),
  )
  t.is(item?.name, 'tiger.avi')
  t.is(box.shelf.items().length, 1)
})

test('what is taken out over the API goes from the catalog too, and the log says so', async t => {
  const root = await temporaryFolder(t, 'watched')
  const settings = `[[folders.watch]]\npath = ${JSON.stringify(root)}\nsettle = 0.05\npublish = "Zoo"\n`
  const notices: string[] = []
  const { box, ask } = await startBox(t, { settings, onNotice: message => notices.push(message) })
  const clip = await writeSampleFile(join(root, 'lions.avi'), 50_000)
  const listed = async () => (await box.catalog?.search(''))?.listings.length
  await waitUntil('it is listed', async () => (await listed()) === 1)
  t.is((await ask('/api/v1/transfers/1', { method: 'DELETE' })).ok, true)
  await waitUntil('it is withdrawn', async () => (await listed()) === 0)
  t.deepEqual(notices, [`The listing of ${clip} is withdrawn: it was taken from the shelf`])
})

test('a folder that is named with a slash at its end in the settings keeps them where the box is started with it', async t => {
  const root = await temporaryFolder(t, 'watched')
  const settings = `[[folders.watch]]\npath = ${JSON.stringify(`${root}/`)}\nsettle = 0.05\npublish = "Zoo"\n`
  const { box } = await startBox(t, { settings, watch: [root] })
  await writeSampleFile(join(root, 'lions.avi'), 50_000)
  const listed = async () => (await box.catalog?.search(''))?.listings.length
  await waitUntil('it is listed', async () => (await listed()) === 1)
  t.is(box.shelf.items().length, 1)
})

test('the log says what is listed and withdrawn, and where what was renamed is shared from', async t => {
  const root = await temporaryFolder(t, 'watched')
  const settings = `[[folders.watch]]\npath = ${JSON.stringify(root)}\nsettle = 0.05\npublish = "Zoo"\n`
  const { home } = await startBox(t, { settings })
  const says = (text: string) =>
    waitUntil(`the log says ${text}`, async () =>
      (await readFile(join(home, 'state', 'box.log'), 'utf8')).includes(text),
    )
  const [clip, renamed] = [join(root, 'lions.avi'), join(root, 'tigers.avi')]
  await writeSampleFile(clip, 50_000)
  await says(`${clip} is listed in Zoo\n`)
  await rename(clip, renamed)
  await says(`Transfer 1, lions.avi: shared from ${renamed} now, which was ${clip}\n`)
  await writeSampleFile(renamed, 60_000)
  await says(`${renamed} is listed in Zoo, as a revision\n`)
  await rm(renamed)
  await says(`The listing of ${renamed} is withdrawn: it was deleted, or a rule ignores it\n`)
  t.pass()
})
