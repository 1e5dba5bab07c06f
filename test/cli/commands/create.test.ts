import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { parseMetainfo, readTorrent } from '../../../src/core/index.ts'
import { runCommand } from '../../kit/command.ts'
import { writeSampleAlbum, writeSampleFile } from '../../kit/sample-files.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

async function folderWithTrip(t: ExecutionContext) {
  const cwd = await temporaryFolder(t)
  await writeSampleAlbum(join(cwd, 'trip'))
  return cwd
}

test('the torrent is written beside the album, and its path is the line on stdout', async t => {
  const cwd = await folderWithTrip(t)
  const { exitCode, stdout } = await runCommand(t, ['create', 'trip'], { cwd })
  t.is(exitCode, 0)
  t.is(stdout, `${join(cwd, 'trip.torrent')}\n`)
  t.is((await readTorrent(join(cwd, 'trip.torrent'))).files.length, 6)
})

test('every option ends up in the torrent', async t => {
  const cwd = await folderWithTrip(t)
  const tracker = 'http://127.0.0.1:1/announce'
  const args = [
    '-o',
    'x.torrent',
    '-n',
    'Our trip',
    '--piece-size',
    '64K',
    '-a',
    tracker,
    '-w',
    'http://127.0.0.1/',
  ]
  const filters = ['--include', '*.jpg', '--exclude', 'cover*', '--comment', 'for you', '--private']
  await runCommand(t, ['create', 'trip', ...args, ...filters, '--format', 'hybrid'], { cwd })
  const metainfo = await readTorrent(join(cwd, 'x.torrent'))
  t.like(metainfo, {
    name: 'Our trip',
    pieceLength: 65_536,
    isPrivate: true,
    comment: 'for you',
    format: 'hybrid',
  })
  t.deepEqual(metainfo.trackers, [[tracker]])
  t.deepEqual(metainfo.webSeeds, ['http://127.0.0.1/'])
  t.deepEqual(
    metainfo.files.filter(({ isPad }) => !isPad).map(({ path }) => path),
    ['Our trip/day 1/Löwe im Gras.jpg'],
  )
})

test('the same options come from the environment', async t => {
  const cwd = await folderWithTrip(t)
  const variables = {
    P2PSHARE_PIECE_SIZE: '64K',
    P2PSHARE_ANNOUNCE: 'http://127.0.0.1:1/announce\nhttp://127.0.0.1:2/announce',
    P2PSHARE_PRIVATE: '1',
    P2PSHARE_HIDDEN: '0',
    P2PSHARE_OUT: '-',
  }
  const { stdoutBytes } = await runCommand(t, ['create', 'trip'], { cwd, variables })
  const metainfo = parseMetainfo(stdoutBytes)
  t.like(metainfo, { pieceLength: 65_536, isPrivate: true })
  t.is(metainfo.trackers.flat().length, 2)
})

test('--out - writes nothing but the torrent to stdout', async t => {
  const cwd = await folderWithTrip(t)
  const { stdoutBytes, exitCode } = await runCommand(t, ['create', 'trip', '-o', '-'], { cwd })
  t.is(exitCode, 0)
  t.is(parseMetainfo(stdoutBytes).name, 'trip')
  t.is((await runCommand(t, ['create', 'trip', '-o', '-', '--json'], { cwd })).exitCode, 2)
})

test('--json tells the hashes, the link and what was left out', async t => {
  const cwd = await folderWithTrip(t)
  await writeFile(join(cwd, 'trip', '.DS_Store'), 'x')
  const { events, stderr } = await runCommand(t, ['create', 'trip', '--json'], { cwd })
  const [created, skipped] = events()
  const { infoHash } = await readTorrent(join(cwd, 'trip.torrent'))
  t.like(created, { event: 'created', infoHash, name: 'trip', sizeBytes: 3_898_587 })
  t.true(String(created?.magnet).includes(String(infoHash)))
  t.like(skipped, { event: 'skipped', path: join(cwd, 'trip', '.DS_Store') })
  t.is(stderr, '')
})

test('what is left out is named', async t => {
  const cwd = await folderWithTrip(t)
  await writeFile(join(cwd, 'trip', '.secret'), 'x')
  await mkdir(join(cwd, 'trip', 'nothing'))
  const { stderr } = await runCommand(t, ['create', 'trip'], { cwd })
  t.regex(stderr, /Left out: trip\/\.secret \(hidden\)/)
  t.regex(stderr, /Left out: trip\/nothing \(empty folder\)/)
})

test('another file in the way is kept, and ends it with 5', async t => {
  const cwd = await folderWithTrip(t)
  await writeFile(join(cwd, 'trip.torrent'), 'my diary')
  const { exitCode, stderr } = await runCommand(t, ['create', 'trip'], { cwd })
  t.is(exitCode, 5)
  t.true(stderr.includes('ERR_TARGET_EXISTS'))
  t.is(await readFile(join(cwd, 'trip.torrent'), 'utf8'), 'my diary')
})

test('a piece size that is no power of two ends it with 2, an empty folder with 3', async t => {
  const cwd = await temporaryFolder(t)
  await writeSampleFile(join(cwd, 'zoo.avi'), 10)
  await mkdir(join(cwd, 'empty'))
  t.is((await runCommand(t, ['create', 'zoo.avi', '--piece-size', '100K'], { cwd })).exitCode, 2)
  const empty = await runCommand(t, ['create', 'empty'], { cwd })
  t.is(empty.exitCode, 3)
  t.true(empty.stderr.includes('ERR_NOTHING_TO_SHARE'))
})
