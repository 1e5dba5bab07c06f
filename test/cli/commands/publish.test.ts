import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import test, { type ExecutionContext } from 'ava'
import sharp from 'sharp'
import { displayWidth } from '../../../src/cli/display-width.ts'
import { createTorrent } from '../../../src/core/index.ts'
import { runCommand, startCommand } from '../../kit/command.ts'
import { startDhtNode } from '../../kit/dht-node.ts'
import { sameContent, writeSampleFile } from '../../kit/sample-files.ts'
import { samplePhoto } from '../../kit/sample-photos.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

/** A maker's computer: a home, and a clip in the working folder. */
async function maker(t: ExecutionContext) {
  const cwd = await temporaryFolder(t, 'cwd')
  await writeSampleFile(join(cwd, 'lions_at.the_zoo.avi'), 100_000)
  const variables = { P2PSHARE_HOME: await temporaryFolder(t, 'home') }
  return { cwd, variables }
}

const clip = 'lions_at.the_zoo.avi'

test('what is published here is found, searched and fetched there, by number and by id', async t => {
  const dht = await startDhtNode(t)
  const network = { P2PSHARE_NO_DHT: '', P2PSHARE_DHT_BOOTSTRAP: dht.address }
  const here = await maker(t)
  const args = ['publish', clip, '--title', 'Lions at the zoo', '--tags', 'zoo,animals', '--json']
  const publish = await startCommand(t, args, { ...here, variables: { ...here.variables, ...network } })
  const published = await publish.event('published')
  t.regex(String(published.infoHash), /^[0-9a-f]{40}$/)
  t.regex(String(published.id), /^[a-z2-7]{26}$/)
  t.regex(String(published.link), /^magnet:\?xs=urn:btpk:[0-9a-f]{64}&s=/)

  const variables = { ...network, P2PSHARE_HOME: await temporaryFolder(t, 'home') }
  const add = await runCommand(t, ['catalog', 'add', String(published.link), '--json'], { variables })
  t.is(add.exitCode, 0, add.stderr)
  t.like(add.events().at(-1), { event: 'synced', name: 'my shares', listingCount: 1, added: 1, refused: 0 })

  const offline = { P2PSHARE_HOME: variables.P2PSHARE_HOME }
  const search = await runCommand(t, ['search', 'lion*', 'tag:zoo', '--json'], { variables: offline })
  const [found, ...others] = search.events()
  t.deepEqual(others, [])
  t.like(found, { id: published.id, title: 'Lions at the zoo', magnet: published.magnet, number: 1 })

  for (const word of ['1', String(published.id)]) {
    const got = await runCommand(t, ['get', word, '--no-seed', '--json'], { variables })
    t.is(got.exitCode, 0, got.stderr)
    t.is(got.events().at(-1)?.infoHash, published.infoHash)
    await sameContent(t, join(got.cwd, clip), join(here.cwd, clip))
  }
  publish.interrupt()
  t.is(await publish.exitCode, 130)
})

test('the magnet link is the only line on stdout, and stderr names the catalog, the licence and the link', async t => {
  const here = await maker(t)
  const { stdout, stderr, exitCode } = await runCommand(
    t,
    ['publish', clip, '--title', 'Lions', '--no-seed'],
    here,
  )
  t.is(exitCode, 0)
  t.regex(stdout, /^magnet:\?xt=urn:btih:[0-9a-f]{40}&dn=\S+\n$/)
  t.regex(stderr, /Listed in my shares as number 1: Lions \(other\)/)
  t.regex(stderr, /Licence: all rights reserved/)
  t.regex(stderr, /p2pshare catalog add 'magnet:\?xs=urn:btpk:/)
})

test('on a terminal what was not given is asked for, with what stands for an empty answer', async t => {
  const here = await maker(t)
  const typed = '\nfilms\nvideo\nZoo, big cats ,zoo\nnone of yours\ncc by-sa 4.0\n'
  const options = { ...here, columns: 80, typed }
  const { stderr, exitCode } = await runCommand(t, ['publish', clip, '--no-seed'], options)
  t.is(exitCode, 0, stderr)
  t.true(stderr.includes('Title [lions at the zoo]: '))
  t.regex(stderr, /Section \[other\]: {3}"films" is no section/)
  t.regex(stderr, /Licence \[all rights reserved\]: .*"none of yours" is no licence/)
  const { events } = await runCommand(t, ['search', '--json'], here)
  t.like(events()[0], {
    title: 'lions at the zoo',
    section: 'video',
    tags: ['zoo', 'big cats'],
    license: 'CC-BY-SA-4.0',
  })
})

test('off a terminal a missing title is a usage error that names the option, and nothing is hashed', async t => {
  const { exitCode, stderr } = await runCommand(t, ['publish', clip], await maker(t))
  t.is(exitCode, 2)
  t.true(stderr.includes('--title'))
  t.false(stderr.includes('Hashed'))
})

const wrong: Record<string, [args: string[], exitCode: number, pattern: RegExp]> = {
  'a licence that nobody knows': [['--license', 'mine'], 2, /--license/],
  'a title that is too long': [['--title', 'a'.repeat(300)], 3, /title/],
  'a tag with a slash': [['--tags', 'a/b'], 3, /tags/],
  'a language that is none': [['--language', '12'], 3, /language/],
  'a catalog that is not there': [['--to', 'Nowhere'], 3, /Nowhere/],
}

for (const [what, [args, code, pattern]] of Object.entries(wrong))
  test(`${what} is refused by name`, async t => {
    const { exitCode, stderr } = await runCommand(
      t,
      ['publish', clip, '--title', 'Lions', '--no-seed', ...args],
      await maker(t),
    )
    t.is(exitCode, code, stderr)
    t.regex(stderr, pattern)
  })

test('an album is listed with its facts and a poster, and none of it tells the place', async t => {
  const here = await maker(t)
  await mkdir(join(here.cwd, 'trip'))
  await writeFile(join(here.cwd, 'trip', 'a.jpg'), await samplePhoto('jpeg', { gps: true }))
  await writeFile(join(here.cwd, 'trip', 'b.jpg'), await samplePhoto('jpeg', { gps: true }))
  const args = ['publish', 'trip', '--title', 'A trip', '--location', 'strip', '--no-seed', '--json']
  const { events, exitCode } = await runCommand(t, args, here)
  t.is(exitCode, 0)
  const search = await runCommand(t, ['search', 'trip', '--json'], here)
  const [listing] = search.events()
  t.like(listing, { section: 'photos', fileCount: 2, createdAt: '2024-05-06' })
  t.like(listing?.media, { photoCount: 2, width: 90, height: 60 })
  t.like(listing?.poster, { width: 90, height: 60 })
  t.notRegex(JSON.stringify([events(), search.events()]), /33\.8|70\.5|latitude/)
})

test('--poster shows another picture, and says which file is none', async t => {
  const here = await maker(t)
  const picture = sharp({ create: { width: 300, height: 200, channels: 3, background: '#a40' } })
  await writeFile(join(here.cwd, 'cover.png'), await picture.png().toBuffer())
  const args = ['publish', clip, '--title', 'Lions', '--no-seed', '--poster']
  t.is((await runCommand(t, [...args, 'cover.png'], here)).exitCode, 0)
  const { events } = await runCommand(t, ['search', '--json'], here)
  t.like(events()[0]?.poster, { width: 300, height: 200 })
  const refused = await runCommand(t, [...args, clip], here)
  t.is(refused.exitCode, 3)
  t.true(refused.stderr.includes(clip))
})

test('a .torrent is listed without its files, and its link with the trackers', async t => {
  const here = await maker(t)
  const { bytes, metainfo } = await createTorrent(join(here.cwd, clip), {
    announce: ['https://tracker.example.org/announce'],
  })
  await writeFile(join(here.cwd, 'lions.torrent'), bytes)
  const args = ['publish', 'lions.torrent', '--title', 'Lions', '--no-seed', '--json']
  const { events } = await runCommand(t, args, here)
  const published = events().at(-1)
  t.like(published, { infoHash: metainfo.infoHash, sizeBytes: 100_000, fileCount: 1, section: 'video' })
  t.true(String(published?.magnet).includes('tracker.example.org'))
})

test('a magnet link is listed once a peer has told what is behind it', async t => {
  const dht = await startDhtNode(t)
  const here = await maker(t)
  const network = { P2PSHARE_NO_DHT: '', P2PSHARE_DHT_BOOTSTRAP: dht.address }
  const seed = await startCommand(t, ['seed', clip, '--json'], { cwd: here.cwd, variables: network })
  const { magnet, infoHash } = await seed.event('seeding')
  const variables = { ...here.variables, ...network }
  const args = ['publish', String(magnet), '--title', 'Lions', '--no-seed', '--json']
  const { events, exitCode } = await runCommand(t, args, { ...here, variables })
  t.is(exitCode, 0)
  t.like(events().at(-1), { event: 'published', infoHash, sizeBytes: 100_000, fileCount: 1 })
})

test('--revise replaces a listing and keeps its id, its number and what was not given', async t => {
  const here = await maker(t)
  const args = ['publish', clip, '--title', 'Lion', '--tags', 'zoo', '--no-seed', '--json']
  const first = (await runCommand(t, args, here)).events().at(-1)
  const again = ['publish', '--revise', '1', '--title', 'Two lions', '--no-seed', '--json']
  const { events, exitCode } = await runCommand(t, again, here)
  t.is(exitCode, 0)
  t.like(events().at(-1), { id: first?.id, number: 1, revision: 2, infoHash: first?.infoHash })
  const search = await runCommand(t, ['search', '--json'], here)
  t.is(search.events().length, 1)
  t.like(search.events()[0], { title: 'Two lions', tags: ['zoo'] })
})

test('what is listed already is not listed twice: only what differs is signed anew', async t => {
  const here = await maker(t)
  const publish = async (...args: string[]) => {
    const run = await runCommand(t, ['publish', clip, '--no-seed', '--json', ...args], here)
    t.is(run.exitCode, 0, run.stderr)
    return run.events().at(-1)
  }
  const first = await publish('--title', 'Lions', '--tags', 'zoo')
  t.like(await publish('--title', 'Lions'), { id: first?.id, number: 1, revision: 1 })
  t.like(await publish('--title', 'Two lions'), { id: first?.id, number: 1, revision: 2 })
  const { events } = await runCommand(t, ['search', '--json'], here)
  t.is(events().length, 1)
  t.like(events()[0], { title: 'Two lions', tags: ['zoo'] })
})

test('of several catalogs one has to be named, before anything is hashed', async t => {
  const here = await maker(t)
  for (const name of ['Zoo clips', 'Other']) await runCommand(t, ['catalog', 'create', name], here)
  const args = ['publish', clip, '--title', 'Lions', '--no-seed']
  const { exitCode, stderr } = await runCommand(t, args, here)
  t.is(exitCode, 3)
  t.regex(stderr, /--to .*Zoo clips, Other/)
  t.false(stderr.includes('Hashed'))
  t.is((await runCommand(t, [...args, '--to', 'Other'], here)).exitCode, 0)
  const ls = await runCommand(t, ['catalog', 'ls', '--json'], here)
  t.deepEqual(
    ls.events().map(({ name, listingCount }) => [name, listingCount]),
    [
      ['Zoo clips', 0],
      ['Other', 1],
    ],
  )
})

test('nothing at all is a usage error', async t => {
  const { exitCode, stderr } = await runCommand(t, ['publish', '--title', 'Lions'])
  t.is(exitCode, 2)
  t.true(stderr.includes('Say what to publish'))
})

test('a title that would write to the terminal is shown with its control characters visible', async t => {
  const here = await maker(t)
  const title = `\u202Elions ${'ねこ '.repeat(40)}`.trim()
  await runCommand(t, ['publish', clip, '--title', title, '--no-seed'], here)
  const { stdout, stderr } = await runCommand(t, ['search'], { ...here, columns: 80 })
  t.false((stdout + stderr).includes('\u202E'))
  for (const line of stripVTControlCharacters(stdout).split('\n')) t.true(displayWidth(line) <= 80, line)
})
