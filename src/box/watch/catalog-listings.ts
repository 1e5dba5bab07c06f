import { join } from 'node:path'
import type { Catalog, CatalogInfo, ListingDraft, Section } from '../../catalog/index.ts'
import { type AbortOptions, magnetLink, P2pShareError, type SourceFile } from '../../core/index.ts'
import type { Found } from './found.ts'
import type { EarlierListing, ListedShare, Listings } from './listing.ts'

/** Lists what watched folders share in catalogs of one's own. */
export class CatalogListings implements Listings {
  readonly #open: () => Promise<Catalog>

  /** @param open the catalogs of the home; loaded and opened at the first use */
  constructor(open: () => Promise<Catalog>) {
    this.#open = open
  }

  async list({ found, metainfo, rules, earlier }: ListedShare, options: AbortOptions): Promise<string> {
    const { describeFiles, normalizeLicense, titleOfName } = await import('../../catalog/index.ts')
    const catalog = await this.#open()
    const { section, poster, ...facts } = await describeFiles(sourcesOf(found), options)
    const draft: ListingDraft = {
      ...facts,
      title: titleOfName(metainfo.name, !metainfo.isAlbum),
      description: '',
      section: (rules.section || section) as Section,
      tags: [...new Set(rules.tags.map(tag => tag.trim().toLowerCase().normalize('NFC')))],
      license: normalizeLicense(rules.license) ?? 'all rights reserved',
      magnet: magnetLink(metainfo),
    }
    const { link } = await ownCatalog(catalog, rules.publish)
    const known = earlier && (await catalog.store.byId(earlier.id))
    const extras = { to: link, poster, torrent: metainfo.bytes, revises: known?.id }
    const { id } = await catalog.publish(draft, extras)
    if (known && earlier.publish !== rules.publish) await leave(catalog, earlier, link)
    return id
  }

  async withdraw(id: string): Promise<void> {
    const catalog = await this.#open()
    const [listing, { publicKey }] = await Promise.all([catalog.store.byId(id), catalog.identity()])
    if (listing?.publisher === publicKey) await catalog.withdraw(id)
  }
}

/** The one that is named; made where there is none. */
async function ownCatalog(catalog: Catalog, name: string): Promise<CatalogInfo> {
  try {
    return await catalog.find(name)
  } catch (error) {
    if (!(error instanceof P2pShareError && error.code === 'ERR_NO_SUCH_CATALOG')) throw error
    return catalog.create(name)
  }
}

/** Takes a listing out of the catalog that it was in, unless that is the one it is in now under another name, or is gone itself. */
async function leave(catalog: Catalog, { id, publish }: EarlierListing, link: string): Promise<void> {
  const gone: ReadonlySet<unknown> = new Set(['ERR_NO_SUCH_CATALOG', 'ERR_NO_SUCH_LISTING'])
  try {
    const before = await catalog.find(publish)
    if (before.link !== link) await catalog.remove(id, before.link)
  } catch (error) {
    if (!(error instanceof P2pShareError && gone.has(error.code))) throw error
  }
}

function sourcesOf({ path, files }: Found): SourceFile[] {
  return files.map(({ path: below, sizeBytes, modifiedNs }) => ({
    source: join(path, below),
    path: below === '' ? [] : below.split('/'),
    sizeBytes,
    modifiedMs: Number(modifiedNs) / 1e6,
  }))
}
