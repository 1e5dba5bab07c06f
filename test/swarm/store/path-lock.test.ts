import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { lockPath, type PathLock } from '../../../src/swarm/store/path-lock.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

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

test('the lock of a process that is gone is taken over', async t => {
  const folder = await temporaryFolder(t)
  const gone = spawn(process.execPath, ['-e', '0'])
  await once(gone, 'exit')
  const held = await lockPath(folder, '/films/clip.avi', infoHash)
  const [name] = await readdir(folder)
  if (!isLock(held)) return t.fail('the path was free')
  await held.release()
  await writeFile(join(folder, name!), JSON.stringify({ pid: gone.pid, infoHash }))
  t.true(isLock(await lockPath(folder, '/films/clip.avi', infoHash)))
})

test('a lock file that says nothing is taken over', async t => {
  const folder = await temporaryFolder(t)
  const held = await lockPath(folder, '/films/clip.avi', infoHash)
  const [name] = await readdir(folder)
  if (!isLock(held)) return t.fail('the path was free')
  await held.release()
  for (const rubbish of ['', '{', '{"pid":-1}', '{"pid":"1"}', 'null']) {
    await writeFile(join(folder, name!), rubbish)
    const again = await lockPath(folder, '/films/clip.avi', infoHash)
    if (!isLock(again)) return t.fail(rubbish)
    t.pass()
    await again.release()
  }
})
