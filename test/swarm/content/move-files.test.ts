import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { Bitfield } from '../../../src/core/index.ts'
import { moveFiles } from '../../../src/swarm/content/move-files.ts'
import { stampOf } from '../../../src/swarm/store/file-stamp.ts'
import { canMountDisks, mountSmallDisk } from '../../kit/small-disk.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const onTwoDisks = canMountDisks() ? test : test.skip

async function album(t: ExecutionContext, sizeBytes = 1_000) {
  const from = join(await temporaryFolder(t), 'album')
  await mkdir(join(from, 'deep'), { recursive: true })
  const paths = [join(from, 'one'), join(from, 'deep', 'two')]
  for (const path of paths) await writeFile(path, Buffer.alloc(sizeBytes, path.length))
  const files = await Promise.all(paths.map(async location => ({ location, stamp: await stampOf(location) })))
  const have = Bitfield.full(2)
  return { from, files, have, isAlbum: true, isGoingOn: false, verify: async () => have, signal: undefined }
}

test('on the same disk a folder is moved as it is, with what others put there', async t => {
  const move = await album(t)
  await writeFile(join(move.from, 'notes'), 'mine')
  const to = join(await temporaryFolder(t), 'album')
  t.deepEqual(await moveFiles({ ...move, to }), [])
  t.deepEqual((await readdir(to)).sort(), ['deep', 'notes', 'one'])
  t.is(await stampOf(move.files[0]!.location), undefined)
})

test('what is at the new place is not touched', async t => {
  const move = await album(t)
  const to = join(await temporaryFolder(t), 'album')
  await mkdir(to)
  await t.throwsAsync(moveFiles({ ...move, to }), { code: 'ERR_TARGET_EXISTS' })
  t.deepEqual(await readdir(to), [])
  t.deepEqual((await readdir(move.from)).sort(), ['deep', 'one'])
})

onTwoDisks(
  'to another disk files are copied, and deleted here once the copy is known to be good',
  async t => {
    const move = await album(t)
    const to = join((await mountSmallDisk(t, 1_000_000)).path, 'album')
    t.deepEqual(await moveFiles({ ...move, to }), [])
    t.is((await readFile(join(to, 'deep', 'two'))).length, 1_000)
    t.is(await stampOf(move.from), undefined)
    t.deepEqual(await readdir(join(move.from, '..')), [])
  },
)

onTwoDisks('a copy that is not like its original is given up and the original stays', async t => {
  const move = await album(t)
  const disk = await mountSmallDisk(t, 1_000_000)
  const verify = async () => new Bitfield(2)
  await t.throwsAsync(moveFiles({ ...move, to: join(disk.path, 'album'), verify }), {
    code: 'ERR_CANNOT_WRITE',
  })
  t.deepEqual(await readdir(disk.path), [])
  t.deepEqual((await readdir(move.from)).sort(), ['deep', 'one'])
})

onTwoDisks('a disk that is full while it is copied to keeps nothing, and the original stays', async t => {
  const move = await album(t, 600_000)
  const disk = await mountSmallDisk(t, 1_000_000)
  await t.throwsAsync(moveFiles({ ...move, to: join(disk.path, 'album') }), { code: 'ERR_DISK_FULL' })
  t.deepEqual(await readdir(disk.path), [])
  t.deepEqual((await readdir(move.from)).sort(), ['deep', 'one'])
})

onTwoDisks('a move that was broken off goes on over what it left', async t => {
  const move = await album(t)
  const to = join((await mountSmallDisk(t, 1_000_000)).path, 'album')
  await mkdir(to)
  await writeFile(join(to, 'one'), 'half of i')
  t.deepEqual(await moveFiles({ ...move, to, isGoingOn: true }), [])
  t.is((await readFile(join(to, 'one'))).length, 1_000)
  t.deepEqual(await readdir(join(move.from, '..')), [])
})
