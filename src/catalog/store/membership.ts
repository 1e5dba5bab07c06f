import type { Kysely } from 'kysely'
import type { CatalogSchema } from '../database/schema.ts'
import type { ListingId } from '../listing/listing-id.ts'
import { lockListings } from './counters.ts'
import { removeListings } from './remove-listings.ts'

const leftAtOnce = 1_000

/** Which memberships of a catalog end. */
export interface Leaving {
  readonly segmentIds?: readonly number[] | undefined
  readonly ids?: readonly ListingId[] | undefined
}

/**
 * Takes some listings out of a catalog, or all where nothing narrows it; listings that no catalog holds any more go.
 *
 * @returns how many left; fewer than asked for means that it is done
 */
export async function leaveCatalog(
  db: Kysely<CatalogSchema>,
  catalogId: number,
  { segmentIds, ids }: Leaving,
): Promise<{ left: number; isDone: boolean }> {
  await lockListings(db)
  let query = db
    .selectFrom('catalog_listing')
    .select('listing_number')
    .where('catalog_id', '=', catalogId)
    .orderBy('listing_number')
    .limit(leftAtOnce)
  if (segmentIds) query = query.where('segment_id', 'in', segmentIds)
  if (ids)
    query = query.where('listing_number', 'in', inner =>
      inner.selectFrom('listing').select('number').where('id', 'in', ids),
    )
  const numbers = (await query.execute()).map(row => row.listing_number)
  if (numbers.length === 0) return { left: 0, isDone: true }
  await db
    .deleteFrom('catalog_listing')
    .where('catalog_id', '=', catalogId)
    .where('listing_number', 'in', numbers)
    .execute()
  const kept = await db
    .selectFrom('catalog_listing')
    .select('listing_number')
    .distinct()
    .where('listing_number', 'in', numbers)
    .execute()
  const held = new Set(kept.map(row => row.listing_number))
  await removeListings(
    db,
    numbers.filter(number => !held.has(number)),
  )
  return { left: numbers.length, isDone: numbers.length < leftAtOnce }
}
