import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { writeFileAtomic } from '../../src/core/atomic-file.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'

test('a reader finds one whole content or the other, never a part', async t => {
  const path = join(await temporaryFolder(t), 'deep', 'er', 'state.json')
  const contents = ['a'.repeat(100_000), 'b'.repeat(50_000)]
  await writeFileAtomic(path, contents[0]!)
  const writing = Promise.all(
    Array.from({ length: 20 }, (_, index) => writeFileAtomic(path, contents[index % 2]!)),
  )
  for (let count = 0; count < 50; count++) t.true(contents.includes(await readFile(path, 'utf8')))
  await writing
  t.deepEqual(await readdir(join(path, '..')), ['state.json'])
})

test('what cannot be written is an error with a code, and nothing is left behind', async t => {
  const folder = await temporaryFolder(t)
  await mkdir(join(folder, 'taken'))
  await writeFile(join(folder, 'taken', 'file'), '')
  await t.throwsAsync(writeFileAtomic(join(folder, 'taken'), 'x'), { code: 'ERR_CANNOT_WRITE' })
  await t.throwsAsync(writeFileAtomic(join(folder, 'taken', 'file', 'x'), 'x'), { name: 'P2pShareError' })
  t.deepEqual(await readdir(folder), ['taken'])
})

test('a secret is readable by its owner only', async t => {
  const path = join(await temporaryFolder(t), 'secret')
  await writeFileAtomic(path, 'x', 0o600)
  t.is((await stat(path)).mode & 0o777, 0o600)
})
