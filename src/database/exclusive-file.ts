import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileSystemError } from '../core/index.ts'

/** A file that this process alone holds. */
export interface HeldFile {
  release(): void
}

/**
 * Holds a file until it is released or this process ends, however it ends: the lock is the system's own. `undefined` where
 * another process holds it.
 *
 * @param path made where there is none; it stays behind, empty
 * @throws {P2pShareError} `ERR_CANNOT_WRITE`
 */
export async function holdFile(path: string): Promise<HeldFile | undefined> {
  const { DatabaseSync } = await import('node:sqlite')
  try {
    await mkdir(dirname(path), { recursive: true })
  } catch (error) {
    throw fileSystemError(error, path, 'write')
  }
  const database = new DatabaseSync(path, { timeout: 0 })
  try {
    database.exec('pragma journal_mode = memory; begin exclusive')
  } catch {
    database.close()
    return undefined
  }
  return { release: () => database.close() }
}
