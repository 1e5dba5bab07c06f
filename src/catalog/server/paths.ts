import type { Hex } from '../../core/index.ts'
import type { Section } from '../listing/fields.ts'
import type { ListingId } from '../listing/listing-id.ts'

/** Where the pages of a site are; each part that comes from outside is encoded. */
export const listingPath = (id: ListingId): string => `/listing/${id}`
export const qrPath = (id: ListingId): string => `/listing/${id}/qr.svg`
export const torrentPath = (id: ListingId): string => `/torrents/${id}.torrent`
export const posterPath = (sha256: Hex): string => `/posters/${sha256}.webp`
export const sectionPath = (section: Section): string => `/section/${section}`
export const tagPath = (tag: string): string => `/tag/${encodeURIComponent(tag)}`
export const publisherPath = (publisher: Hex): string => `/publisher/${publisher}`
export const submissionPath = (id: string | number, secret: string): string =>
  `/submission/${encodeURIComponent(id)}/${encodeURIComponent(secret)}`
