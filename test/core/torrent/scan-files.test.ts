import { execFileSync } from 'node:child_process'
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { type ScanOptions, scanFiles } from '../../../src/core/torrent/scan-files.ts'
import { findProgram } from '../../kit/external.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const isWindows = process.platform === 'win32'

/** Writes files of a few bytes each, with their folders. */
async function tree(t: ExecutionContext, ...names: string[]): Promise<string> {
  const root = join(await temporaryFolder(t, 'scan'), 'album')
  for (const name of names) {
    await mkdir(join(root, name, '..'), { recursive: true })
    await writeFile(join(root, name), name)
  }
  return root
}

const found = async (paths: string | string[], options?: ScanOptions) =>
  (await scanFiles([paths].flat(), options)).files.map(({ path }) => path.join('/'))

const skippedIn = async (root: string, options?: ScanOptions) => {
  const { skipped } = await scanFiles([root], options)
  return Object.fromEntries(skipped.map(({ path, reason }) => [path.slice(root.length + 1), reason]))
}

test('one file stands for itself, with its size and time', async t => {
  const root = await tree(t, 'Löwe 🦁.jpg')
  const { name, isAlbum, files, skipped } = await scanFiles([join(root, 'Löwe 🦁.jpg')])
  t.is(name, 'Löwe 🦁.jpg')
  t.false(isAlbum)
  t.deepEqual(skipped, [])
  t.like(files, { length: 1, 0: { source: join(root, 'Löwe 🦁.jpg'), path: [], sizeBytes: 14 } })
  t.true(files[0]!.modifiedMs > 0)
})

test('a folder makes an album of its name, even with one file in it', async t => {
  const root = await tree(t, 'a.jpg')
  t.like(await scanFiles([root]), { name: 'album', isAlbum: true, files: { 0: { path: ['a.jpg'] } } })
})

test('relative paths start at the given folder', async t => {
  const root = await tree(t, 'in/a.jpg')
  t.is((await scanFiles(['in/a.jpg'], { cwd: root })).files[0]!.source, join(root, 'in/a.jpg'))
  t.is((await scanFiles(['.'], { cwd: root })).name, 'album')
})

test('files come in the order of their names as bytes, folders among them', async t => {
  const root = await tree(t, 'b', 'a/z', 'a.txt', 'a b', 'a/a', 'Z', 'ä', '\u{1f981}', '\uff5e', '10', '9')
  t.deepEqual(await found(root), [
    '10',
    '9',
    'Z',
    'a/a',
    'a/z',
    'a b',
    'a.txt',
    'b',
    'ä',
    '\uff5e',
    '\u{1f981}',
  ])
})

test('names keep the form of their accents', async t => {
  const root = await tree(t, 'e\u0301.jpg', '\u00e9.jpg')
  t.deepEqual(await found(root), ['e\u0301.jpg', '\u00e9.jpg'])
})

test('several paths make an album in the order given, under the name of the first', async t => {
  const root = await tree(t, 'z.jpg', 'day/1.jpg', 'a.jpg')
  const paths = ['z.jpg', 'day', 'a.jpg'].map(name => join(root, name))
  const scan = await scanFiles(paths)
  t.is(scan.name, 'z.jpg')
  t.true(scan.isAlbum)
  t.deepEqual(await found(paths), ['z.jpg', 'day/1.jpg', 'a.jpg'])
})

test('given paths of the same name get distinct ones, and the same path counts once', async t => {
  const root = await tree(t, '1/p.jpg', '2/p.jpg', '3/p.jpg', '4/p.1.jpg', '5/day/a', '6/day/a')
  const paths = ['1/p.jpg', '2/p.jpg', '4/p.1.jpg', '3/p.jpg', '1/../1/p.jpg', '5/day', '6/day/'].map(name =>
    join(root, name),
  )
  t.deepEqual(await found(paths), ['p.jpg', 'p.2.jpg', 'p.1.jpg', 'p.3.jpg', 'day/a', 'day.1/a'])
})

test('symbolic links are not followed, neither within a folder, nor in a loop, nor where one is given', async t => {
  const root = await tree(t, 'a.jpg', 'real/b.jpg')
  const secret = await tree(t, 'secret.jpg')
  await symlink(join(secret, 'secret.jpg'), join(root, 'link.jpg'))
  await symlink(secret, join(root, 'folder'))
  await symlink(root, join(root, 'real', 'loop'))
  await symlink(join(root, 'nowhere'), join(root, 'dangling'))
  t.deepEqual(await found(root), ['a.jpg', 'real/b.jpg'])
  t.deepEqual(await skippedIn(root), {
    dangling: 'symlink',
    folder: 'symlink',
    'link.jpg': 'symlink',
    'real/loop': 'symlink',
  })
  t.deepEqual(await found([join(root, 'link.jpg'), join(root, 'a.jpg')]), [''])
  for (const link of ['link.jpg', 'folder', 'folder/'])
    await t.throwsAsync(scanFiles([join(root, link)]), { code: 'ERR_NOTHING_TO_SHARE', message: /symlink/ })
})

test('a FIFO and a socket are left out as special', async t => {
  if (isWindows) return t.pass()
  const root = await tree(t, 'a.jpg')
  execFileSync(findProgram('mkfifo')!, [join(root, 'pipe')])
  const server = createServer().listen(join(root, 'socket'))
  t.teardown(() => server.close())
  await new Promise(resolve => server.once('listening', resolve))
  t.deepEqual(await found(root), ['a.jpg'])
  t.deepEqual(await skippedIn(root), { pipe: 'special', socket: 'special' })
})

test('a file that cannot be read is left out and named', async t => {
  const root = await tree(t, 'a.jpg', 'locked.jpg', 'closed/b.jpg')
  if (process.platform === 'linux') {
    execFileSync('sh', ['-c', 'cd "$1" && : > "$(printf "not-utf8-\\377")"', 'sh', root])
    t.is(Object.values(await skippedIn(root))[0], 'unreadable')
  }
  if (isWindows || process.getuid?.() === 0) {
    t.log('Skipped: permissions do not bind the administrator')
    return t.pass()
  }
  await chmod(join(root, 'locked.jpg'), 0)
  await chmod(join(root, 'closed'), 0)
  t.teardown(() => chmod(join(root, 'closed'), 0o755))
  t.deepEqual(await found(root), ['a.jpg'])
  t.like(await skippedIn(root), { 'locked.jpg': 'unreadable', closed: 'unreadable' })
})

test('an empty folder is named; an empty file is shared', async t => {
  const root = await tree(t, 'a.jpg')
  await mkdir(join(root, 'nothing', 'in here'), { recursive: true })
  await writeFile(join(root, 'empty.txt'), '')
  t.deepEqual(await found(root), ['a.jpg', 'empty.txt'])
  t.deepEqual(await skippedIn(root), { 'nothing/in here': 'empty folder' })
})

test('hidden files and litter are left out unless asked for, or given themselves', async t => {
  const litter = ['.DS_Store', '._a.jpg', 'Thumbs.db', 'desktop.ini', '__MACOSX/x', 'a.jpg~']
  const root = await tree(t, 'a.jpg', '.hidden.jpg', '.git/config', ...litter)
  t.deepEqual(await found(root), ['a.jpg'])
  t.deepEqual(await skippedIn(root), {
    '.DS_Store': 'litter',
    '._a.jpg': 'litter',
    '.git': 'hidden',
    '.hidden.jpg': 'hidden',
    'Thumbs.db': 'litter',
    __MACOSX: 'litter',
    'a.jpg~': 'litter',
    'desktop.ini': 'litter',
  })
  t.is((await found(root, { hidden: true })).length, 9)
  t.is((await scanFiles([join(root, '.hidden.jpg')])).name, '.hidden.jpg')
})

test('globs choose by path and by bare name, without regard to case', async t => {
  const root = await tree(t, 'a.jpg', 'B.JPG', 'raw/a.dng', 'day [1]/c.jpg', 'day [1]/c.mov')
  t.deepEqual(await found(root, { include: ['*.jpg'] }), ['B.JPG', 'a.jpg', 'day [1]/c.jpg'])
  t.deepEqual(await found(root, { exclude: ['*.jpg', 'raw'] }), ['day [1]/c.mov'])
  t.deepEqual(await found(root, { include: ['day [1]'], exclude: ['*.mov'] }), ['day [1]/c.jpg'])
  t.deepEqual(await found(root, { include: ['day*/**'] }), ['day [1]/c.jpg', 'day [1]/c.mov'])
  t.deepEqual(await skippedIn(root, { exclude: ['raw', 'B.jpg'] }), { 'B.JPG': 'excluded', raw: 'excluded' })
  await t.throwsAsync(scanFiles([root], { include: ['*.png'] }), {
    code: 'ERR_NOTHING_TO_SHARE',
    message: /excluded/,
  })
  await t.throwsAsync(scanFiles([root], { include: [''] }), { code: 'ERR_INVALID_ARGUMENT' })
})

test('where nothing is left to share, it says why', async t => {
  const root = await tree(t, '.hidden')
  await t.throwsAsync(scanFiles([]), { code: 'ERR_NOTHING_TO_SHARE' })
  await t.throwsAsync(scanFiles([root]), { code: 'ERR_NOTHING_TO_SHARE', message: /\.hidden \(hidden\)/ })
  await t.throwsAsync(scanFiles([join(root, 'no such.jpg')]), {
    code: 'ERR_PATH_NOT_FOUND',
    message: /no such\.jpg/,
  })
  await writeFile(join(root, 'empty.jpg'), '')
  await t.throwsAsync(scanFiles([root]), { code: 'ERR_NOTHING_TO_SHARE', message: /empty/ })
})

test('a scan ends when it is aborted', async t => {
  const root = await tree(t, 'a/b/c.jpg')
  const reason = new Error('enough')
  await t.throwsAsync(scanFiles([root], { signal: AbortSignal.abort(reason) }), { is: reason })
})
