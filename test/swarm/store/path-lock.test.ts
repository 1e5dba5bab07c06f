import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { lockPath, type PathLock } from '../../../src/swarm/store/path-lock.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const lockModule = new URL('../../../src/swarm/store/path-lock.ts', import.meta.url).href
const infoHash = 'ab'.repeat(20)
const isLock = (found: object): found is PathLock => 'release' in found

test('a path is locked once, and free again after its release', async t => {
  const folder = await temporaryFolder(t)
  const first = await lockPath(folder, '/films/clip.avi', infoHash)
  if (!isLock(first)) return t.fail('the path was free')
  t.deepEqual(await lockPath(folder, '/films/clip.avi', infoHash), { pid: process.pid, infoHash })
  t.true(isLock(await lockPath(folder, '/films/other.avi', infoHash)))
  await first.release()
  t.true(isLock(await lockPath(folder, '/films/clip.avi', infoHash)))
})

test('of many that ask at the same time just one gets the lock', async t => {
  const folder = await temporaryFolder(t)
  const asked = await Promise.all(
    Array.from({ length: 50 }, () => lockPath(folder, '/films/clip.avi', infoHash)),
  )
  t.is(asked.filter(isLock).length, 1)
})

test('a path that is let go is free for another torrent, and nothing is left of the last lock', async t => {
  const folder = await temporaryFolder(t)
  const other = 'cd'.repeat(20)
  const first = await lockPath(folder, '/films/clip.avi', infoHash)
  t.deepEqual(await lockPath(folder, '/films/clip.avi', other), { pid: process.pid, infoHash })
  if (!isLock(first)) return t.fail('the path was free')
  await Promise.all([first.release(), first.release()])
  const second = await lockPath(folder, '/films/clip.avi', other)
  t.deepEqual(await lockPath(folder, '/films/clip.avi', infoHash), { pid: process.pid, infoHash: other })
  if (!isLock(second)) return t.fail('the path was free')
  await second.release()
  t.deepEqual(await readdir(folder, { recursive: true }), ['registers'])
})

test('another process is told who holds a lock, and for which torrent', async t => {
  const folder = await temporaryFolder(t)
  const child = lockingChild(t, folder, ['/films/a.avi', '/films/b.avi'])
  t.deepEqual(await child.got, ['/films/a.avi', '/films/b.avi'])
  t.deepEqual(await lockPath(folder, '/films/b.avi', 'cd'.repeat(20)), { pid: child.pid, infoHash })
})

test('what a killed process locked is had again, and nothing is left of that process', async t => {
  const folder = await temporaryFolder(t)
  const paths = Array.from({ length: 20 }, (_, index) => `/films/${index}.avi`)
  const child = lockingChild(t, folder, paths)
  await child.got
  await child.kill()
  const locks = await Promise.all(paths.map(path => lockPath(folder, path, infoHash)))
  t.true(locks.every(isLock))
  for (const lock of locks) if (isLock(lock)) await lock.release()
  t.deepEqual(await readdir(folder, { recursive: true }), ['registers'])
})

test('of several processes that find the locks of a killed one each path is had by one', async t => {
  const folder = await temporaryFolder(t)
  const paths = Array.from({ length: 60 }, (_, index) => `/films/${index}.avi`)
  const killed = lockingChild(t, folder, paths)
  await killed.got
  await killed.kill()
  const heirs = [1, 2, 3].map(() => lockingChild(t, folder, paths))
  const got = await Promise.all(heirs.map(heir => heir.got))
  t.deepEqual(got.flat().sort(), [...paths].sort())
})

test('a deleted folder of locks is made again', async t => {
  const folder = await temporaryFolder(t)
  t.true(isLock(await lockPath(folder, '/films/clip.avi', infoHash)))
  await rm(folder, { recursive: true })
  t.true(isLock(await lockPath(folder, '/films/other.avi', infoHash)))
})

test('a lock file that says nothing is taken over', async t => {
  const folder = await temporaryFolder(t)
  const held = await lockPath(folder, '/films/clip.avi', infoHash)
  const name = (await readdir(folder)).find(found => found.endsWith('.lock'))
  if (!isLock(held)) return t.fail('the path was free')
  await held.release()
  for (const rubbish of [
    '',
    '{',
    '{"pid":-1,"register":"a"}',
    '{"pid":"1","register":"a"}',
    '{"pid":1,"register":"../a"}',
    'null',
  ]) {
    await writeFile(join(folder, name!), rubbish)
    const again = await lockPath(folder, '/films/clip.avi', infoHash)
    if (!isLock(again)) return t.fail(rubbish)
    t.pass()
    await again.release()
  }
})

/** A process that takes the locks that it can have, and holds them until it is killed. */
function lockingChild(t: ExecutionContext, folder: string, paths: readonly string[]) {
  const script = `
    import { lockPath } from ${JSON.stringify(lockModule)}
    const paths = ${JSON.stringify(paths)}
    const got = await Promise.all(paths.map(async path =>
      'release' in (await lockPath(${JSON.stringify(folder)}, path, ${JSON.stringify(infoHash)})) ? path : undefined))
    console.log(JSON.stringify(got.filter(path => path !== undefined)))
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  t.teardown(kill)
  const got = once(child.stdout, 'data').then(([line]): string[] => JSON.parse(String(line)))
  return { pid: child.pid!, got, kill }
}

test.serial('thousands of locks of a killed process are taken over in little memory', async t => {
  const folder = await temporaryFolder(t)
  const paths = Array.from({ length: 3_000 }, (_, index) => `/films/${index}.avi`)
  const child = lockingChild(t, folder, paths)
  await child.got
  await child.kill()
  const before = process.memoryUsage().rss
  const locks = await Promise.all(paths.map(path => lockPath(folder, path, infoHash)))
  t.true(locks.every(isLock))
  const grown = process.memoryUsage().rss - before
  t.true(grown < 200_000_000, `${grown} bytes more`)
  await Promise.all(locks.map(lock => isLock(lock) && lock.release()))
})
