import { createHash } from 'node:crypto'
import { renameSync, statSync, utimesSync } from 'node:fs'
import { rename, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import fc from 'fast-check'
import type { ContentPart } from '../../../src/core/hash/content-reader.ts'
import { hashPieces } from '../../../src/core/hash/hash-pieces.ts'
import type { HashJob, PieceHashes } from '../../../src/core/hash/piece-hasher.ts'
import { merkleRoot, powerOfTwoFrom } from '../../../src/core/torrent/merkle.ts'
import { sampleBytes, writeSampleFile } from '../../kit/sample-files.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const sha1 = (bytes: Uint8Array) => createHash('sha1').update(bytes).digest('hex')
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
const kib = 1024
const mib = 1024 * 1024

function filePart(path: string, offset: number): ContentPart {
  const { size, mtimeMs } = statSync(path)
  return { offset, sizeBytes: size, path, modifiedMs: mtimeMs }
}

function jobOf(parts: ContentPart[], pieceLength: number, more: Partial<HashJob> = {}): HashJob {
  const last = parts.at(-1)!
  const contentLength = last.offset + last.sizeBytes
  return {
    pieceLength,
    contentLength,
    parts,
    withSha1: true,
    withTree: false,
    skipsUnreadable: false,
    ...more,
  }
}

const allOf = ({ contentLength, pieceLength }: HashJob) =>
  Uint32Array.from({ length: Math.ceil(contentLength / pieceLength) }, (_, index) => index)

/** Hashes by piece, hexadecimal; pieces that were not readable are missing. */
async function hash(job: HashJob, pieces = allOf(job)) {
  const found = new Map<number, string>()
  const nodes = new Map<number, string>()
  await hashPieces(job, pieces, ({ pieces, sha1, nodes: row, readable }: PieceHashes) => {
    for (const [at, piece] of pieces.entries()) {
      if (!readable[at]) continue
      found.set(piece, Buffer.from(sha1.subarray(at * 20, at * 20 + 20)).toString('hex'))
      nodes.set(piece, Buffer.from(row.subarray(at * 32, at * 32 + 32)).toString('hex'))
    }
  })
  return { found, nodes }
}

/** Files of these sizes, one after another; a negative size stands for so many zeros. */
async function content(t: ExecutionContext, sizes: number[]) {
  const folder = await temporaryFolder(t, 'hash')
  const parts: ContentPart[] = []
  const whole: Buffer[] = []
  let offset = 0
  for (const [index, size] of sizes.entries()) {
    const bytes = size < 0 ? Buffer.alloc(-size) : sampleBytes(size, String(index))
    if (size < 0) parts.push({ offset, sizeBytes: -size, path: undefined, modifiedMs: undefined })
    else {
      const path = join(folder, String(index))
      await writeFile(path, bytes)
      parts.push(filePart(path, offset))
    }
    whole.push(bytes)
    offset += bytes.length
  }
  return { folder, parts, bytes: Buffer.concat(whole) }
}

function expectedHashes(bytes: Buffer, pieceLength: number): Map<number, string> {
  const expected = new Map<number, string>()
  for (let at = 0; at < bytes.length; at += pieceLength)
    expected.set(at / pieceLength, sha1(bytes.subarray(at, at + pieceLength)))
  return expected
}

test('pieces are hashed as if the files were one, whatever the sizes and the piece length', async t => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: -40_000, max: 60_000 }), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 500, max: 70_000 }),
      async (sizes, pieceLength) => {
        const { parts, bytes, folder } = await content(t, sizes)
        if (bytes.length > 0) {
          const { found } = await hash(jobOf(parts, pieceLength))
          t.deepEqual(new Map([...found].sort(([a], [b]) => a - b)), expectedHashes(bytes, pieceLength))
        }
        await rm(folder, { recursive: true })
      },
    ),
    { numRuns: 30 },
  )
})

test('large content is hashed by threads as it is here, with small pieces, odd ones and long ones', async t => {
  const { parts, bytes } = await content(t, [9 * mib + 7, 0, 3, -5000, 12 * mib])
  for (const pieceLength of [16 * kib, mib, 1_000_003, 4 * mib]) {
    const { found } = await hash(jobOf(parts, pieceLength))
    t.deepEqual(new Map([...found].sort(([a], [b]) => a - b)), expectedHashes(bytes, pieceLength))
  }
})

test('only the pieces asked for are hashed', async t => {
  const { parts, bytes } = await content(t, [300_000])
  const { found } = await hash(jobOf(parts, 32 * kib), Uint32Array.of(1, 2, 7, 9))
  const expected = expectedHashes(bytes, 32 * kib)
  t.deepEqual(found, new Map([1, 2, 7, 9].map(piece => [piece, expected.get(piece)!])))
})

test('a piece has the node of its file in the tree of BEP 52, without the pad', async t => {
  for (const pieceLength of [16 * kib, 64 * kib, 2 * mib]) {
    const sizes = [5, 3 * 16 * kib + 1, 2 * pieceLength + 100_000, pieceLength]
    const padded = sizes.flatMap(size =>
      size % pieceLength ? [size, (size % pieceLength) - pieceLength] : [size],
    )
    const { parts, bytes } = await content(t, padded)
    const { nodes } = await hash(jobOf(parts, pieceLength, { withTree: true }))
    for (const { offset, sizeBytes, path } of parts) {
      if (path === undefined) continue
      for (let at = 0; at < sizeBytes; at += pieceLength) {
        const data = bytes.subarray(offset + at, offset + Math.min(at + pieceLength, sizeBytes))
        const leaves: Buffer[] = []
        for (let leaf = 0; leaf < data.length; leaf += 16 * kib)
          leaves.push(sha256(data.subarray(leaf, leaf + 16 * kib)))
        const width = sizeBytes > pieceLength ? pieceLength / (16 * kib) : powerOfTwoFrom(leaves.length)
        const expected = merkleRoot(Buffer.concat(leaves), width, new Uint8Array(32))
        t.is(nodes.get((offset + at) / pieceLength), Buffer.from(expected).toString('hex'))
      }
    }
  }
})

const faults: Record<string, (path: string) => Promise<unknown>> = {
  'is shortened': path => truncate(path, 10),
  grows: path => writeFile(path, 'more', { flag: 'a' }),
  'is written to': path => utimes(path, new Date(), new Date(1_600_000_000_000)),
  'is gone': path => rm(path),
  'becomes a symbolic link': async path => {
    await rename(path, `${path}.real`)
    await symlink(`${path}.real`, path)
  },
}

for (const [what, fault] of Object.entries(faults))
  for (const size of [100_000, 9 * mib])
    test(`a file of ${size} bytes that ${what} after it was found is an error that names it`, async t => {
      const { parts, folder } = await content(t, [50_000, size])
      await fault(join(folder, '1'))
      const error = await t.throwsAsync(hash(jobOf(parts, 32 * kib)), { code: 'ERR_SOURCE_CHANGED' })
      t.true(error.message.includes(join(folder, '1')), error.message)
    })

for (const size of [3 * mib, 192 * mib])
  test(`a file of ${size} bytes that changes while it is hashed is an error that names it`, async t => {
    const folder = await temporaryFolder(t, 'hash')
    const path = join(folder, 'film.avi')
    await writeFile(path, '')
    await truncate(path, size)
    const job = jobOf([filePart(path, 0)], 128 * kib)
    const touch = () => utimesSync(path, 0, 1_600_000_000)
    const error = await t.throwsAsync(hashPieces(job, allOf(job), touch), { code: 'ERR_SOURCE_CHANGED' })
    t.true(error.message.includes(path), error.message)
  })

test('a file that takes the place of another between two openings is an error', async t => {
  const { parts, folder } = await content(t, [3 * mib, 100])
  const path = join(folder, '0')
  const { atime, mtime } = statSync(path)
  await writeSampleFile(`${path}.other`, 3 * mib)
  const job = jobOf([{ ...parts[0]!, modifiedMs: mtime.getTime() }, parts[1]!], mib)
  await utimes(`${path}.other`, atime, mtime)
  await utimes(path, atime, mtime)
  let isReplaced = false
  // The small file is hashed between two pieces of the large one, so that this one is opened twice.
  const hashing = hashPieces(job, Uint32Array.of(0, 3, 1, 2), () => {
    if (isReplaced) return
    isReplaced = true
    renameSync(`${path}.other`, path)
  })
  await t.throwsAsync(hashing, { code: 'ERR_SOURCE_CHANGED', message: /was replaced/ })
})

test('a job that skips what it cannot read hashes the rest', async t => {
  const { parts, bytes, folder } = await content(t, [100_000, 100_000, 100_000])
  await rm(join(folder, '1'))
  await truncate(join(folder, '2'), 60_000)
  const job = jobOf(
    parts.map(part => ({ ...part, modifiedMs: undefined })),
    10_000,
    { skipsUnreadable: true },
  )
  const expected = expectedHashes(bytes, 10_000)
  const { found } = await hash(job)
  t.deepEqual([...found.keys()], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 20, 21, 22, 23, 24, 25])
  for (const [piece, hex] of found) t.is(hex, expected.get(piece)!)
})

test.serial('aborting rejects with the reason, ends the threads and leaves no listener', async t => {
  for (const size of [2 * mib, 64 * mib]) {
    const { parts } = await content(t, [size])
    const controller = new AbortController()
    const reason = new Error('enough')
    let removed = 0
    const { signal } = controller
    const removeEventListener = signal.removeEventListener.bind(signal)
    signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      removed++
      removeEventListener(...args)
    }
    const job = jobOf(parts, 256 * kib)
    const hashing = hashPieces(job, allOf(job), () => controller.abort(reason), { signal })
    await t.throwsAsync(hashing, { is: reason })
    t.is(removed, size > 4 * mib ? 1 : 0)
    await t.throwsAsync(
      hashPieces(job, allOf(job), () => {}, { signal }),
      { is: reason },
    )
  }
  t.false(process.getActiveResourcesInfo().includes('MessagePort'))
})

test('jobs that run together each get their own hashes, and the failure of one leaves the others alone', async t => {
  const contents = await Promise.all([1, 2, 3, 4, 5].map(index => content(t, [6 * mib + index, 5 * mib])))
  const broken = await content(t, [20 * mib])
  await truncate(join(broken.folder, '0'), 5)
  const failure = t.throwsAsync(hash(jobOf(broken.parts, 64 * kib)), { code: 'ERR_SOURCE_CHANGED' })
  const hashed = await Promise.all(contents.map(({ parts }) => hash(jobOf(parts, 128 * kib))))
  await failure
  for (const [index, { found }] of hashed.entries())
    t.deepEqual(
      new Map([...found].sort(([a], [b]) => a - b)),
      expectedHashes(contents[index]!.bytes, 128 * kib),
    )
})

test('an error thrown by who takes the hashes is handed on', async t => {
  const { parts } = await content(t, [6 * mib])
  const mistake = new Error('mistake')
  for (const pieces of [Uint32Array.of(0), Uint32Array.of(0, 1, 2, 3, 4, 5)])
    await t.throwsAsync(
      hashPieces(jobOf(parts, mib), pieces, () => {
        throw mistake
      }),
      { is: mistake },
    )
})
