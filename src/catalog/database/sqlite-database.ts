import { Kysely } from 'kysely'
import { backUpSqlite, openSqlite, openSqliteReader, sqliteDialect } from '../../database/index.ts'
import type { CatalogDatabase } from './catalog-database.ts'
import type { CatalogSchema } from './schema.ts'

/** Opens a SQLite file, or `:memory:`. */
export async function openSqliteDatabase(path: string): Promise<CatalogDatabase> {
  const sqlite = await openSqlite(path)
  const db = new Kysely<CatalogSchema>({ dialect: sqliteDialect(sqlite) })
  // In memory each connection would be a database of its own.
  const reading = path === ':memory:' ? undefined : await openSqliteReader(path)
  const reader = reading && new Kysely<CatalogSchema>({ dialect: sqliteDialect(reading) })
  return {
    dialect: 'sqlite',
    db,
    reader: reader ?? db,
    transaction: work => db.transaction().execute(work),
    sqlite,
    backup: target => backUpSqlite(path, target),
    async close() {
      await reader?.destroy()
      await db.destroy()
      for (const connection of [reading, sqlite]) if (connection?.isOpen) connection.close()
    },
  }
}
