import { rm } from 'node:fs/promises'
import { fileSystemError, P2pShareError } from '../core/index.ts'

/** Read in one step, from a snapshot: a copy in several begins anew with each write of others. */
const allPages = 2_147_483_647

/**
 * Copies a database file while others write into it.
 *
 * @throws {P2pShareError} `ERR_DATABASE`, `ERR_CANNOT_WRITE`
 */
export async function backUpSqlite(path: string, target: string): Promise<void> {
  if (path === ':memory:') throw new P2pShareError('ERR_DATABASE', 'A database in memory is not backed up')
  const { backup, DatabaseSync } = await import('node:sqlite')
  // A connection of its own: that of the others may be in the middle of a transaction.
  const source = new DatabaseSync(path, { readOnly: true })
  try {
    await backup(source, target, { rate: allPages })
  } catch (error) {
    await rm(target, { force: true }).catch(() => {})
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== 'ERR_SQLITE_ERROR') throw fileSystemError(error, target, 'write')
    throw new P2pShareError('ERR_DATABASE', `The database cannot be copied to ${target}: ${message}`, {
      cause: error,
    })
  } finally {
    source.close()
  }
}
