import { CompiledQuery, Kysely, PostgresDialect } from 'kysely'
import { P2pShareError } from '../../core/index.ts'
import type { CatalogDatabase } from './catalog-database.ts'
import type { CatalogSchema } from './schema.ts'

const maxConnections = 10
const connectTimeoutMs = 10_000
/** Searches bound their work by themselves, and end far earlier unless the server is overrun. */
const readTimeoutMs = 10_000

/** Opens a PostgreSQL database, `postgres://user:password@host:port/name`. */
export async function openPostgresDatabase(location: string): Promise<CatalogDatabase> {
  const { default: pg } = await import('pg').catch((error: unknown) => {
    throw new P2pShareError('ERR_DATABASE', 'PostgreSQL needs the package pg: npm install pg', {
      cause: error,
    })
  })
  const int8 = pg.types.builtins.INT8
  const connect = (...settings: readonly string[]) => {
    const pool = new pg.Pool({
      connectionString: location,
      max: maxConnections,
      connectionTimeoutMillis: connectTimeoutMs,
      types: {
        getTypeParser: (oid, format) => (oid === int8 ? Number : pg.types.getTypeParser(oid, format)),
      },
    })
    // A connection that breaks while nobody uses it; the pool opens another.
    pool.on('error', () => {})
    const dialect = new PostgresDialect({
      pool,
      onCreateConnection: async connection => {
        if (settings.length > 0) await connection.executeQuery(CompiledQuery.raw(settings.join('; ')))
      },
    })
    return new Kysely<CatalogSchema>({ dialect })
  }
  const db = connect()
  const reader = connect(
    `set statement_timeout = ${readTimeoutMs}`,
    'set default_transaction_read_only = on',
    // Compiling takes longer than any search.
    'set jit = off',
  )
  return {
    dialect: 'postgres',
    db,
    reader,
    transaction: work => db.transaction().execute(work),
    sqlite: undefined,
    async backup() {
      throw new P2pShareError('ERR_DATABASE', 'A PostgreSQL database is backed up by its own pg_dump')
    },
    async close() {
      await reader.destroy()
      await db.destroy()
    },
  }
}
