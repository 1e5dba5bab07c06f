import { execFile } from 'node:child_process'
import { chmod, chown, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import test from 'ava'
import { boxConfigPath, spawnBox } from '../../kit/box-child.ts'
import { findProgram, requireThat } from '../../kit/external.ts'
import { writeSampleFile } from '../../kit/sample-files.ts'
import { samplePhoto } from '../../kit/sample-photos.ts'
import { canMountDisks, mountSmallDisk } from '../../kit/small-disk.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'
import { waitUntil } from '../../kit/wait-until.ts'
import { startWatching } from '../../kit/watch.ts'

const run = promisify(execFile)
const nobody = 65_534

test('a file that the box may not read is told of by name, and shared once it may', async t => {
  const setpriv = findProgram('setpriv')
  const isRoot = process.getuid?.() === 0
  if (!requireThat(t, isRoot && setpriv !== undefined, 'being another user takes root and setpriv')) return
  const [home, root] = [await temporaryFolder(t, 'home'), await temporaryFolder(t, 'watched')]
  const closed = await writeSampleFile(join(root, 'zoo/closed.jpg'), 20_000)
  await writeSampleFile(join(root, 'zoo/open.jpg'), 30_000)
  const secret = await writeSampleFile(join(await temporaryFolder(t), 'secret.avi'), 20_000)
  await symlink(secret, join(root, 'link.avi'))
  await chmod(closed, 0)
  await mkdir(join(home, 'config'))
  await writeFile(boxConfigPath(home), `[[folders.watch]]\npath = ${JSON.stringify(root)}\nsettle = 0.05\n`, {
    mode: 0o600,
  })
  await run('chown', ['-R', `${nobody}:${nobody}`, home])
  await chmod(root, 0o755)
  const asNobody = [setpriv!, `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups']
  const box = await spawnBox(t, { home, wrapper: asNobody })
  const { message } = await waitUntil('it is told of', () =>
    box.events().find(({ event, message }) => event === 'problem' && String(message).includes(closed)),
  )
  t.regex(String(message), /closed\.jpg/)
  const shared = () =>
    waitUntil('the album is shared', async () => {
      const [first, ...others] = await box.client.transfers()
      return first?.state === 'seeding' && others.length === 0 ? first : undefined
    })
  t.is((await shared()).sizeBytes, 30_000)
  await chown(closed, nobody, nobody)
  await chmod(closed, 0o400)
  await waitUntil('it is whole', async () => (await shared()).sizeBytes === 50_000, { timeoutMs: 30_000 })
})

test('copies without a position wait for room on the disk of the box, and what needs none is shared meanwhile', async t => {
  if (!requireThat(t, canMountDisks(), 'mounting takes Linux and root')) return
  const home = await temporaryFolder(t, 'home')
  const disk = await mountSmallDisk(t, 64 * 1024)
  await mkdir(join(home, 'data'))
  await symlink(disk.path, join(home, 'data', 'clean'))
  await writeSampleFile(join(disk.path, 'full'), 60 * 1024)
  const { root, seeded, problems, shelf } = await startWatching(t, { home, settings: { location: 'strip' } })
  const photo = await samplePhoto('jpeg', { gps: true, width: 1_200 })
  t.true(photo.length > 4 * 1024)
  await writeFile(join(root, 'photo.jpg'), photo)
  await waitUntil('it is told of', () => problems.some(problem => /No room left|ERR_DISK_FULL/.test(problem)))
  await writeFile(join(root, 'plain.jpg'), await samplePhoto('jpeg', {}))
  await seeded('plain.jpg')
  t.is(shelf.items().length, 1)
  await disk.resize(4 * 1024 * 1024)
  await seeded('photo.jpg')
})

test('an album on a disk of its own is kept as missing while that is unmounted, and comes back with it', async t => {
  if (!requireThat(t, canMountDisks(), 'mounting takes Linux and root')) return
  const root = await temporaryFolder(t, 'watched')
  const album = join(root, 'zoo')
  const backing = await mountSmallDisk(t, 1024 * 1024)
  await writeSampleFile(join(backing.path, 'lions.jpg'), 50_000)
  await mkdir(album)
  await run('mount', ['--bind', backing.path, album])
  let isMounted = true
  const unmount = async () => {
    if (isMounted) await run('umount', ['--lazy', album])
    isMounted = false
  }
  t.teardown(unmount)
  const { seeded, holds, created } = await startWatching(t, { root, rescanMs: 100 })
  const item = await seeded('zoo')
  await writeSampleFile(join(root, 'tigers.avi'), 40_000)
  await seeded('tigers.avi')
  await unmount()
  await waitUntil('it is missing', () => item.state === 'missing')
  await holds('zoo', 'tigers.avi')
  await run('mount', ['--bind', backing.path, album])
  isMounted = true
  await waitUntil('it is back', () => item.state === 'seeding')
  t.is(created(), 2)
})
