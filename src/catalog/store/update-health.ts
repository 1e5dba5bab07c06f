import type { Kysely } from 'kysely'
import type { Hex } from '../../core/index.ts'
import type { CatalogSchema } from '../database/schema.ts'
import type { Listing } from '../listing/record.ts'
import { indexTerms, seedTier } from '../search/index-terms.ts'
import { lockListings } from './counters.ts'
import type { ListingWriter } from './listing-writer.ts'

const maxListings = 100

/** Notes how many share a torrent, and indexes its listings anew where that moves them among the well seeded. */
export async function updateHealth(
  db: Kysely<CatalogSchema>,
  writer: ListingWriter,
  infoHash: Hex,
  { seeds, leeches, at }: { seeds: number; leeches: number; at: Date },
): Promise<void> {
  await lockListings(db)
  const rows = await db
    .selectFrom('listing')
    .innerJoin('listing_record', 'listing_record.number', 'listing.number')
    .select(['listing.key', 'listing.seeds', 'listing_record.json'])
    .where(where => where.or([where('info_hash', '=', infoHash), where('info_hash_v2', '=', infoHash)]))
    .limit(maxListings)
    .execute()
  if (rows.length === 0) return
  const keys = rows.map(({ key }) => key)
  await db
    .updateTable('listing')
    .set({ seeds, leeches, health_at: at.getTime() })
    .where('key', 'in', keys)
    .execute()
  const moved = rows.filter(row => seedTier(row.seeds) !== seedTier(seeds))
  if (moved.length === 0) return
  const movedKeys = moved.map(({ key }) => key)
  await db.deleteFrom('listing_search').where('rowid', 'in', movedKeys).execute()
  await writer.index(
    moved.map(({ key, json }) => ({
      key,
      terms: indexTerms(JSON.parse(json) as Listing, seeds).terms.join(' '),
    })),
  )
}
