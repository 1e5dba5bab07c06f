import { type RawBuilder, sql } from 'kysely'
import type { CatalogDatabase } from '../database/catalog-database.ts'

/** Keys to ask for as one parameter: a parameter each, of a thousand, takes longer to read than to answer. */
export function keyList(
  { dialect }: Pick<CatalogDatabase, 'dialect'>,
  keys: readonly number[],
): RawBuilder<number> {
  return dialect === 'sqlite'
    ? sql<number>`(select value from json_each(${JSON.stringify(keys)}))`
    : sql<number>`(select unnest(${keys}::bigint[]))`
}
