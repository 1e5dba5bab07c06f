import type { DatabaseSync } from 'node:sqlite'
import type { Kysely } from 'kysely'
import type { Dialect } from '../../database/index.ts'
import type { CatalogSchema } from './schema.ts'

/** The database that listings and catalogs are kept in: SQLite for one machine, PostgreSQL where several servers share it. */
export interface CatalogDatabase {
  readonly dialect: Dialect
  readonly db: Kysely<CatalogSchema>
  /**
   * For searches and other reading, which need not wait for what `db` writes meanwhile. Sees all that is committed, and
   * writes nothing.
   */
  readonly reader: Kysely<CatalogSchema>
  /** Runs the work in one transaction, which is taken back where the work throws. */
  transaction<T>(work: (db: Kysely<CatalogSchema>) => Promise<T>): Promise<T>
  /** The bare connection, for what has to be fast: used inside a transaction, or for reading. On SQLite only. */
  readonly sqlite: DatabaseSync | undefined
  /**
   * Copies the database to a file while it is in use.
   * @throws {P2pShareError} `ERR_DATABASE` on PostgreSQL, whose own pg_dump does it
   */
  backup(path: string): Promise<void>
  close(): Promise<void>
}
