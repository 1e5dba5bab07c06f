import type { Kysely } from 'kysely'
import type { Hex } from '../../core/index.ts'
import type { CatalogSchema } from '../database/schema.ts'

/** Publishers whose listings are not taken. */
export async function blockedPublishers(db: Kysely<CatalogSchema>): Promise<Set<Hex>> {
  const rows = await db.selectFrom('blocked_publisher').select('publisher').orderBy('blocked_at').execute()
  return new Set(rows.map(({ publisher }) => publisher))
}
