import type { Hex } from '../../../core/index.ts'
import type { StoredListing } from '../../store/stored-listing.ts'
import { magnetFor, torrentFor } from '../magnet-for.ts'
import { listingPath, torrentPath } from '../paths.ts'
import { type Site, siteUrl } from '../site.ts'

/** A listing as feeds tell of it. */
export interface FeedItem {
  readonly listing: StoredListing
  readonly pageUrl: string
  readonly magnet: string
  /** Where its .torrent is, and how long that is; `undefined` where it is not known here. */
  readonly torrent: { readonly url: string; readonly sizeBytes: number } | undefined
  /** The listing's own date, but none after it was seen here: readers would keep it on top for ever. */
  readonly date: Date
}

const maxSizes = 20_000

/** Makes feed items of listings; the lengths of their .torrent files are remembered, for each has to be read to tell. */
export class FeedItems {
  readonly #site: Pick<Site, 'settings' | 'store'>
  readonly #sizes = new Map<Hex, number>()

  constructor(site: Pick<Site, 'settings' | 'store'>) {
    this.#site = site
  }

  /** One after another: each may have a .torrent of 10 MB read. */
  async of(listings: readonly StoredListing[]): Promise<FeedItem[]> {
    const items: FeedItem[] = []
    for (const listing of listings) items.push(await this.#item(listing))
    return items
  }

  async #item(listing: StoredListing): Promise<FeedItem> {
    const sizeBytes = await this.#torrentSize(listing)
    const published = new Date(listing.publishedAt)
    return {
      listing,
      pageUrl: siteUrl(this.#site, listingPath(listing.id)),
      magnet: magnetFor(this.#site, listing),
      torrent:
        sizeBytes === undefined
          ? undefined
          : { url: siteUrl(this.#site, torrentPath(listing.id)), sizeBytes },
      date: published < listing.seenAt ? published : listing.seenAt,
    }
  }

  async #torrentSize(listing: StoredListing): Promise<number | undefined> {
    const key = listing.infoHash ?? listing.infoHashV2!
    const known = this.#sizes.get(key)
    if (known !== undefined) return known
    const size = (await torrentFor(this.#site, listing))?.length
    if (size !== undefined) {
      if (this.#sizes.size >= maxSizes) this.#sizes.delete(this.#sizes.keys().next().value!)
      this.#sizes.set(key, size)
    }
    return size
  }
}
