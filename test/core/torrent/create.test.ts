import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFile, mkdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import test, { type ExecutionContext } from 'ava'
import createTorrentPackage from 'create-torrent'
import { decodeBencode } from '../../../src/core/bencode/decode.ts'
import type { BencodeDict } from '../../../src/core/bencode/value.ts'
import type { HashProgress } from '../../../src/core/hash/hash-progress.ts'
import { createFromFiles, createTorrent } from '../../../src/core/torrent/create.ts'
import { scanFiles } from '../../../src/core/torrent/scan-files.ts'
import { findProgram, requireProgram } from '../../kit/external.ts'
import { sampleBytes, writeSampleAlbum, writeSampleFile } from '../../kit/sample-files.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const run = promisify(execFile)
const awkward = [
  'a.txt',
  'a/1',
  'a/2',
  'b c',
  'é',
  'e\u0301',
  '🦁 roar',
  '#1',
  "it's",
  'Z',
  '[x]',
  'a b/🦁',
  '0/0/0/0',
]

const infoHash = (torrent: Uint8Array) => {
  const info = (decodeBencode(torrent) as BencodeDict).rawOf('info')!
  return createHash('sha1').update(info).digest('hex')
}

const byCreateTorrent = (input: string | string[], options = {}) =>
  new Promise<string>((resolve, reject) =>
    createTorrentPackage(input, options, (error, torrent) =>
      error ? reject(error) : resolve(infoHash(torrent)),
    ),
  )

async function byMktorrent(t: ExecutionContext, target: string, exponent: number): Promise<string> {
  const torrent = join(await temporaryFolder(t, 'mktorrent'), 'made.torrent')
  const options = ['-l', String(exponent), '-a', 'http://127.0.0.1/announce', '-o', torrent, target]
  await run(findProgram('mktorrent')!, options)
  return infoHash(await readFile(torrent))
}

/** What libtorrent reads of a torrent, and how much of it is on disk where `folder` is given. */
async function byLibtorrent(t: ExecutionContext, torrent: Uint8Array, folder: string) {
  const path = join(await temporaryFolder(t, 'libtorrent'), 'made.torrent')
  await writeFile(path, torrent)
  const script = fileURLToPath(new URL('read-with-libtorrent.py', import.meta.url))
  const { stdout } = await run(findProgram('python3-libtorrent')!, [script, path, folder])
  return JSON.parse(stdout) as { v1: string | null; v2: string | null; progress: number; isSeeding: boolean }
}

async function awkwardAlbum(t: ExecutionContext): Promise<string> {
  const album = join(await temporaryFolder(t, 'create'), 'Zoo 🦁 é')
  for (const [index, name] of awkward.entries())
    await writeSampleFile(join(album, name), (index * 7919) % 60_000, name)
  return writeSampleAlbum(album)
}

test('a single file has the info-hash that create-torrent gives it', async t => {
  const folder = await temporaryFolder(t, 'create')
  for (const size of [1, 16_384, 1_000_000, 30_000_001]) {
    const path = await writeSampleFile(join(folder, `🦁 ${size}.avi`), size)
    const { metainfo } = await createTorrent(path)
    t.is(metainfo.infoHash, await byCreateTorrent(path), `${size} bytes`)
  }
})

test('an album of awkward names has the info-hash that create-torrent gives it', async t => {
  const album = await awkwardAlbum(t)
  for (const options of [{}, { pieceLength: 65_536 }, { name: 'other' }])
    t.is((await createTorrent(album, options)).metainfo.infoHash, await byCreateTorrent(album, options))
  const some = ['é', 'a', 'Z'].map(name => join(album, name))
  t.is((await createTorrent(some)).metainfo.infoHash, await byCreateTorrent(some))
})

test('a folder of one file has the info-hash that create-torrent gives it', async t => {
  const folder = join(await temporaryFolder(t, 'create'), 'one')
  await writeSampleFile(join(folder, 'a.jpg'), 1000)
  t.is((await createTorrent(folder)).metainfo.infoHash, await byCreateTorrent(folder))
})

test('a file and an album have the info-hash that mktorrent gives them', async t => {
  if (!requireProgram(t, 'mktorrent')) return
  const folder = await temporaryFolder(t, 'create')
  const file = await writeSampleFile(join(folder, 'a film.avi'), 9_000_001)
  const album = await writeSampleAlbum(join(folder, 'Zoo 🦁 é'))
  for (const path of [file, album])
    for (const exponent of [15, 18, 20]) {
      const { metainfo } = await createTorrent(path, { pieceLength: 2 ** exponent })
      t.is(metainfo.infoHash, await byMktorrent(t, path, exponent))
    }
})

test('a folder beside a longer name that starts like it comes first, unlike in mktorrent', async t => {
  if (!requireProgram(t, 'mktorrent')) return
  const album = join(await temporaryFolder(t, 'create'), 'album')
  for (const name of ['day/1.jpg', 'day.txt']) await writeSampleFile(join(album, name), 100)
  const { metainfo } = await createTorrent(album, { pieceLength: 32_768 })
  t.deepEqual(
    metainfo.files.map(({ path }) => path),
    ['album/day/1.jpg', 'album/day.txt'],
  )
  t.is(metainfo.infoHash, await byCreateTorrent(album, { pieceLength: 32_768 }))
  t.not(metainfo.infoHash, await byMktorrent(t, album, 15))
})

test('the pieces of 2,000 photos match, and each is a source in the order of the torrent', async t => {
  const album = join(await temporaryFolder(t, 'create'), 'photos')
  await mkdir(album)
  const photo = sampleBytes(5000)
  for (let index = 0; index < 2000; index++) await writeFile(join(album, `IMG_${index}.jpg`), photo)
  const { metainfo, sources } = await createTorrent(album)
  t.is(metainfo.infoHash, await byCreateTorrent(album))
  t.deepEqual(
    sources.map(({ path }) => `photos/${path.join('/')}`),
    metainfo.files.map(({ path }) => path),
  )
})

test('libtorrent reads the same info-hashes and finds every piece of a hybrid, a v1 and a v2 torrent', async t => {
  if (!requireProgram(t, 'python3-libtorrent')) return
  const album = await awkwardAlbum(t)
  const file = await writeSampleFile(join(dirname(album), 'film.avi'), 3_000_001)
  const given: [path: string, format: 'v1' | 'hybrid' | 'v2', pieceLength: number][] = [
    [album, 'hybrid', 16_384],
    [album, 'hybrid', 262_144],
    [album, 'v1', 65_536],
    [file, 'hybrid', 32_768],
    [join(album, '0'), 'hybrid', 16_384],
    [album, 'v2', 16_384],
    [album, 'v2', 262_144],
    [file, 'v2', 32_768],
  ]
  for (const [path, format, pieceLength] of given) {
    const { bytes, metainfo } = await createTorrent(path, { format, pieceLength })
    t.deepEqual(await byLibtorrent(t, bytes, dirname(path)), {
      v1: metainfo.infoHash ?? null,
      v2: metainfo.infoHashV2 ?? null,
      progress: 1,
      isSeeding: true,
    })
  }
})

test('a hybrid and a v2 torrent have the info-hashes of those that libtorrent makes', async t => {
  if (!requireProgram(t, 'python3-libtorrent')) return
  const folder = await temporaryFolder(t, 'create')
  const album = join(folder, 'album')
  for (const name of awkward.filter(name => name !== 'e\u0301'))
    await writeSampleFile(join(album, name), 40_000 + name.length * 9000)
  const file = await writeSampleFile(join(folder, 'film.avi'), 700_001)
  const script = fileURLToPath(new URL('create-with-libtorrent.py', import.meta.url))
  for (const format of ['hybrid', 'v2'] as const) {
    for (const path of [album, file]) {
      const { metainfo } = await createTorrent(path, { format, pieceLength: 32_768 })
      const { stdout } = await run(findProgram('python3-libtorrent')!, [script, path, '32768', format])
      t.deepEqual(JSON.parse(stdout), { v1: metainfo.infoHash ?? null, v2: metainfo.infoHashV2 })
    }
  }
})

test('a hybrid torrent made of paths in another order is the same', async t => {
  const album = await writeSampleAlbum(join(await temporaryFolder(t, 'create'), 'album'))
  const given = ['day 2', 'cover.jpg', 'day 1'].map(name => join(album, name))
  const one = await createTorrent(given, { format: 'hybrid', name: 'x' })
  const other = await createTorrent(given.toReversed(), { format: 'hybrid', name: 'x' })
  t.is(one.metainfo.infoHashV2, other.metainfo.infoHashV2)
  t.is(one.sources[0]!.source, join(album, 'cover.jpg'))
})

test('only what was asked for is in the torrent, and nothing of it changes the info-hash', async t => {
  const path = await writeSampleFile(join(await temporaryFolder(t, 'create'), 'a.jpg'), 1000)
  const plain = await createTorrent(path)
  const keysOf = (torrent: Uint8Array) =>
    [...(decodeBencode(torrent) as BencodeDict).entries()].map(([key]) => Buffer.from(key).toString())
  t.deepEqual(keysOf(plain.bytes), ['created by', 'creation date', 'info'])
  t.deepEqual(plain.metainfo.trackers, [])
  t.regex(plain.metainfo.createdBy!, /^p2pshare\/\d+\.\d+\.\d+/)
  t.true(Math.abs(plain.metainfo.createdAt!.getTime() - Date.now()) < 60_000)

  const full = await createTorrent(path, {
    announce: ['udp://127.0.0.1:1/announce', 'wss://tracker.example/'],
    webSeeds: ['http://127.0.0.1/films/'],
    comment: 'A zoo',
    createdAt: new Date(86_400_000),
  })
  t.like(full.metainfo, {
    trackers: [['udp://127.0.0.1:1/announce'], ['wss://tracker.example/']],
    webSeeds: ['http://127.0.0.1/films/'],
    comment: 'A zoo',
    createdAt: new Date(86_400_000),
    infoHash: plain.metainfo.infoHash!,
  })
  const one = await createTorrent(path, { announce: [['udp://127.0.0.1:1']], createdAt: false })
  t.deepEqual(keysOf(one.bytes), ['announce', 'created by', 'info'])

  const hidden = await createTorrent(path, { isPrivate: true })
  t.true(hidden.metainfo.isPrivate)
  t.not(hidden.metainfo.infoHash, plain.metainfo.infoHash)
})

test('what cannot become a torrent is refused before anything is hashed', async t => {
  const path = await writeSampleFile(join(await temporaryFolder(t, 'create'), 'a.jpg'), 1000)
  const bad = [
    { pieceLength: 1000 },
    { name: 'a/b' },
    { name: '..' },
    { announce: ['not a url'] },
    { announce: ['file:///etc/passwd'] },
    { webSeeds: ['udp://127.0.0.1'] },
    { announce: Array.from({ length: 101 }, (_, index) => `udp://127.0.0.1:${index + 1}`) },
    { comment: 'x'.repeat(5000) },
    { createdAt: new Date(Number.NaN) },
  ]
  const onProgress = () => t.fail('it was hashed')
  for (const options of bad)
    await t.throwsAsync(createTorrent(path, { ...options, onProgress }), { code: 'ERR_INVALID_ARGUMENT' })
  const large = join(dirname(path), 'large')
  await writeFile(large, '')
  await truncate(large, 2 ** 40)
  await t.throwsAsync(createTorrent(large, { pieceLength: 16_384, onProgress }), {
    code: 'ERR_TORRENT_TOO_LARGE',
  })
  await t.throwsAsync(createTorrent(join(dirname(path), 'none')), { code: 'ERR_PATH_NOT_FOUND' })
})

test('a file that changed after it was found is named', async t => {
  const path = await writeSampleFile(join(await temporaryFolder(t, 'create'), 'a.jpg'), 1000)
  const scan = await scanFiles([path])
  await appendFile(path, 'more')
  const error = await t.throwsAsync(createFromFiles(scan), { code: 'ERR_SOURCE_CHANGED' })
  t.true(error.message.includes(path))
})

test('a file can stand in for one that was found', async t => {
  const album = await writeSampleAlbum(join(await temporaryFolder(t, 'create'), 'album'))
  const copy = await writeSampleFile(join(dirname(album), 'copy'), 500)
  const scan = await scanFiles([album])
  const {
    files: [standIn],
  } = await scanFiles([copy])
  const files = scan.files.map((file, index) => (index === 0 ? { ...standIn!, path: file.path } : file))
  const { metainfo, sources } = await createFromFiles({ ...scan, files })
  t.is(metainfo.files[0]!.sizeBytes, 500)
  t.is(metainfo.files[0]!.path, 'album/cover.jpg')
  t.is(sources[0]!.source, copy)
})

test('progress goes forward only, and ends with all bytes and files', async t => {
  const album = await writeSampleAlbum(join(await temporaryFolder(t, 'create'), 'album'))
  await writeSampleFile(join(album, 'large.bin'), 40_000_000)
  for (const format of ['v1', 'hybrid'] as const) {
    const seen: HashProgress[] = []
    const { metainfo } = await createTorrent(album, {
      format,
      pieceLength: 65_536,
      onProgress: now => seen.push(now),
    })
    t.true(seen.length > 3)
    t.true(seen.every(({ hashedBytes }, index) => hashedBytes >= (seen[index - 1]?.hashedBytes ?? 0)))
    const { sizeBytes } = metainfo
    t.deepEqual(seen.at(-1), { hashedBytes: sizeBytes, totalBytes: sizeBytes, filesDone: 7, fileCount: 7 })
  }
})

test('aborting ends the making of a torrent with the reason', async t => {
  const path = join(await temporaryFolder(t, 'create'), 'a.avi')
  await writeFile(path, '')
  await truncate(path, 400_000_000)
  const controller = new AbortController()
  const reason = new Error('enough')
  const { signal } = controller
  await t.throwsAsync(createTorrent(path, { signal, onProgress: () => controller.abort(reason) }), {
    is: reason,
  })
  await t.throwsAsync(createTorrent(path, { signal }), { is: reason })
})

test('memory does not grow with what is hashed', async t => {
  const folder = await temporaryFolder(t, 'create')
  const peakMegabytes = async (sizeBytes: number) => {
    const path = join(folder, `${sizeBytes}.avi`)
    await writeFile(path, '')
    await truncate(path, sizeBytes)
    const script = fileURLToPath(new URL('create-in-child.ts', import.meta.url))
    const { stdout } = await run(process.execPath, [script, path])
    return Number(stdout) / 1024
  }
  const small = await peakMegabytes(16 * 2 ** 20)
  const large = await peakMegabytes(2 ** 30)
  t.true(large - small < 40, `${small} MB, then ${large} MB`)
})

test('the name of a torrent is that of the folder that a path ends in', async t => {
  const album = await writeSampleAlbum(join(await temporaryFolder(t, 'create'), 'album'))
  t.is((await createTorrent('.', { cwd: album })).metainfo.name, basename(album))
})
