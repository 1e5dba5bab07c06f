import { Kysely } from 'kysely'
import { P2pShareError } from '../../core/index.ts'
import { migrate, openSqlite, sqliteDialect } from '../../database/index.ts'
import { migrations } from './migrations/all.ts'
import type { BoxSchema } from './schema.ts'

/** All of it is a few megabytes, and written little by little. */
const logBytes = 4 << 20

export type BoxDatabase = Kysely<BoxSchema>

/**
 * Opens the box's database, a SQLite file that is made where there is none.
 *
 * @throws {P2pShareError} `ERR_DATABASE` where it is damaged or of a later version; `ERR_CANNOT_WRITE`
 */
export async function openBoxDatabase(path: string): Promise<BoxDatabase> {
  const sqlite = await openSqlite(path, { logBytes })
  const db = new Kysely<BoxSchema>({ dialect: sqliteDialect(sqlite) })
  try {
    await migrate(db, 'sqlite', migrations)
    return db
  } catch (error) {
    await db.destroy()
    if (error instanceof P2pShareError) throw error
    throw new P2pShareError(
      'ERR_DATABASE',
      `The box's database ${path} cannot be used: ${(error as Error).message}`,
      { cause: error },
    )
  }
}
