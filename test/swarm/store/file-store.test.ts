import {
  lstat,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import fc from 'fast-check'
import type { P2pShareError } from '../../../src/core/index.ts'
import { stampOf } from '../../../src/swarm/store/file-stamp.ts'
import { FileStore, type StoredFile } from '../../../src/swarm/store/file-store.ts'
import { sampleBytes } from '../../kit/sample-files.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

/** Files of the given sizes one after another; a negative size is a pad. */
function layout(root: string, sizes: readonly number[]): StoredFile[] {
  let offset = 0
  return sizes.map((size, index) => {
    const file = {
      location: size < 0 ? undefined : join(root, `folder ${index % 3}`, `${index}.bin`),
      offset,
      sizeBytes: Math.abs(size),
    }
    offset += file.sizeBytes
    return file
  })
}

async function open(t: ExecutionContext, sizes: readonly number[], root?: string) {
  const folder = root ?? (await temporaryFolder(t))
  const files = layout(folder, sizes)
  const store = new FileStore({ files, root: folder })
  t.teardown(() => store.close())
  const length = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  return { folder, files, store, length }
}

test('whatever is written in whatever pieces is read back in whatever blocks', async t => {
  const sizes = fc.array(fc.integer({ min: -40, max: 300 }), { minLength: 1, maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(
      sizes,
      fc.integer({ min: 1, max: 128 }),
      fc.integer({ min: 1, max: 99 }),
      async (sizes, piece, block) => {
        const { store, files, length, folder } = await open(t, sizes)
        const content = sampleBytes(length)
        for (const { location, offset, sizeBytes } of files)
          if (!location) content.fill(0, offset, offset + sizeBytes)
        for (let at = 0; at < length; at += piece)
          await store.write(at, content.subarray(at, Math.min(at + piece, length)))
        for (let at = 0; at < length; at += block) {
          const into = Buffer.alloc(Math.min(block, length - at), 7)
          await store.read(at, into)
          if (!into.equals(content.subarray(at, at + into.length))) return false
        }
        for (const { location, offset, sizeBytes } of files) {
          if (
            location &&
            sizeBytes > 0 &&
            !(await readFile(location)).equals(content.subarray(offset, offset + sizeBytes))
          )
            return false
        }
        await store.close()
        await rm(folder, { recursive: true })
        return true
      },
    ),
    { numRuns: 40 },
  )
  t.pass()
})

test('pieces that are written together lie where each belongs, across files and pads', async t => {
  const sizes = [7, -9, 30, 0, 4, 25]
  const { store, length } = await open(t, sizes)
  const content = sampleBytes(length)
  content.fill(0, 7, 16)
  const cuts = [0, 3, 20, 21, 50, length]
  await store.writeFrom(
    0,
    cuts.slice(1).map((end, index) => content.subarray(cuts[index], end)),
  )
  const into = Buffer.alloc(length, 7)
  await store.read(0, into)
  t.deepEqual([...into], [...content])
  t.deepEqual(store.takeWritten().toSorted(), [0, 2, 4, 5])
})

test('of pieces that are written together, one in the place of a file that is not ours is an error', async t => {
  const { store, files, folder } = await open(t, [5, 5, 5])
  await mkdir(join(folder, 'folder 1'))
  await writeFile(files[1]!.location!, 'mine!')
  await t.throwsAsync(
    store.writeFrom(
      0,
      [5, 5, 5].map(size => sampleBytes(size)),
    ),
    { code: 'ERR_TARGET_EXISTS' },
  )
  t.is(await readFile(files[1]!.location!, 'utf8'), 'mine!')
})

test('hundreds of files are written with few handles open', async t => {
  const { store, length, files } = await open(
    t,
    Array.from({ length: 300 }, () => 10),
  )
  const before = (await readdir('/proc/self/fd').catch(() => [])).length
  await Promise.all(files.map(({ offset }) => store.write(offset, sampleBytes(10, String(offset)))))
  const after = (await readdir('/proc/self/fd').catch(() => [])).length
  t.true(after - before <= 80, `${after - before} more handles`)
  await store.read(0, new Uint8Array(length))
})

test('empty files are made, pads are not', async t => {
  const { store, files, folder } = await open(t, [0, -16, 5, 0])
  await store.createEmpty(files.keys())
  t.is((await stat(files[0]!.location!)).size, 0)
  t.is((await stat(files[3]!.location!)).size, 0)
  t.deepEqual((await readdir(folder, { recursive: true })).length, 3, 'one folder, two files')
})

test('a file that is there and not ours is never written to', async t => {
  const { store, files, folder } = await open(t, [5, 5])
  await mkdir(join(folder, 'folder 1'))
  await writeFile(files[1]!.location!, 'mine!')
  await t.throwsAsync(store.write(0, sampleBytes(10)), { code: 'ERR_TARGET_EXISTS' })
  t.is(await readFile(files[1]!.location!, 'utf8'), 'mine!')
})

test('a file that is not ours stays as it is though writing is tried again after a flush', async t => {
  const folder = await temporaryFolder(t)
  const location = join(folder, 'notes.txt')
  await writeFile(location, 'mine')
  const store = new FileStore({ files: [{ location, offset: 0, sizeBytes: 4 }], root: folder })
  t.teardown(() => store.close())
  for (let attempt = 0; attempt < 3; attempt++) {
    await t.throwsAsync(store.write(0, Buffer.alloc(4)), { code: 'ERR_TARGET_EXISTS' })
    await store.flush()
  }
  t.is(await readFile(location, 'utf8'), 'mine')
})

test('a link in the place of a file or folder is not followed', async t => {
  const outside = await temporaryFolder(t)
  const { store, files, folder } = await open(t, [5, 5])
  await mkdir(join(folder, 'folder 0'))
  await symlink(join(outside, 'target'), files[0]!.location!)
  await t.throwsAsync(store.write(0, sampleBytes(5)), { code: 'ERR_TARGET_EXISTS' })
  await symlink(outside, join(folder, 'folder 1'))
  await t.throwsAsync(store.write(5, sampleBytes(5)), { code: 'ERR_UNSAFE_PATH' })
  t.deepEqual(await readdir(outside), [])
  t.true((await lstat(files[0]!.location!)).isSymbolicLink())
})

test('a source is only ever read', async t => {
  const folder = await temporaryFolder(t)
  const location = join(folder, 'clip.avi')
  await writeFile(location, 'clip')
  const store = new FileStore({ files: [{ location, offset: 0, sizeBytes: 4 }] })
  t.teardown(() => store.close())
  await t.throwsAsync(store.write(0, sampleBytes(4)), { code: 'ERR_CANNOT_WRITE' })
  t.is(await readFile(location, 'utf8'), 'clip')
})

test('a source that shrinks, changes or goes away is noticed and named', async t => {
  const faults: [string, (path: string) => Promise<void>][] = [
    ['shrinks', path => writeFile(path, 'cl')],
    ['changes', path => utimes(path, 1, 1)],
    ['goes', path => rm(path)],
  ]
  for (const [name, fault] of faults) {
    const location = join(await temporaryFolder(t), `${name}.avi`)
    await writeFile(location, 'clip')
    const lost: P2pShareError[] = []
    const stamps = new Map([[0, (await stampOf(location))!]])
    const store = new FileStore({
      files: [{ location, offset: 0, sizeBytes: 4 }],
      stamps,
      onLost: error => lost.push(error),
    })
    await fault(location)
    await t.throwsAsync(store.read(0, new Uint8Array(4)), {
      code: 'ERR_SOURCE_CHANGED',
      message: new RegExp(name),
    })
    t.is(lost.length, 1)
    await store.close()
  }
})

test('files that were begun, and the folder that they were in, are lost when they are gone, and not made anew', async t => {
  const folder = join(await temporaryFolder(t), 'album')
  const files = layout(folder, [10, 10, 10])
  const lost: string[] = []
  const store = new FileStore({ files, root: folder, onLost: ({ message }) => lost.push(message) })
  t.teardown(() => store.close())
  await store.write(0, sampleBytes(10))
  await rename(folder, `${folder} away`)
  store.letGo()
  for (const at of [0, 10]) {
    const error = await t.throwsAsync(store.write(at, sampleBytes(10)), { code: 'ERR_SOURCE_CHANGED' })
    t.true(error.message.startsWith(`${folder} is gone`))
  }
  t.is(lost.length, 2)
  await t.throwsAsync(lstat(folder), { code: 'ENOENT' })

  await rename(`${folder} away`, folder)
  await store.write(0, sampleBytes(20))
  t.deepEqual(await readFile(files[1]!.location!), Buffer.from(sampleBytes(20).subarray(10)))
})

test('flushing what was written and closing twice do no harm', async t => {
  const { store } = await open(t, [5, -3, 5])
  await store.write(0, sampleBytes(13))
  // Different files, whose calls end in any order.
  t.deepEqual([...store.takeWritten()].sort(), [0, 2])
  t.deepEqual(store.takeWritten(), [])
  await store.flush()
  await store.close()
  await store.close()
})
