import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { runCommand } from '../../kit/command.ts'
import { sampleBytes, writeSampleAlbum } from '../../kit/sample-files.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

async function tripWithTorrent(t: ExecutionContext) {
  const cwd = await temporaryFolder(t)
  await writeSampleAlbum(join(cwd, 'trip'))
  await runCommand(t, ['create', 'trip', '--piece-size', '16K', '--comment', 'red \u001B[31m'], { cwd })
  return cwd
}

/** The shortest photo there is that tells its dimensions: a PNG of one pixel. */
const onePixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

test('a torrent is told with its hashes, pieces and numbered files', async t => {
  const cwd = await tripWithTorrent(t)
  const { stdout, stderr, exitCode } = await runCommand(t, ['info', 'trip.torrent'], { cwd })
  t.is(exitCode, 0)
  t.regex(stdout, /^Name +trip\nSize +3\.9 MB in 6 files\nInfo-hash +[0-9a-f]{40}\n/)
  t.regex(stdout, /^Pieces +238 pieces of 16 KiB$/m)
  t.regex(stdout, /^Link +magnet:/m)
  t.regex(stdout, /^3 +2\.5 MB +trip\/day 1\/🦁 roar\.avi$/m)
  t.false(stdout.includes('\u001B'))
  t.is(stderr, '')
})

test('--json of a torrent is one object with its files, from stdin too', async t => {
  const cwd = await tripWithTorrent(t)
  const stdin = await readFile(join(cwd, 'trip.torrent'))
  const { events } = await runCommand(t, ['info', '-', '--json'], { stdin })
  t.is(events().length, 1)
  t.like(events()[0], {
    event: 'torrent',
    name: 'trip',
    format: 'v1',
    sizeBytes: 3_898_587,
    pieceLength: 16_384,
  })
  t.is((events()[0]!.files as unknown[]).length, 6)
})

test('a magnet link and an info-hash are read without asking anyone', async t => {
  const link = `magnet:?xt=urn:btih:${'ab'.repeat(20)}&dn=zoo%20clip&tr=http%3A%2F%2F127.0.0.1%3A1%2Fannounce`
  const { stdout } = await runCommand(t, ['info', link])
  t.regex(stdout, /^Name +zoo clip\nInfo-hash +(ab){20}\nTracker +http:\/\/127\.0\.0\.1:1\/announce\n/)
  const bare = await runCommand(t, ['info', 'ab'.repeat(20), '--json'])
  t.like(bare.events()[0], { event: 'magnet', infoHash: 'ab'.repeat(20) })
})

test('a photo is told with its kind and dimensions', async t => {
  const cwd = await temporaryFolder(t)
  await writeFile(join(cwd, 'dot.png'), onePixel)
  const { stdout } = await runCommand(t, ['info', 'dot.png'], { cwd })
  t.regex(stdout, /^Name +dot\.png\nKind +photo \(image\/png\)\nSize +\d+ B\nDimensions +1 × 1\n/)
  const json = await runCommand(t, ['info', 'dot.png', '--json'], { cwd })
  t.like(json.events()[0], { event: 'media', type: 'photo', mime: 'image/png', width: 1, height: 1 })
})

test('a folder is told by kinds, and what seed would leave out', async t => {
  const cwd = await temporaryFolder(t)
  await writeSampleAlbum(join(cwd, 'trip'))
  await writeFile(join(cwd, 'trip', 'dot.png'), onePixel)
  await writeFile(join(cwd, 'trip', '.secret'), 'x')
  const { stdout } = await runCommand(t, ['info', 'trip'], { cwd })
  t.regex(stdout, /^Photos +1 file, \d+ B$/m)
  t.regex(stdout, /^Left out +.*\.secret \(hidden\)$/m)
})

test('several are told one after another', async t => {
  const cwd = await tripWithTorrent(t)
  const { events } = await runCommand(t, ['info', 'trip.torrent', 'ab'.repeat(20), '--json'], { cwd })
  t.deepEqual(
    events().map(({ event }) => event),
    ['torrent', 'magnet'],
  )
})

test('a torrent that is none ends it with 3, and no stack is shown', async t => {
  const cwd = await temporaryFolder(t)
  await writeFile(join(cwd, 'bad.torrent'), sampleBytes(1000))
  const { exitCode, stderr } = await runCommand(t, ['info', 'bad.torrent'], { cwd })
  t.is(exitCode, 3)
  t.regex(stderr, /ERR_INVALID_(BENCODE|TORRENT)\n$/)
  const debug = await runCommand(t, ['info', 'bad.torrent'], { cwd, variables: { P2PSHARE_DEBUG: '1' } })
  t.regex(debug.stderr, /\n\s+at /)
})

test('an address is refused, because info asks nobody', async t => {
  t.is((await runCommand(t, ['info', 'http://127.0.0.1:1/x.torrent'])).exitCode, 3)
})
