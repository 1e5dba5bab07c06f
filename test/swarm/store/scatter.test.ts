import { open, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import fc from 'fast-check'
import { bytesIn, cutParts, readFully, writeFully } from '../../../src/swarm/store/scatter.ts'
import { sampleBytes } from '../../kit/sample-files.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

test('a cut of several stretches of memory is the same bytes as of one', t => {
  const sizes = fc.array(fc.nat(20), { maxLength: 8 })
  fc.assert(
    fc.property(sizes, fc.nat(100), fc.nat(100), (sizes, one, other) => {
      const parts = sizes.map((size, index) => sampleBytes(size, String(index)))
      const whole = Buffer.concat(parts)
      const [start, end] = [Math.min(one, other), Math.max(one, other)]
      const cut = cutParts(parts, start, end)
      return (
        Buffer.concat(cut).equals(whole.subarray(start, end)) &&
        bytesIn(cut) === cut.reduce((n, c) => n + c.length, 0)
      )
    }),
  )
  t.pass()
})

test('a cut is a view of the memory that it was cut from', t => {
  const part = new Uint8Array(10)
  cutParts([new Uint8Array(4), part], 6, 9)[0]!.fill(1)
  t.deepEqual([...part], [0, 0, 1, 1, 1, 0, 0, 0, 0, 0])
})

test('thousands of stretches are filled in their order, and shared memory too', async t => {
  const path = join(await temporaryFolder(t), 'file.bin')
  const content = sampleBytes(300_000)
  await writeFile(path, content)
  const file = await open(path)
  t.teardown(() => file.close())
  const memory = new Uint8Array(new SharedArrayBuffer(250_000))
  const parts = Array.from({ length: 2_500 }, (_, index) => memory.subarray(index * 100, index * 100 + 100))
  t.true(await readFully(file.fd, parts, 1_000))
  t.true(Buffer.from(memory).equals(content.subarray(1_000, 251_000)))
})

test('thousands of stretches are written in their order, behind what is there', async t => {
  const path = join(await temporaryFolder(t), 'file.bin')
  const content = sampleBytes(250_000)
  await writeFile(path, 'before')
  const file = await open(path, 'r+')
  t.teardown(() => file.close())
  const parts = Array.from({ length: 2_500 }, (_, index) => content.subarray(index * 100, index * 100 + 100))
  t.true(await writeFully(file.fd, parts, 6))
  t.true(await writeFully(file.fd, [], 9))
  t.true((await readFile(path)).equals(Buffer.concat([Buffer.from('before'), content])))
})

test('more than one call takes is written and read whole', async t => {
  const path = join(await temporaryFolder(t), 'file.bin')
  const content = sampleBytes(2_500_000)
  const file = await open(path, 'w+')
  t.teardown(() => file.close())
  const cuts = [0, 1_000_000, 1_000_001, 2_200_000, content.length]
  const parts = cuts.slice(1).map((end, index) => content.subarray(cuts[index], end))
  t.true(await writeFully(file.fd, parts, 0))
  t.true((await readFile(path)).equals(content))
  const into = Buffer.alloc(content.length)
  t.true(await readFully(file.fd, [into.subarray(0, 77), into.subarray(77)], 0))
  t.true(into.equals(content))
})

test('a file that ends too soon is told of', async t => {
  const path = join(await temporaryFolder(t), 'file.bin')
  await writeFile(path, 'abc')
  const file = await open(path)
  t.teardown(() => file.close())
  t.false(await readFully(file.fd, [new Uint8Array(2), new Uint8Array(2)], 0))
  t.true(await readFully(file.fd, [], 3))
})
