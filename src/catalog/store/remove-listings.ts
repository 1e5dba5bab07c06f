import type { Kysely } from 'kysely'
import type { CatalogSchema } from '../database/schema.ts'
import { addToCounters } from './counters.ts'

const removedAtOnce = 1_000

/** Removes listings with all that belongs to them, posters and torrents that no other listing names included. */
export async function removeListings(db: Kysely<CatalogSchema>, numbers: readonly number[]): Promise<void> {
  for (let at = 0; at < numbers.length; at += removedAtOnce)
    await removeSome(db, numbers.slice(at, at + removedAtOnce))
}

async function removeSome(db: Kysely<CatalogSchema>, numbers: readonly number[]): Promise<void> {
  const rows = await db
    .selectFrom('listing')
    .select(['key', 'number', 'section', 'poster', 'info_hash', 'info_hash_v2'])
    .where('number', 'in', numbers)
    .execute()
  if (rows.length === 0) return
  const keys = rows.map(({ key }) => key)
  await db.deleteFrom('listing_search').where('rowid', 'in', keys).execute()
  await db.deleteFrom('listing_record').where('number', 'in', numbers).execute()
  await db.deleteFrom('catalog_listing').where('listing_number', 'in', numbers).execute()
  await db.deleteFrom('listing').where('key', 'in', keys).execute()
  await addToCounters(
    db,
    -1,
    rows.map(({ section }) => section),
  )
  await removePosters(
    db,
    rows.flatMap(({ poster }) => poster ?? []),
  )
  await removeTorrents(
    db,
    rows.flatMap(row => [row.info_hash ?? [], row.info_hash_v2 ?? []].flat()),
  )
}

/** Removes those of these posters that no listing names. */
async function removePosters(db: Kysely<CatalogSchema>, hashes: readonly string[]): Promise<void> {
  if (hashes.length === 0) return
  await db
    .deleteFrom('poster')
    .where('sha256', 'in', hashes)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('listing').select('key').whereRef('listing.poster', '=', 'poster.sha256'))),
    )
    .execute()
}

async function removeTorrents(db: Kysely<CatalogSchema>, hashes: readonly string[]): Promise<void> {
  for (const column of ['info_hash', 'info_hash_v2'] as const) {
    if (hashes.length === 0) return
    const held = await db.selectFrom('listing').select(column).where(column, 'in', hashes).execute()
    const kept = new Set(held.map(row => (row as Record<string, unknown>)[column]))
    hashes = hashes.filter(hash => !kept.has(hash))
  }
  if (hashes.length > 0) await db.deleteFrom('torrent_file').where('info_hash', 'in', hashes).execute()
}
