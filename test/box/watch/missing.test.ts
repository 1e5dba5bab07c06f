import { execFile } from 'node:child_process'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import test from 'ava'
import { writeSampleFile } from '../../kit/sample-files.ts'
import { canMountDisks } from '../../kit/small-disk.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'
import { waitUntil } from '../../kit/wait-until.ts'
import { startWatching } from '../../kit/watch.ts'

const run = promisify(execFile)

test('what is shared from a folder that is gone is kept as missing, and comes back with it', async t => {
  const root = join(await temporaryFolder(t), 'watched')
  await writeSampleFile(join(root, 'lions.avi'), 50_000)
  const { seeded, problems, created, holds } = await startWatching(t, { root })
  const item = await seeded('lions.avi')
  await rename(root, `${root} elsewhere`)
  await waitUntil('it is missing', () => item.state === 'missing')
  t.regex(item.missing?.message ?? '', /not there/)
  t.true(problems.some(problem => problem.includes(root)))
  await rename(`${root} elsewhere`, root)
  await waitUntil('it is back', () => item.state === 'seeding')
  await writeSampleFile(join(root, 'tiger.avi'), 50_000)
  await seeded('tiger.avi')
  await holds('lions.avi', 'tiger.avi')
  t.is(created(), 2)
})

test('an empty place of mounting is a missing disk, also after a restart', async t => {
  if (!canMountDisks()) {
    t.log('Skipped: mounting takes Linux and its administrator')
    return t.pass()
  }
  const root = await temporaryFolder(t, 'disk')
  const backing = await temporaryFolder(t, 'backing')
  const mount = () => run('mount', ['-t', 'tmpfs', 'p2pshare', backing])
  await mount()
  t.teardown(async () => void (await run('umount', ['--lazy', backing])))
  await writeSampleFile(join(backing, 'lions.avi'), 50_000)
  const bind = () => run('mount', ['--bind', backing, root])
  const unbind = () => run('umount', ['--lazy', root])
  await bind()
  const first = await startWatching(t, { root, rescanMs: 50 })
  const item = await first.seeded('lions.avi')
  await unbind()
  await waitUntil('it is missing', () => item.state === 'missing')
  await first.stop()
  const second = await startWatching(t, { root, home: first.home, rescanMs: 50 })
  await waitUntil('it is missing still', () => second.shelf.items()[0]?.state === 'missing')
  await bind()
  t.teardown(async () => void (await unbind()))
  await second.seeded('lions.avi')
  t.is(second.created(), 0)
})

test('what was shared from a folder that is watched no more waits until it is again', async t => {
  const { root, seeded, watch, set, created } = await startWatching(t)
  await writeSampleFile(join(root, 'lions.avi'), 50_000)
  const item = await seeded('lions.avi')
  await watch.apply([])
  t.is(item.state, 'missing')
  t.regex(item.missing?.message ?? '', /not watched/)
  await set({})
  await waitUntil('it is back', () => item.state === 'seeding')
  t.is(created(), 1)
})
