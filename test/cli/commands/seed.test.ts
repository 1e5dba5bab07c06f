import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import test, { type ExecutionContext } from 'ava'
import { displayWidth } from '../../../src/cli/display-width.ts'
import { readTorrent } from '../../../src/core/index.ts'
import { runCommand, startCommand } from '../../kit/command.ts'
import { writeSampleAlbum, writeSampleFile } from '../../kit/sample-files.ts'
import { samplePhoto } from '../../kit/sample-photos.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

async function folderWithClip(t: ExecutionContext) {
  const cwd = await temporaryFolder(t)
  await writeSampleFile(join(cwd, 'zoo clip.avi'), 100_000)
  return cwd
}

test('the magnet link is the first and only line on stdout, and Ctrl-C ends it with 130', async t => {
  const cwd = await folderWithClip(t)
  const seed = await startCommand(t, ['seed', 'zoo clip.avi'], { cwd })
  await seed.says(/\[2\/2\] Seeding on port \d+/)
  t.regex(seed.stdout(), /^magnet:\?xt=urn:btih:[0-9a-f]{40}&dn=zoo%20clip\.avi\S*\n$/)
  seed.interrupt()
  t.is(await seed.exitCode, 130)
  t.regex(seed.stderr(), /^\[1\/2\] Hashed: zoo clip\.avi \(1 file, 100 kB\)/)
  t.false(seed.stderr().includes('ERR_'))
})

test('off a terminal nothing moves the cursor, and NO_COLOR takes the colours away on one', async t => {
  const cwd = await folderWithClip(t)
  const piped = await runCommand(t, ['seed', 'zoo clip.avi', '--seed-time', '0'], { cwd })
  t.false((piped.stdout + piped.stderr).includes('\u001B'))
  const variables = { NO_COLOR: '1' }
  const seed = await startCommand(t, ['seed', 'zoo clip.avi'], { cwd, columns: 80, variables })
  await seed.says(/Seeding zoo clip\.avi: 0 peers/)
  t.notRegex(seed.stderr(), /\u001B\[[\d;]*m/)
})

test('on a terminal the live line fits 80 columns, and the cursor is shown again at the end', async t => {
  const cwd = await temporaryFolder(t)
  const name = `${'日本の長い名前 '.repeat(8)}.avi`
  await writeSampleFile(join(cwd, name), 1000)
  const seed = await startCommand(t, ['seed', name], { cwd, columns: 80 })
  await seed.says(/0 peers, 0 B\/s up, 0 B uploaded, ratio 0\.00/)
  seed.interrupt()
  await seed.exitCode
  t.false(seed.stdout().includes('\u001B'))
  const written = seed.stderr()
  t.true(written.lastIndexOf('\u001B[?25h') > written.lastIndexOf('\u001B[?25l'))
  const lines = written.split(/\r?\n|\u001B\[1G|\u001B\[\?2026[hl]/).map(stripVTControlCharacters)
  const live = lines.filter(line => line.includes('0 peers'))
  t.true(live.length > 0)
  for (const line of live) t.true(displayWidth(line) <= 80, line)
})

test('--json gives the seeding event first, with all that the contract names', async t => {
  const cwd = await temporaryFolder(t)
  await writeSampleAlbum(join(cwd, 'trip'))
  await writeFile(join(cwd, 'trip', '.secret'), 'x')
  const seed = await startCommand(t, ['seed', 'trip', '--json'], { cwd })
  await seed.event('skipped')
  const [seeding, skipped] = seed.events()
  t.deepEqual(Object.keys(seeding!), [
    'event',
    'infoHash',
    'magnet',
    'name',
    'sizeBytes',
    'fileCount',
    'port',
  ])
  t.like(seeding, { event: 'seeding', name: 'trip', fileCount: 6, sizeBytes: 3_898_587 })
  t.like(skipped, { event: 'skipped', reason: 'hidden', path: join(cwd, 'trip', '.secret') })
  seed.interrupt()
  t.is(await seed.exitCode, 130)
  t.deepEqual(seed.events().at(-1), { event: 'interrupted' })
  t.is(seed.stderr(), '')
})

test('--out writes the torrent, does so again over the same one, and never over another file', async t => {
  const cwd = await folderWithClip(t)
  const args = ['seed', 'zoo clip.avi', '--out', 'zoo.torrent', '--seed-time', '0']
  t.is((await runCommand(t, args, { cwd })).exitCode, 0)
  t.is((await readTorrent(join(cwd, 'zoo.torrent'))).name, 'zoo clip.avi')
  t.is((await runCommand(t, args, { cwd })).exitCode, 0)

  await writeFile(join(cwd, 'zoo.torrent'), 'my diary')
  const { exitCode, stderr, stdout } = await runCommand(t, args, { cwd })
  t.is(exitCode, 5)
  t.true(stderr.includes('ERR_TARGET_EXISTS'))
  t.is(stdout, '')
  t.is(await readFile(join(cwd, 'zoo.torrent'), 'utf8'), 'my diary')
})

test('--seed-ratio 0 is enough at once', async t => {
  const cwd = await folderWithClip(t)
  const { exitCode, stderr } = await runCommand(t, ['seed', 'zoo clip.avi', '--seed-ratio', '0'], { cwd })
  t.is(exitCode, 0)
  t.regex(stderr, /Stopping: 0 B uploaded, ratio 0\.00\n$/)
})

test('--qr draws the link on stderr', async t => {
  const cwd = await folderWithClip(t)
  const { stdout, stderr } = await runCommand(t, ['seed', 'zoo clip.avi', '--qr', '--seed-time', '0'], {
    cwd,
  })
  t.regex(stderr, /^█+$/m)
  t.is(stdout.split('\n').length, 2)
})

test('a port that is taken ends it with 5', async t => {
  const cwd = await folderWithClip(t)
  const first = await startCommand(t, ['seed', 'zoo clip.avi', '--json'], { cwd })
  const { port } = await first.event('seeding')
  const { exitCode, stderr } = await runCommand(t, ['seed', 'zoo clip.avi', '--port', String(port)], { cwd })
  t.is(exitCode, 5)
  t.true(stderr.includes('ERR_PORT_TAKEN'))
})

test('a path that is not there ends it with 3', async t => {
  const { exitCode, stderr } = await runCommand(t, ['seed', 'gone.avi'])
  t.is(exitCode, 3)
  t.true(stderr.includes('ERR_PATH_NOT_FOUND'))
  t.true(stderr.includes('gone.avi'))
})

test('a name that would write to the terminal is shown with its control characters visible', async t => {
  const cwd = await temporaryFolder(t)
  await writeSampleFile(join(cwd, 'a\u001B[31mred.avi'), 1000)
  const { stderr } = await runCommand(t, ['seed', '.', '--seed-time', '0'], { cwd })
  t.false(stderr.includes('\u001B'))
  const gone = await runCommand(t, ['seed', 'b\u001B[31m.avi'], { cwd })
  t.false(gone.stderr.includes('\u001B'))
})

async function folderWithPhotos(t: ExecutionContext) {
  const cwd = await temporaryFolder(t)
  await mkdir(join(cwd, 'trip'))
  await writeFile(join(cwd, 'trip', 'a.jpg'), await samplePhoto('jpeg', { gps: true }))
  await writeFile(join(cwd, 'trip', 'b.jpg'), await samplePhoto('jpeg', { gps: true }))
  await writeFile(join(cwd, 'trip', 'c.jpg'), await samplePhoto('jpeg'))
  return cwd
}

test('seed says how many photos tell where they were taken, and how to share them without it', async t => {
  const cwd = await folderWithPhotos(t)
  const { stderr } = await runCommand(t, ['seed', 'trip', '--seed-time', '0'], { cwd })
  t.regex(stderr, /^2 files tell where they were taken: --location strip /m)
})

test('--location strip shares copies that do not tell, under the same names', async t => {
  const cwd = await folderWithPhotos(t)
  const seed = await startCommand(t, ['seed', 'trip', '--location', 'strip', '--json'], { cwd })
  const { magnet, port } = await seed.event('seeding')
  const peer = `127.0.0.1:${port}`
  const got = await runCommand(t, ['get', String(magnet), '--peer', peer, '--no-seed'])
  t.is(got.exitCode, 0)
  const photos = ['a.jpg', 'b.jpg', 'c.jpg'].map(name => join('trip', name))
  const there = await runCommand(t, ['info', ...photos, '--json'], { cwd })
  const here = await runCommand(t, ['info', ...photos, '--json'], { cwd: got.cwd })
  t.deepEqual(
    there.events().map(({ position }) => position !== undefined),
    [true, true, false],
  )
  t.true(here.events().every(({ position, width }) => position === undefined && width !== undefined))
})
