import type { Identity } from '../core/index.ts'
import { type Hex, P2pShareError } from '../core/index.ts'
import type { CatalogRegistry, CatalogRow } from './catalog-registry.ts'
import type { CatalogDatabase } from './database/catalog-database.ts'
import type { ListingDraft } from './listing/fields.ts'
import type { ListingId } from './listing/listing-id.ts'
import type { CatalogRecord, Listing } from './listing/record.ts'
import { signListing, signWithdrawal } from './listing/sign.ts'
import { isPoster, posterHash } from './snapshot/poster-pack.ts'
import { idOfLine } from './snapshot/segment-lines.ts'
import { importRecords } from './store/import-records.ts'
import type { ListingStore } from './store/listing-store.ts'
import type { StoredListing } from './store/stored-listing.ts'

/** What goes with a listing. */
export interface ListingExtras {
  /** WebP of at most 32 KiB. */
  readonly poster?: Uint8Array | undefined
  /** The .torrent, so that it can be handed out. */
  readonly torrent?: Uint8Array | undefined
}

export interface PublishOptions extends ListingExtras {
  /** Name, number, link or key of an own catalog. @default the only one; where there is none, `my shares` is made */
  readonly to?: string | undefined
  /** An own listing that this one replaces. */
  readonly revises?: ListingId | undefined
}

export interface PublishingInit {
  readonly database: CatalogDatabase
  readonly registry: CatalogRegistry
  readonly store: ListingStore
  readonly now: () => Date
}

const linesAtOnce = 5_000

/** Puts listings into own catalogs and takes them out; the next snapshot brings it to those who follow. */
export class Publishing {
  readonly #init: PublishingInit

  constructor(init: PublishingInit) {
    this.#init = init
  }

  /** Signs a listing and puts it into a catalog; see `Catalog.publish`. */
  async publish(
    draft: ListingDraft,
    to: CatalogRow,
    identity: Identity,
    { poster, torrent, revises }: ListingExtras & { readonly revises?: ListingId | undefined },
  ): Promise<StoredListing> {
    const earlier = revises === undefined ? undefined : await this.#own(revises, identity)
    const pictured = poster ? { ...draft, poster: await describePoster(poster) } : draft
    const listing = signListing(pictured, identity, { revises: earlier, now: this.#init.now() })
    return this.accept(listing, to, { poster, torrent })
  }

  /** Puts a listing that is signed already into a catalog; see `Catalog.accept`. */
  async accept(listing: Listing, to: CatalogRow, { poster, torrent }: ListingExtras): Promise<StoredListing> {
    const { store, registry } = this.#init
    if (poster && listing.poster?.sha256 !== posterHash(poster))
      throw new P2pShareError(
        'ERR_INVALID_LISTING',
        `The poster is not the one that "${listing.title}" names`,
      )
    const hash = listing.infoHash ?? listing.infoHashV2
    if (torrent && hash) await store.putTorrent(hash, torrent)
    if (poster) await store.putPoster(listing.poster!.sha256, poster)
    // First, so that a process which is killed in between leaves no listing that followers never hear of.
    await registry.addChanges(to.number, 'listings', [listing.id])
    if (poster) await registry.addChanges(to.number, 'posters', [listing.poster!.sha256])
    const { refused } = await store.apply([listing], { catalogId: to.number })
    const stored = refused === 0 ? await store.byId(listing.id) : undefined
    if (!stored || stored.revision !== listing.revision)
      throw new P2pShareError(
        'ERR_ROLLED_BACK',
        `"${listing.title}" was withdrawn, its publisher is blocked, or a later revision is here already`,
      )
    return stored
  }

  /** Takes a listing back, out of every own catalog that holds it; see `Catalog.withdraw`. */
  async withdraw(id: ListingId, identity: Identity, reason: string | undefined): Promise<void> {
    const { store, registry, now } = this.#init
    const listing = await this.#own(id, identity)
    const withdrawal: CatalogRecord = signWithdrawal(listing, identity, { reason, now: now() })
    for (const catalog of await this.#ownCatalogsOf(listing.number)) {
      await registry.addChanges(catalog, 'listings', [id])
      await store.apply([withdrawal], { catalogId: catalog })
    }
  }

  /** Takes a listing of anybody out of an own catalog. */
  async remove(id: ListingId, from: CatalogRow): Promise<void> {
    await this.#init.registry.addChanges(from.number, 'listings', [id])
    const removed = await this.#init.store.remove(from.number, [id])
    if (removed === 0)
      throw new P2pShareError('ERR_NO_SUCH_LISTING', `The catalog "${from.name}" has no listing ${id}`)
  }

  /**
   * Takes signed records, a line each, into an own catalog.
   *
   * @returns how many were taken, and how many are no record or not signed by their publisher
   */
  async import(
    lines: AsyncIterable<string> | Iterable<string>,
    to: CatalogRow,
    signal: AbortSignal | undefined,
  ): Promise<{ taken: number; refused: number }> {
    const total = { taken: 0, refused: 0 }
    let held: string[] = []
    const flush = async () => {
      const ids = held.flatMap(line => idOfLine(line) ?? [])
      await this.#init.registry.addChanges(to.number, 'listings', ids)
      const { refused } = await importRecords(held, this.#init.store, { catalogId: to.number, signal })
      total.taken += held.length - refused
      total.refused += refused
      held = []
    }
    for await (const line of lines) {
      signal?.throwIfAborted()
      held.push(line)
      if (held.length >= linesAtOnce) await flush()
    }
    await flush()
    return total
  }

  async #own(id: ListingId, identity: Identity): Promise<StoredListing> {
    const listing = await this.#init.store.byId(id)
    if (!listing) throw new P2pShareError('ERR_NO_SUCH_LISTING', `There is no listing ${id} here`)
    if (listing.publisher === identity.publicKey) return listing
    throw new P2pShareError(
      'ERR_NOT_AUTHORIZED',
      `"${listing.title}" was published by another key than yours`,
    )
  }

  async #ownCatalogsOf(listing: number): Promise<number[]> {
    const rows = await this.#init.database.db
      .selectFrom('catalog_listing')
      .innerJoin('catalog', 'catalog.number', 'catalog_listing.catalog_id')
      .select('catalog.number')
      .where('catalog_listing.listing_number', '=', listing)
      .where('catalog.is_own', '=', 1)
      .execute()
    return rows.map(({ number }) => number)
  }
}

/** What a listing says of its poster. */
export async function describePoster(
  bytes: Uint8Array,
): Promise<{ sha256: Hex; sizeBytes: number; width: number; height: number }> {
  if (!isPoster(bytes))
    throw new P2pShareError('ERR_INVALID_LISTING', 'A poster is a WebP picture of at most 32 KiB')
  const { default: sharp } = await import('sharp')
  const { width, height } = await sharp(bytes).metadata()
  return { sha256: posterHash(bytes), sizeBytes: bytes.length, width, height }
}
