import { createCipheriv, createHash } from 'node:crypto'
import { mkdir, open, readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ExecutionContext } from 'ava'

const chunkBytes = 4 * 1024 * 1024

/** What an album is made of here: folders in folders, spaces, accents, emoji, a file of one byte and an empty one. */
const albumFiles: Readonly<Record<string, number>> = {
  'cover.jpg': 40_000,
  'day 1/Löwe im Gras.jpg': 310_007,
  'day 1/🦁 roar.avi': 2_500_003,
  'day 2/deep/er/still/one byte.bin': 1,
  'day 2/empty.txt': 0,
  'day 2/exact.bin': 1_048_576,
}

/** Bytes that look random, and are the same on every machine for the same seed. */
export function sampleBytes(sizeBytes: number, seed = 'sample'): Buffer {
  return keystream(seed)(sizeBytes)
}

/** Writes a file of {@link sampleBytes}, making its folder, in bounded memory. Answers its path. */
export async function writeSampleFile(path: string, sizeBytes: number, seed = path): Promise<string> {
  await mkdir(dirname(path), { recursive: true })
  const next = keystream(seed)
  const file = await open(path, 'w')
  try {
    for (let left = sizeBytes; left > 0; left -= chunkBytes)
      await file.writeFile(next(Math.min(left, chunkBytes)))
  } finally {
    await file.close()
  }
  return path
}

/** Writes an album of nested folders and awkward names. Answers its path. */
export async function writeSampleAlbum(folder: string): Promise<string> {
  for (const [path, sizeBytes] of Object.entries(albumFiles))
    await writeSampleFile(join(folder, path), sizeBytes, path)
  return folder
}

/** Asserts that a file, or a folder with all below it, holds the same names and bytes as another. */
export async function sameContent(t: ExecutionContext, actual: string, expected: string): Promise<void> {
  t.deepEqual(await digests(actual), await digests(expected))
}

/** SHA-256 of each file at or below `path`, by relative path. */
export async function digests(path: string): Promise<Record<string, string>> {
  if (!(await stat(path)).isDirectory()) return { '': await digest(path) }
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  const files = entries.filter(entry => !entry.isDirectory()).map(entry => join(entry.parentPath, entry.name))
  const rows = await Promise.all(
    files.map(async file => [file.slice(path.length + 1), await digest(file)] as const),
  )
  return Object.fromEntries(rows.sort(([a], [b]) => (a < b ? -1 : 1)))
}

async function digest(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
}

function keystream(seed: string): (sizeBytes: number) => Buffer {
  const key = createHash('sha256').update(seed).digest()
  const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16))
  return sizeBytes => cipher.update(Buffer.alloc(sizeBytes))
}
