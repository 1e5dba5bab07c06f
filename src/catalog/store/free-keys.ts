import type { Kysely } from 'kysely'
import type { CatalogSchema } from '../database/schema.ts'
import { earlierKey, mayCollide } from './listing-key.ts'
import type { WrittenListing } from './listing-writer.ts'

/** Gives another key to each listing whose own is taken, in the database or among themselves. */
export async function freeKeys(
  db: Kysely<CatalogSchema>,
  listings: readonly WrittenListing[],
): Promise<readonly WrittenListing[]> {
  if (!listings.some(({ number }) => mayCollide(number))) return listings
  const taken = new Set<number>()
  const free: WrittenListing[] = []
  let open = [...listings]
  while (open.length > 0) {
    const rows = await db
      .selectFrom('listing')
      .select('key')
      .where(
        'key',
        'in',
        open.map(({ key }) => key),
      )
      .execute()
    const held = new Set(rows.map(({ key }) => key))
    const again: WrittenListing[] = []
    for (const listing of open)
      if (held.has(listing.key) || taken.has(listing.key))
        again.push({ ...listing, key: earlierKey(listing.key) })
      else {
        taken.add(listing.key)
        free.push(listing)
      }
    open = again
  }
  return free
}
