import { open, readFile, rename, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { runCommand } from '../../kit/command.ts'
import { writeSampleAlbum, writeSampleFile } from '../../kit/sample-files.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

async function tripWithTorrent(t: ExecutionContext, format = 'v1') {
  const cwd = await temporaryFolder(t)
  await writeSampleAlbum(join(cwd, 'trip'))
  await runCommand(t, ['create', 'trip', '--piece-size', '16K', '--format', format], { cwd })
  return cwd
}

async function flipByte(path: string, position: number) {
  const file = await open(path, 'r+')
  try {
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, position)
    await file.write(Buffer.from([buffer[0]! ^ 1]), 0, 1, position)
  } finally {
    await file.close()
  }
}

async function statuses(t: ExecutionContext, cwd: string, place?: string) {
  const args = place === undefined ? [] : [place]
  const { events, exitCode } = await runCommand(t, ['verify', 'trip.torrent', ...args, '--json'], { cwd })
  const files = events().filter(({ event }) => event === 'file')
  return {
    exitCode,
    of: Object.fromEntries(files.map(({ path, status }) => [String(path).slice(5), status])),
  }
}

test('an intact album is ok, named by its parent, by itself, or under another name', async t => {
  const cwd = await tripWithTorrent(t)
  for (const place of [undefined, '.', 'trip']) {
    const { exitCode, of } = await statuses(t, cwd, place)
    t.is(exitCode, 0)
    t.deepEqual([...new Set(Object.values(of))], ['ok'])
  }
  await rename(join(cwd, 'trip'), join(cwd, 'holiday'))
  t.is((await statuses(t, cwd, 'holiday')).exitCode, 0)
})

test('a changed byte, a short file and a missing one are told apart, and end it with 6', async t => {
  const cwd = await tripWithTorrent(t)
  await flipByte(join(cwd, 'trip', 'day 1', '🦁 roar.avi'), 1_000_000)
  await truncate(join(cwd, 'trip', 'day 2', 'exact.bin'), 5)
  await rm(join(cwd, 'trip', 'cover.jpg'))
  const { exitCode, of } = await statuses(t, cwd)
  t.is(exitCode, 6)
  t.deepEqual(of, {
    'cover.jpg': 'missing',
    'day 1/Löwe im Gras.jpg': 'unproven',
    'day 1/🦁 roar.avi': 'damaged',
    'day 2/deep/er/still/one byte.bin': 'unproven',
    'day 2/empty.txt': 'ok',
    'day 2/exact.bin': 'wrong size',
  })
})

for (const format of ['hybrid', 'v2'])
  test(`in a ${format} torrent a damaged file leaves its neighbours proven`, async t => {
    const cwd = await tripWithTorrent(t, format)
    await flipByte(join(cwd, 'trip', 'day 1', 'Löwe im Gras.jpg'), 310_006)
    const { of } = await statuses(t, cwd)
    t.is(of['day 1/Löwe im Gras.jpg'], 'damaged')
    t.deepEqual([...new Set(Object.values(of))].sort(), ['damaged', 'ok'])
  })

test('the report is a table on stdout, and the error names how many', async t => {
  const cwd = await tripWithTorrent(t)
  await flipByte(join(cwd, 'trip', 'day 2', 'exact.bin'), 500_000)
  const stdin = await readFile(join(cwd, 'trip.torrent'))
  const { stdout, stderr, exitCode } = await runCommand(t, ['verify', '-', 'trip'], { cwd, stdin })
  t.is(exitCode, 6)
  t.regex(stdout, /^#\s+Status\s+Path\n/)
  t.regex(stdout, /damaged \(1 of \d+ pieces\)\s+trip\/day 2\/exact\.bin/)
  t.regex(stderr, /^p2pshare: 1 file of 6 /)
  t.true(stderr.includes('ERR_HASH_MISMATCH'))
})

test('a single file is checked in its folder or by its own path, whatever it is called', async t => {
  const cwd = await temporaryFolder(t)
  await writeSampleFile(join(cwd, 'zoo.avi'), 100_000)
  await runCommand(t, ['create', 'zoo.avi'], { cwd })
  t.is((await runCommand(t, ['verify', 'zoo.avi.torrent'], { cwd })).exitCode, 0)
  await rename(join(cwd, 'zoo.avi'), join(cwd, 'lions.avi'))
  t.is((await runCommand(t, ['verify', 'zoo.avi.torrent', 'lions.avi'], { cwd })).exitCode, 0)
  t.is((await runCommand(t, ['verify', 'zoo.avi.torrent'], { cwd })).exitCode, 6)
})

test('a folder that is not there ends it with 3', async t => {
  const cwd = await tripWithTorrent(t)
  t.is((await runCommand(t, ['verify', 'trip.torrent', 'gone'], { cwd })).exitCode, 3)
})
