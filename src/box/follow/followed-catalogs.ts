import { join } from 'node:path'
import type { Catalog, CatalogInfo, StoredListing } from '../../catalog/index.ts'
import { type AbortOptions, cleanName, P2pShareError } from '../../core/index.ts'
import type { FollowedCatalog } from '../config/box-config.ts'
import type { KeptCatalog } from '../kept-catalog.ts'
import { listingsOf } from './catalog-offers.ts'
import type { Offer, Source } from './offer.ts'

export interface FollowedCatalogsInit {
  readonly kept: KeptCatalog
  /** Folder below which each catalog has its own. */
  readonly downloads: () => string
  readonly onProblem: (what: string, error: unknown) => void
}

/** The catalogs that the settings name: with what of them is asked for. */
export class FollowedCatalogs {
  readonly #init: FollowedCatalogsInit
  /** Numbers of catalogs by how the settings name them. */
  readonly #numbers = new Map<string, number>()
  readonly #problems = new Map<string, string>()

  constructor(init: FollowedCatalogsInit) {
    this.#init = init
  }

  /** Follows those that are not followed yet. What one runs into is told, and tried again the next time. */
  async follow(catalogs: readonly FollowedCatalog[], options: AbortOptions): Promise<void> {
    if (catalogs.length === 0) return
    const references = new Set(catalogs.map(({ catalog }) => catalog))
    const catalog = await this.#init.kept.open()
    await Promise.all([...references].map(reference => this.#followOne(catalog, reference, options)))
  }

  /** A catalog as it is here now, with what of it is asked for. */
  async source(followed: FollowedCatalog, options: AbortOptions): Promise<Source> {
    const { catalog: reference, max_size: maxSizeBytes } = followed
    const number = this.#numbers.get(reference)
    const catalog = this.#init.kept.opened
    const blank = { kind: 'catalog', source: reference, maxSizeBytes } as const
    const info = number === undefined ? undefined : await byNumber(catalog, number)
    if (!catalog || !info) {
      const problem = this.#problems.get(reference)
      return {
        ...blank,
        origin: undefined,
        name: reference,
        syncedAt: undefined,
        problem,
        offers: [],
        isWhole: false,
      }
    }
    const folder = join(this.#init.downloads(), cleanName(info.name || info.publicKey.slice(0, 16)))
    const origin = originOf(info)
    const { listings, isWhole } = await listingsOf(catalog, info.number, followed, options)
    const offers = listings.map(listing => offerOf(listing, origin, folder))
    const { name, syncedAt, problem } = info
    return { ...blank, origin, name, syncedAt, problem, offers, isWhole }
  }

  async #followOne(catalog: Catalog, reference: string, options: AbortOptions): Promise<void> {
    const known = this.#numbers.get(reference)
    try {
      if (known !== undefined && (await byNumber(catalog, known))) return
      this.#numbers.delete(reference)
      const found = await exists(catalog, reference)
      const { number } = found ?? (await catalog.follow(reference, options)).catalog
      this.#numbers.set(reference, number)
      this.#problems.delete(reference)
    } catch (error) {
      options.signal?.throwIfAborted()
      // It is followed though nobody has it at the moment.
      const number = (await exists(catalog, reference))?.number
      if (number !== undefined) this.#numbers.set(reference, number)
      const { message } = error as Error
      const before = this.#problems.get(reference)
      this.#problems.set(reference, message)
      if (message !== before) this.#init.onProblem(`The catalog ${reference} cannot be followed`, error)
    }
  }
}

async function exists(catalog: Catalog, reference: string): Promise<CatalogInfo | undefined> {
  try {
    return await catalog.find(reference)
  } catch (error) {
    if (error instanceof P2pShareError && error.code === 'ERR_NO_SUCH_CATALOG') return undefined
    throw error
  }
}

/** A catalog may have the number of another for its name, so that it is not asked for by that. */
async function byNumber(catalog: Catalog | undefined, number: number): Promise<CatalogInfo | undefined> {
  return (await catalog?.catalogs())?.find(info => info.number === number)
}

/** Catalogs of one key are told apart by their salt. */
function originOf({ publicKey, salt }: CatalogInfo): string {
  return `catalog:${publicKey}${salt === '' ? '' : `/${salt}`}`
}

function offerOf(listing: StoredListing, origin: string, folder: string): Offer {
  const { title, sizeBytes, seeds, magnet, publishedAt } = listing
  const key = (listing.infoHash ?? listing.infoHashV2)!
  const listedAt = Date.parse(publishedAt)
  return { key, title, sizeBytes, seeds, listedAt, origin, magnet, torrent: undefined, folder }
}
