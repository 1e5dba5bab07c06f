import type { z } from 'zod'
import type { StoredListing } from '../../../store/stored-listing.ts'
import { magnetFor } from '../../magnet-for.ts'
import { listingPath, posterPath } from '../../paths.ts'
import { type Site, siteUrl } from '../../site.ts'
import type { listingAnswer } from './schemas.ts'

/** A listing as the API gives it. */
export function answerOf(
  site: Pick<Site, 'settings'>,
  listing: StoredListing,
): z.input<typeof listingAnswer> {
  const { poster, healthAt, media } = listing
  return {
    id: listing.id,
    number: listing.number,
    title: listing.title,
    description: listing.description,
    section: listing.section,
    tags: listing.tags,
    license: listing.license,
    creator: listing.creator,
    language: listing.language,
    createdAt: listing.createdAt,
    publishedAt: listing.publishedAt,
    seenAt: listing.seenAt.toISOString(),
    publisher: listing.publisher,
    revision: listing.revision,
    infoHash: listing.infoHash,
    infoHashV2: listing.infoHashV2,
    magnet: magnetFor(site, listing),
    sizeBytes: listing.sizeBytes,
    fileCount: listing.fileCount,
    media: media && { ...media },
    poster: poster && {
      url: siteUrl(site, posterPath(poster.sha256)),
      sha256: poster.sha256,
      sizeBytes: poster.sizeBytes,
      width: poster.width,
      height: poster.height,
    },
    seeds: listing.seeds,
    leeches: listing.leeches,
    healthAt: healthAt?.toISOString(),
    pageUrl: siteUrl(site, listingPath(listing.id)),
  }
}
