import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { Catalog } from '../../../src/catalog/index.ts'
import { runCommand } from '../../kit/command.ts'
import { sampleDraft, sampleMagnet } from '../../kit/sample-listing.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

/** A home with five listings. */
async function homeWithListings(t: ExecutionContext) {
  const home = await temporaryFolder(t, 'home')
  await using catalog = await Catalog.open({ home })
  const listings = [
    { title: 'Lions at the zoo', creator: 'Ada' },
    { title: 'Lion cubs', tags: ['cubs'], sizeBytes: 5_000_000 },
    { title: 'Löwen im Gras', section: 'photos' as const, license: 'MIT' },
    { title: 'Roar', section: 'music' as const, creator: 'Bob' },
    { title: 'Old film', publishedAt: '2001-01-01T00:00:00Z' },
  ]
  for (const [number, draft] of listings.entries())
    await catalog.publish(sampleDraft({ magnet: sampleMagnet(number + 1), ...draft }))
  return { P2PSHARE_HOME: home }
}

async function titlesOf(t: ExecutionContext, variables: Record<string, string>, ...words: string[]) {
  const { events, exitCode, stderr } = await runCommand(t, ['search', ...words, '--json'], { variables })
  t.is(exitCode, 0, stderr)
  return events().map(({ title }) => title)
}

test('words, filters and orders choose what is listed', async t => {
  const variables = await homeWithListings(t)
  const titles = (...words: string[]) => titlesOf(t, variables, ...words)
  t.deepEqual(await titles('lion*', '-cubs', '--section', 'video', '-old'), ['Lions at the zoo'])
  t.deepEqual(await titles('lowen'), ['Löwen im Gras'])
  t.deepEqual(await titles('--section', 'music'), ['Roar'])
  t.deepEqual(await titles('--tag', 'cubs'), ['Lion cubs'])
  t.deepEqual(await titles('--license', 'MIT'), ['Löwen im Gras'])
  t.deepEqual(await titles('--creator', 'Ada'), ['Lions at the zoo'])
  t.deepEqual(await titles('--max-size', '10M'), ['Lion cubs'])
  t.is((await titles('--sort', 'oldest'))[0], 'Old film')
  t.deepEqual(await titles('--sort', 'oldest', '--limit', '1', '--page', '5'), ['Roar'])
  t.is((await titles('--catalog', 'my shares')).length, 5)
})

test('a row shows number, title, section, size, date and whose it is; how many there are is on stderr', async t => {
  const variables = await homeWithListings(t)
  const { stdout, stderr } = await runCommand(t, ['search', '"lions at the zoo"'], { variables })
  t.regex(
    stdout,
    /^# +Title +Section +Size +Date +By\n1 +Lions at the zoo +video +123 MB +\d{4}-\d\d-\d\d +Ada, CC-BY/,
  )
  t.regex(stderr, /^1 listing\. To fetch one: p2pshare get <number>\n$/)
  const page = await runCommand(t, ['search', '--limit', '2'], { variables })
  t.regex(page.stderr, /^1 to 2 of 5 listings; the next: --page 2/)
})

test('a mistyped option is no word', async t => {
  const { exitCode, stderr } = await runCommand(t, ['search', 'zoo', '--limitt', '3'])
  t.is(exitCode, 2)
  t.true(stderr.includes('--limitt'))
})

test('nothing found is no error', async t => {
  const variables = await homeWithListings(t)
  const { exitCode, stdout, stderr } = await runCommand(t, ['search', 'unicorn'], { variables })
  t.is(exitCode, 0)
  t.is(stdout, '')
  t.regex(stderr, /^Nothing found/)
})

test('a number that is a file here means the file, and any other the listing', async t => {
  const variables = await homeWithListings(t)
  const cwd = await temporaryFolder(t)
  await writeFile(join(cwd, '1'), 'no torrent')
  const file = await runCommand(t, ['get', '1', '--list'], { cwd, variables })
  t.true(file.stderr.includes('ERR_INVALID_BENCODE') || file.stderr.includes('ERR_INVALID_TORRENT'))
  const missing = await runCommand(t, ['get', '99', '--list'], { cwd, variables })
  t.is(missing.exitCode, 3)
  t.true(missing.stderr.includes('ERR_NO_SUCH_LISTING'))
  const listed = await runCommand(t, ['get', '2', '--timeout', '1s'], { cwd, variables })
  t.is(listed.exitCode, 4)
  t.true(listed.stderr.includes('ERR_NO_PEERS'))
})

test('a damaged database is named, and not written over', async t => {
  const home = await temporaryFolder(t, 'home')
  await mkdir(join(home, 'data'))
  await writeFile(join(home, 'data', 'catalog.db'), 'not a database at all')
  const variables = { P2PSHARE_HOME: home }
  const { exitCode, stderr } = await runCommand(t, ['search', 'zoo'], { variables })
  t.is(exitCode, 5)
  t.true(stderr.includes('catalog.db'))
  t.true(stderr.includes('ERR_DATABASE'))
})
