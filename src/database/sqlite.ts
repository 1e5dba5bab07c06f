import { chmod, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { CompiledQuery, type DatabaseConnection, type Driver, type QueryResult, SqliteDialect } from 'kysely'
import { fileSystemError, P2pShareError } from '../core/index.ts'

const busyTimeoutMs = 10_000
const longestPauseMs = 20
const maxStatements = 200
/** Of a file that SQLite makes. */
const pageBytes = 4_096
/** SQLITE_BUSY, in the low byte of what errors carry. */
const sqliteBusy = 5

export interface OpenSqliteOptions {
  /** What the log beside the file may grow to before it is written back: much makes long imports quicker. @default 64 MiB */
  readonly logBytes?: number | undefined
}

/** Opens a SQLite file, made for its owner's eyes only where there is none, or a database in memory for `:memory:`. */
export async function openSqlite(
  path: string,
  { logBytes = 64 << 20 }: OpenSqliteOptions = {},
): Promise<DatabaseSync> {
  if (path !== ':memory:') await makeFile(path)
  return connect(path, [
    'journal_mode = wal',
    'synchronous = normal',
    'foreign_keys = on',
    `wal_autocheckpoint = ${Math.floor(logBytes / pageBytes)}`,
    `journal_size_limit = ${logBytes}`,
  ])
}

/** Opens a SQLite file that `openSqlite` has open already for reading, which the WAL allows while others write. */
export function openSqliteReader(path: string): Promise<DatabaseSync> {
  return connect(path, ['query_only = on'])
}

async function connect(path: string, pragmas: readonly string[]): Promise<DatabaseSync> {
  const { DatabaseSync } = await import('node:sqlite')
  try {
    const database = new DatabaseSync(path, { timeout: busyTimeoutMs })
    for (const pragma of [...pragmas, ...pragmasOfAll]) database.exec(`pragma ${pragma}`)
    return database
  } catch (error) {
    throw new P2pShareError('ERR_DATABASE', `Cannot use the database ${path}: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

const pragmasOfAll = [
  'temp_store = memory',
  'cache_size = -65536',
  'mmap_size = 1073741824',
  // The driver below waits by itself.
  'busy_timeout = 0',
]

/** A dialect of kysely over node:sqlite, for which kysely has none of its own. */
export function sqliteDialect(database: DatabaseSync): SqliteDialect {
  const dialect = new SqliteDialect({ database: () => Promise.reject(new Error('The driver below has it')) })
  dialect.createDriver = () => new NodeSqliteDriver(database)
  return dialect
}

class NodeSqliteDriver implements Driver {
  readonly #connection: DatabaseConnection
  readonly #database: DatabaseSync

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#connection = new NodeSqliteConnection(database)
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection
  }

  /** Takes the lock on writing at once: one that asks for it later, after reading, may have to fail. */
  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'))
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'))
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {
    if (this.#database.isOpen) this.#database.close()
  }
}

class NodeSqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  /** Waits for others that write without holding up the thread, on which one of them may be at work. */
  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const deadline = performance.now() + busyTimeoutMs
    for (let pauseMs = 1; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      try {
        return this.#execute<R>(query)
      } catch (error) {
        if (!isBusy(error) || performance.now() > deadline) throw error
        await delay(pauseMs)
      }
    }
  }

  streamQuery(): never {
    throw new Error('Nothing is streamed from SQLite')
  }

  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql)
    if (known) return known
    const statement = this.#database.prepare(sql)
    if (this.#statements.size >= maxStatements) this.#statements.clear()
    this.#statements.set(sql, statement)
    return statement
  }

  #execute<R>({ sql, parameters }: CompiledQuery): QueryResult<R> {
    const statement = this.#prepared(sql)
    const values = parameters as readonly SQLInputValue[]
    if (statement.columns().length > 0) return { rows: statement.all(...values) as R[] }
    const { changes, lastInsertRowid } = statement.run(...values)
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
  }
}

function isBusy(error: unknown): boolean {
  return ((error as { errcode?: number }).errcode ?? 0) % 256 === sqliteBusy
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
