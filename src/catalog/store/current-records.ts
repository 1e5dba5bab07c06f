import type { Kysely } from 'kysely'
import type { CatalogSchema } from '../database/schema.ts'
import type { ListingId } from '../listing/listing-id.ts'

const askedAtOnce = 500

/** What a catalog says of listings now: the record of each that it holds, or by which it was withdrawn. */
export async function currentRecords(
  db: Kysely<CatalogSchema>,
  catalogId: number,
  ids: readonly ListingId[],
): Promise<Map<ListingId, string>> {
  const records = new Map<ListingId, string>()
  for (let at = 0; at < ids.length; at += askedAtOnce) {
    const some = ids.slice(at, at + askedAtOnce)
    const held = await db
      .selectFrom('listing')
      .innerJoin('catalog_listing', 'catalog_listing.listing_number', 'listing.number')
      .innerJoin('listing_record', 'listing_record.number', 'listing.number')
      .select(['listing.id', 'listing_record.json'])
      .where('listing.id', 'in', some)
      .where('catalog_listing.catalog_id', '=', catalogId)
      .execute()
    const withdrawn = await db
      .selectFrom('withdrawal')
      .select(['id', 'json'])
      .where('id', 'in', some)
      .execute()
    for (const { id, json } of [...withdrawn, ...held]) records.set(id, json)
  }
  return records
}
