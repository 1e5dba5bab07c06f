import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { readWhole } from '../../src/core/whole-file.ts'
import { sampleBytes } from '../kit/sample-files.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'

const copy = (bytes: Buffer) => Buffer.from(bytes)

test('files of any length are read whole, many at once', async t => {
  const folder = await temporaryFolder(t)
  const lengths = [0, 1, 32_767, 32_768, 32_769, 131_072, 300_000]
  const paths = await Promise.all(
    lengths.map(async length => {
      const path = join(folder, String(length))
      await writeFile(path, sampleBytes(length, 'whole'))
      return path
    }),
  )
  const read = await Promise.all([...paths, ...paths].map(path => readWhole(path, 1_000_000, copy)))
  for (const [index, path] of [...paths, ...paths].entries())
    t.true(read[index]!.equals(await readFile(path)))
})

test.serial('thousands of files that are asked for at once take the memory of a few', async t => {
  const path = join(await temporaryFolder(t), 'small')
  await writeFile(path, 'small')
  const before = process.memoryUsage().arrayBuffers
  let most = 0
  const weigh = () => {
    most = Math.max(most, process.memoryUsage().arrayBuffers)
  }
  await Promise.all(Array.from({ length: 2_000 }, () => readWhole(path, 10, weigh)))
  t.true(most - before < 4_000_000, `${most - before} bytes more`)
})

test('of a file that is too long more comes than there may be, and not all', async t => {
  const path = join(await temporaryFolder(t), 'long')
  await writeFile(path, sampleBytes(400_000, 'whole'))
  const length = await readWhole(path, 100_000, bytes => bytes.length)
  t.true(length > 100_000 && length < 400_000)
})

test('what is missing, a folder, or not taken is a failure', async t => {
  const folder = await temporaryFolder(t)
  await mkdir(join(folder, 'inside'))
  await writeFile(join(folder, 'small'), 'small')
  await t.throwsAsync(readWhole(join(folder, 'absent'), 10, copy), { code: 'ENOENT' })
  await t.throwsAsync(readWhole(join(folder, 'inside'), 10, copy), { code: 'EISDIR' })
  const refuse = () => {
    throw new Error('no')
  }
  await t.throwsAsync(readWhole(join(folder, 'small'), 10, refuse), { message: 'no' })
})
