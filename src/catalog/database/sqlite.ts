import { chmod, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import {
  CompiledQuery,
  type DatabaseConnection,
  type SqliteDatabase,
  SqliteDialect,
  SqliteDriver,
} from 'kysely'
import { fileSystemError, P2pShareError } from '../../core/index.ts'

const busyTimeoutMs = 10_000

/** Opens a SQLite file, made for its owner's eyes only where there is none, or a database in memory for `:memory:`. */
export async function openSqlite(path: string): Promise<DatabaseSync> {
  const { DatabaseSync } = await import('node:sqlite')
  if (path !== ':memory:') await makeFile(path)
  try {
    const database = new DatabaseSync(path, { timeout: busyTimeoutMs })
    setUp(database)
    return database
  } catch (error) {
    throw new P2pShareError('ERR_DATABASE', `Cannot use the database ${path}: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

function setUp(database: DatabaseSync): void {
  database.exec(`
    pragma journal_mode = wal;
    pragma synchronous = normal;
    pragma foreign_keys = on;
    pragma temp_store = memory;
    pragma cache_size = -65536;
    pragma mmap_size = 1073741824;
    pragma wal_autocheckpoint = 4000;
    pragma journal_size_limit = 67108864;
  `)
}

/** A dialect of kysely over node:sqlite, for which kysely has none of its own. */
export function sqliteDialect(database: DatabaseSync): SqliteDialect {
  const adapted: SqliteDatabase = {
    close: () => database.close(),
    prepare: sql => {
      const statement = database.prepare(sql)
      const values = (parameters: readonly unknown[]) => parameters as readonly SQLInputValue[]
      return {
        reader: statement.columns().length > 0,
        all: parameters => statement.all(...values(parameters)),
        run: parameters => statement.run(...values(parameters)),
        iterate: parameters => statement.iterate(...values(parameters)),
      }
    },
  }
  const dialect = new SqliteDialect({ database: adapted })
  dialect.createDriver = () => new ImmediateDriver({ database: adapted })
  return dialect
}

/** Takes the lock on writing when a transaction begins: one that asks for it later, after reading, may have to fail. */
class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }
}

async function makeFile(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    const file = await open(path, 'a', 0o600)
    const { size } = await file.stat()
    await file.close()
    if (size === 0) await chmod(path, 0o600)
  } catch (error) {
    throw fileSystemError(error, path, 'write')
  }
}
