import { randomBytes } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileSystemError } from './errors.ts'

/**
 * Writes a small file so that a reader, or a restart after a crash, finds either the old content or the new one,
 * never a part: a temporary file beside it, flushed to the disk, then renamed over it. Makes the folder if needed.
 *
 * @param mode permission bits of the file, `0o600` for secrets
 * @default mode 0o644
 * @throws {P2pShareError} `ERR_DISK_FULL`, `ERR_CANNOT_WRITE`; the old content is then still there
 */
export async function writeFileAtomic(
  path: string,
  content: Uint8Array | string,
  mode = 0o644,
): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    await mkdir(dirname(path), { recursive: true })
    const file = await open(temporary, 'wx', mode)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {})
    throw fileSystemError(error, path, 'write')
  }
}
