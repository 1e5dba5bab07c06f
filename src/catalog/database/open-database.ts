import { P2pShareError } from '../../core/index.ts'
import { migrate } from '../../database/index.ts'
import type { CatalogDatabase } from './catalog-database.ts'
import { migrations } from './migrations/all.ts'

export type { CatalogDatabase } from './catalog-database.ts'

/**
 * Opens a database and brings it to this version's form.
 *
 * @param location path of a SQLite file, `:memory:`, or `postgres://…`
 * @throws {P2pShareError} `ERR_DATABASE` where it cannot be opened or comes from a later version; `ERR_CANNOT_WRITE`
 */
export async function openDatabase(location: string): Promise<CatalogDatabase> {
  const database = /^postgres(?:ql)?:\/\//.test(location)
    ? await (await import('./postgres-database.ts')).openPostgresDatabase(location)
    : await (await import('./sqlite-database.ts')).openSqliteDatabase(location)
  try {
    await migrate(database.db, database.dialect, migrations)
    return database
  } catch (error) {
    await database.close()
    if (error instanceof P2pShareError) throw error
    throw new P2pShareError(
      'ERR_DATABASE',
      `The catalog's database cannot be used: ${(error as Error).message}`,
      {
        cause: error,
      },
    )
  }
}
