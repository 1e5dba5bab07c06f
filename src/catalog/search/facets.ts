import type { CatalogDatabase } from '../database/catalog-database.ts'
import type { ListingFields } from '../listing/fields.ts'
import { keyList } from './key-list.ts'
import type { ListingSearch } from './listing-search.ts'
import type { FacetCount, Facets, SearchQuery } from './search-query.ts'

const maxCounted = 1_000
const maxValues = 30

/** Counts what the newest matches of a search are, a thousand at most. */
export async function searchFacets(
  database: Pick<CatalogDatabase, 'reader' | 'dialect'>,
  search: ListingSearch,
  query: SearchQuery,
): Promise<Facets> {
  const { keys, isComplete } = await search.newestKeys(query, maxCounted)
  const sections = new Map<string, number>()
  const tags = new Map<string, number>()
  const licenses = new Map<string, number>()
  const creators = new Map<string, number>()
  const count = (counts: Map<string, number>, value: string) =>
    counts.set(value, (counts.get(value) ?? 0) + 1)
  const rows =
    keys.length === 0
      ? []
      : await database.reader
          .selectFrom('listing')
          .innerJoin('listing_record', 'listing_record.number', 'listing.number')
          .select('listing_record.json')
          .where('listing.key', 'in', keyList(database, keys))
          .execute()
  for (const { json } of rows) {
    const listing = JSON.parse(json) as ListingFields
    count(sections, listing.section)
    count(licenses, listing.license)
    for (const tag of listing.tags) count(tags, tag)
    if (listing.creator !== undefined) count(creators, listing.creator)
  }
  return Object.freeze({
    sections: most(sections),
    tags: most(tags),
    licenses: most(licenses),
    creators: most(creators),
    isExact: isComplete,
  })
}

function most(counts: ReadonlyMap<string, number>): readonly FacetCount[] {
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((one, other) => other.count - one.count || (one.value < other.value ? -1 : 1))
    .slice(0, maxValues)
}
