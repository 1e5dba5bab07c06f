import { type RawBuilder, sql } from 'kysely'
import type { CatalogDatabase } from '../database/catalog-database.ts'

/** Keys as a table with the column `key`, by one parameter: one each, of a thousand, takes longer to read than to answer. */
export function keyTable(
  { dialect }: Pick<CatalogDatabase, 'dialect'>,
  keys: readonly number[],
): RawBuilder<unknown> {
  return dialect === 'sqlite'
    ? sql`(select value as key from json_each(${JSON.stringify(keys)}))`
    : sql`(select unnest(string_to_array(${keys.join(',')}, ',')::bigint[]) as key)`
}

/** Such keys for `in`. */
export function keyList(
  database: Pick<CatalogDatabase, 'dialect'>,
  keys: readonly number[],
): RawBuilder<number> {
  return sql<number>`(select key from ${keyTable(database, keys)} as wanted)`
}

/** The column `key` of a selection in its order, as one value: a row each takes ten times as long. */
export async function readKeys(
  { reader, dialect }: Pick<CatalogDatabase, 'reader' | 'dialect'>,
  selection: RawBuilder<unknown>,
): Promise<number[]> {
  const list = sql.raw(dialect === 'sqlite' ? "group_concat(key, ',')" : "string_agg(key::text, ',')")
  const { rows } = await sql<{
    keys: string | null
  }>`select ${list} as keys from (${selection}) as found`.execute(reader)
  return keysOf(rows[0]?.keys)
}

export function keysOf(list: string | null | undefined): number[] {
  return list ? list.split(',').map(Number) : []
}
