import { type Kysely, sql } from 'kysely'
import { columnTypes, type Dialect } from '../../../database/index.ts'

export const name = '0002-catalogs'

/** Catalogs, the files of their snapshots, and what is to come into the next ones. */
export async function up(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  const { integer, bytes, serial } = columnTypes(dialect)
  const statements = [
    sql`create table catalog (
      number ${serial},
      public_key text not null,
      salt text not null,
      name text not null,
      description text not null,
      url text,
      is_own ${integer} not null,
      seq ${integer} not null,
      info_hash text,
      torrent ${bytes},
      folder text,
      pointer_value ${bytes},
      pointer_signature ${bytes},
      created_at ${integer} not null,
      synced_at ${integer},
      problem text,
      lease_by text,
      lease_until ${integer} not null,
      unique (public_key, salt)
    )`,
    sql`create table segment (
      number ${serial},
      catalog_number ${integer} not null,
      kind text not null,
      position ${integer} not null,
      sha256 text not null,
      size_bytes ${integer} not null,
      count ${integer} not null
    )`,
    sql`create index segment_catalog on segment (catalog_number, kind, position)`,
    sql`create table catalog_change (
      number ${serial},
      catalog_number ${integer} not null,
      kind text not null,
      what text not null
    )`,
    sql`create index catalog_change_catalog on catalog_change (catalog_number, number)`,
  ]
  for (const statement of statements) await statement.execute(db)
}
