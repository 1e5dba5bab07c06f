import { createHash } from 'node:crypto'
import type { Catalog, CatalogInfo, ListingDraft, StoredListing } from '../catalog/index.ts'
import { canonicalJson, P2pShareError, readMagnet } from '../core/index.ts'
import { nameOf } from './catalog-facts.ts'
import type { ListingWords } from './listing-options.ts'

const firstName = 'my shares'

/** What goes into a listing, and with it. */
export interface ListingParts {
  /** What was found out of the content; nothing where only the words of a listing are revised. */
  readonly facts: Partial<ListingDraft>
  /** What was said of it. */
  readonly said: Partial<ListingWords>
  /** What stands where nothing was said. */
  readonly defaults: Omit<ListingWords, 'title'>
  readonly poster?: Uint8Array | undefined
  readonly torrent?: Uint8Array | undefined
}

/**
 * The own catalog that is meant: the one that is named, else the only one, which is made where there is none.
 * @throws {P2pShareError} `ERR_NO_SUCH_CATALOG`
 */
export async function targetCatalog(catalog: Catalog, to: string | undefined): Promise<CatalogInfo> {
  if (to !== undefined) return catalog.find(to)
  const { publicKey } = await catalog.identity()
  const own = (await catalog.catalogs()).filter(info => info.isOwn && info.publicKey === publicKey)
  if (own.length <= 1) return own[0] ?? catalog.create(firstName)
  throw new P2pShareError(
    'ERR_NO_SUCH_CATALOG',
    `Say with --to which of your catalogs is meant: ${own.map(nameOf).join(', ')}`,
  )
}

/**
 * Puts a listing into a catalog: a new one, or a later revision of `earlier` or of what is listed there of the same torrent
 * already, so that publishing again changes only what is different. Where nothing is, nothing is signed.
 */
export async function putListing(
  catalog: Catalog,
  target: CatalogInfo,
  { facts, said, defaults, poster, torrent }: ListingParts,
  earlier: StoredListing | undefined,
): Promise<StoredListing> {
  const { draftOf } = await import('../catalog/index.ts')
  const known = earlier ?? (await listedAlready(catalog, target, facts))
  const before = known && draftOf(known)
  const draft = { ...defaults, ...before, ...facts, ...said } as ListingDraft
  if (known && !earlier && isSame(draft, before!, poster)) return known
  return catalog.publish(draft, { to: target.link, poster, torrent, revises: known?.id })
}

/** The own listing of the same torrent in that catalog. */
async function listedAlready(
  catalog: Catalog,
  target: CatalogInfo,
  { magnet }: Partial<ListingDraft>,
): Promise<StoredListing | undefined> {
  if (magnet === undefined) return undefined
  const { infoHash, infoHashV2 } = readMagnet(magnet)
  const { publicKey: publisher } = await catalog.identity()
  const query = { infoHash: infoHash ?? infoHashV2, publisher, catalogId: target.number, limit: 1 }
  return (await catalog.search(query)).listings[0]
}

/** Whether two drafts differ in nothing but when they were written. */
function isSame(draft: ListingDraft, before: ListingDraft, poster: Uint8Array | undefined): boolean {
  const sha256 = poster && createHash('sha256').update(poster).digest('hex')
  const textOf = (value: ListingDraft) => canonicalJson({ ...value, poster: undefined })
  return posterOf(before) === sha256 && textOf(draft) === textOf(before)
}

function posterOf({ poster }: ListingDraft): string | undefined {
  return poster?.sha256
}
