import { Kysely } from 'kysely'
import type { CatalogDatabase } from './catalog-database.ts'
import type { CatalogSchema } from './schema.ts'
import { openSqlite, sqliteDialect } from './sqlite.ts'
import { backUpSqlite } from './sqlite-backup.ts'

/** Opens a SQLite file, or `:memory:`. */
export async function openSqliteDatabase(path: string): Promise<CatalogDatabase> {
  const sqlite = await openSqlite(path)
  const db = new Kysely<CatalogSchema>({ dialect: sqliteDialect(sqlite) })
  return {
    dialect: 'sqlite',
    db,
    transaction: work => db.transaction().execute(work),
    sqlite,
    backup: target => backUpSqlite(path, target),
    async close() {
      await db.destroy()
      if (sqlite.isOpen) sqlite.close()
    },
  }
}
