import { z } from 'zod'
import { P2pShareError, parseMetainfo } from '../../../../core/index.ts'
import { sections } from '../../../listing/fields.ts'
import type { SearchQuery } from '../../../search/search-query.ts'
import type { StoredListing } from '../../../store/stored-listing.ts'
import type { Site } from '../../site.ts'
import { answerOf } from './listing-answer.ts'
import { type Operation, operation } from './operation.ts'
import {
  catalogAnswer,
  facetsAnswer,
  filesAnswer,
  filesParameters,
  listingIdSchema,
  pagedSearchParameters,
  publisherSchema,
  searchAnswer,
  searchParameters,
  sectionsAnswer,
  signedListingAnswer,
  summaryAnswer,
  tagsAnswer,
} from './schemas.ts'

const ofListing = z.object({ id: listingIdSchema })

/** What anybody may ask of the catalog. */
export function catalogOperations(site: Site): Operation[] {
  const { store } = site
  const find = async (id: string): Promise<StoredListing> => {
    const listing = await store.byId(id)
    if (listing) return listing
    throw new P2pShareError('ERR_NO_SUCH_LISTING', `There is no listing ${id} here`)
  }
  const summary = async (query: SearchQuery) => {
    const [page, facets] = await Promise.all([
      store.search({ ...query, sort: 'newest', limit: 20 }),
      store.facets(query),
    ])
    return {
      listings: page.total,
      isExact: page.isTotalExact,
      sections: [...facets.sections],
      tags: [...facets.tags],
      newest: page.listings.map(listing => answerOf(site, listing)),
    }
  }
  return [
    operation({
      id: 'search',
      method: 'get',
      path: '/search',
      tag: 'catalog',
      summary: 'Search the listings',
      querySchema: pagedSearchParameters,
      success: { status: 200, description: 'Listings', schema: searchAnswer },
      async handle({ query: { q, ...query } }) {
        const { listings, total, isTotalExact } = await store.search({ ...query, text: q })
        return { listings: listings.map(listing => answerOf(site, listing)), total, isTotalExact }
      },
    }),
    operation({
      id: 'getListing',
      method: 'get',
      path: '/listings/{id}',
      tag: 'catalog',
      summary: 'One listing, with what its publisher signed',
      pathSchema: ofListing,
      success: { status: 200, description: 'The listing', schema: signedListingAnswer },
      problems: [404],
      async handle({ path }) {
        const listing = await find(path.id)
        return { ...answerOf(site, listing), record: listing.json }
      },
    }),
    operation({
      id: 'listFiles',
      method: 'get',
      path: '/listings/{id}/files',
      tag: 'catalog',
      summary: 'The files of a listing, where its .torrent is known here',
      pathSchema: ofListing,
      querySchema: filesParameters,
      success: { status: 200, description: 'Files in the order of the torrent', schema: filesAnswer },
      problems: [404],
      async handle({ path, query: { limit = 1_000, offset = 0 } }) {
        const { infoHash, infoHashV2, id } = await find(path.id)
        const torrent = await store.torrent(infoHash ?? infoHashV2!)
        if (!torrent) throw new P2pShareError('ERR_NO_SUCH_FILE', `The .torrent of ${id} is not known here`)
        const files = parseMetainfo(torrent).files.filter(({ isPad }) => !isPad)
        return {
          total: files.length,
          files: files.slice(offset, offset + limit).map(({ path, sizeBytes }) => ({ path, sizeBytes })),
        }
      },
    }),
    operation({
      id: 'getFacets',
      method: 'get',
      path: '/facets',
      tag: 'catalog',
      summary: 'What the listings that a search finds have in common',
      querySchema: searchParameters,
      success: { status: 200, description: 'Most frequent first', schema: facetsAnswer },
      async handle({ query: { q, ...query } }) {
        const { sections, tags, licenses, creators, isExact } = await store.facets({ ...query, text: q })
        return {
          sections: [...sections],
          tags: [...tags],
          licenses: [...licenses],
          creators: [...creators],
          isExact,
        }
      },
    }),
    operation({
      id: 'listSections',
      method: 'get',
      path: '/sections',
      tag: 'catalog',
      summary: 'How many listings each section has',
      success: { status: 200, description: 'Every section', schema: sectionsAnswer },
      async handle() {
        const { listings, bySection } = await store.counts()
        return {
          total: listings,
          sections: sections.map(section => ({ section, listings: bySection[section] })),
        }
      },
    }),
    operation({
      id: 'listTags',
      method: 'get',
      path: '/tags',
      tag: 'catalog',
      summary: 'The tags that most listings have',
      success: { status: 200, description: 'Most frequent first', schema: tagsAnswer },
      async handle() {
        const { tags, isExact } = await store.facets({})
        return { tags: [...tags], isExact }
      },
    }),
    operation({
      id: 'getTag',
      method: 'get',
      path: '/tags/{tag}',
      tag: 'catalog',
      summary: 'What is listed under a tag',
      pathSchema: z.object({ tag: z.string().min(1).max(100) }),
      success: { status: 200, description: 'A summary, the newest first', schema: summaryAnswer },
      handle: ({ path }) => summary({ tag: path.tag }),
    }),
    operation({
      id: 'getPublisher',
      method: 'get',
      path: '/publishers/{publisher}',
      tag: 'catalog',
      summary: 'What a publisher has listed',
      pathSchema: z.object({ publisher: publisherSchema }),
      success: { status: 200, description: 'A summary, the newest first', schema: summaryAnswer },
      handle: ({ path }) => summary({ publisher: path.publisher }),
    }),
    operation({
      id: 'getCatalog',
      method: 'get',
      path: '/catalog',
      tag: 'catalog',
      summary: 'The catalog of this site, and the link to follow it by',
      success: { status: 200, description: 'The catalog', schema: catalogAnswer },
      async handle() {
        const { name, description, link, publicKey, salt, seq, infoHash, listingCount } =
          await site.catalog.find(site.own.link)
        return {
          name,
          description,
          link,
          publicKey,
          salt,
          seq,
          infoHash,
          listings: listingCount,
          trackers: [...site.settings.trackerUrls],
        }
      },
    }),
  ]
}
