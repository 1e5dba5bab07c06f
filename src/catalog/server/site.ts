import type { Catalog } from '../catalog.ts'
import type { CatalogInfo } from '../catalog-info.ts'
import type { Moderators } from '../moderation/moderators.ts'
import type { ListingStore } from '../store/listing-store.ts'
import type { SubmissionDesk } from '../submission/submission-desk.ts'
import type { SiteTracker } from './tracker.ts'

/** What a site says of itself, and the addresses that it hands out. */
export interface SiteSettings {
  /** Of the site and of its catalog. */
  readonly name: string
  /** One sentence. */
  readonly description: string
  /** For the about page; paragraphs are parted by an empty line. */
  readonly about: string
  /** An e-mail or web address for people who have something to say of a listing. */
  readonly contact: string | undefined
  /** Without a slash at its end; `undefined` where the site is reached at `listenUrl` only. */
  readonly publicUrl: string | undefined
  readonly listenUrl: string
  /** Added to every magnet link and .torrent file that the site hands out. */
  readonly trackerUrls: readonly string[]
}

/** What every page and machine route of a site stands on. */
export interface Site {
  readonly catalog: Catalog
  readonly store: ListingStore
  /** The catalog that accepted listings go to. */
  readonly own: CatalogInfo
  readonly desk: SubmissionDesk
  readonly moderators: Moderators
  readonly settings: SiteSettings
  readonly tracker: SiteTracker | undefined
  readonly now: () => Date
}

/** The absolute address of a path on the site, for feeds, mails and whatever else leaves it. */
export function siteUrl({ settings }: Pick<Site, 'settings'>, path: string): string {
  return `${settings.publicUrl ?? settings.listenUrl}${path}`
}
