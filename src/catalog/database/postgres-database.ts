import { Kysely, PostgresDialect } from 'kysely'
import { P2pShareError } from '../../core/index.ts'
import type { CatalogDatabase } from './catalog-database.ts'
import type { CatalogSchema } from './schema.ts'

const maxConnections = 10
const connectTimeoutMs = 10_000

/** Opens a PostgreSQL database, `postgres://user:password@host:port/name`. */
export async function openPostgresDatabase(location: string): Promise<CatalogDatabase> {
  const { default: pg } = await import('pg').catch((error: unknown) => {
    throw new P2pShareError('ERR_DATABASE', 'PostgreSQL needs the package pg: npm install pg', {
      cause: error,
    })
  })
  const int8 = pg.types.builtins.INT8
  const pool = new pg.Pool({
    connectionString: location,
    max: maxConnections,
    connectionTimeoutMillis: connectTimeoutMs,
    types: { getTypeParser: (oid, format) => (oid === int8 ? Number : pg.types.getTypeParser(oid, format)) },
  })
  // A connection that breaks while nobody uses it; the pool opens another.
  pool.on('error', () => {})
  const db = new Kysely<CatalogSchema>({ dialect: new PostgresDialect({ pool }) })
  return {
    dialect: 'postgres',
    db,
    transaction: work => db.transaction().execute(work),
    sqlite: undefined,
    async backup() {
      throw new P2pShareError('ERR_DATABASE', 'A PostgreSQL database is backed up by its own pg_dump')
    },
    close: () => db.destroy(),
  }
}
