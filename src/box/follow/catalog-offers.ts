import type { Catalog, SearchQuery, StoredListing } from '../../catalog/index.ts'
import type { AbortOptions } from '../../core/index.ts'
import type { FollowedCatalog } from '../config/box-config.ts'

const pageSize = 100

/** What of a catalog is asked for. */
export interface AskedFor {
  readonly listings: readonly StoredListing[]
  /** Whether there is nothing else that is asked for too. */
  readonly isWhole: boolean
}

/**
 * The listings of a catalog that are asked for: of any of the sections, with any of the tags, all of the words, and no larger; the
 * newest 10,000 of each section and tag, which is as deep as a search goes.
 */
export async function listingsOf(
  catalog: Pick<Catalog, 'search'>,
  catalogId: number,
  { sections, tags, words, max_size: maxSizeBytes }: FollowedCatalog,
  options: AbortOptions,
): Promise<AskedFor> {
  const found = new Map<number, StoredListing>()
  let isWhole = true
  const take = (listings: readonly StoredListing[]) => {
    for (const listing of listings) found.set(listing.number, listing)
  }
  for (const section of sections.length > 0 ? sections : [undefined])
    for (const tag of tags.length > 0 ? tags : [undefined]) {
      const query: SearchQuery = { text: words, section, tag, catalogId, maxSizeBytes, sort: 'newest' }
      const first = await catalog.search({ ...query, limit: pageSize }, options)
      isWhole &&= first.isTotalExact
      take(first.listings)
      for (let offset = pageSize; offset < first.total; offset += pageSize) {
        const page = { offset, limit: pageSize, countsTotal: false }
        take((await catalog.search({ ...query, ...page }, options)).listings)
      }
    }
  return { listings: [...found.values()], isWhole }
}
