import { rm } from 'node:fs/promises'
import { Kysely } from 'kysely'
import { fileSystemError, P2pShareError } from '../../core/index.ts'
import type { CatalogDatabase } from './catalog-database.ts'
import type { CatalogSchema } from './schema.ts'
import { openSqlite, sqliteDialect } from './sqlite.ts'

/** Opens a SQLite file, or `:memory:`. */
export async function openSqliteDatabase(path: string): Promise<CatalogDatabase> {
  const sqlite = await openSqlite(path)
  const db = new Kysely<CatalogSchema>({ dialect: sqliteDialect(sqlite) })
  return {
    dialect: 'sqlite',
    db,
    transaction: work => db.transaction().execute(work),
    sqlite,
    async backup(target) {
      const { backup } = await import('node:sqlite')
      try {
        await backup(sqlite, target)
      } catch (error) {
        await rm(target, { force: true }).catch(() => {})
        throw (error as NodeJS.ErrnoException).code === 'ERR_SQLITE_ERROR'
          ? new P2pShareError(
              'ERR_DATABASE',
              `The database cannot be copied to ${target}: ${(error as Error).message}`,
              {
                cause: error,
              },
            )
          : fileSystemError(error, target, 'write')
      }
    },
    async close() {
      await db.destroy()
      if (sqlite.isOpen) sqlite.close()
    },
  }
}
