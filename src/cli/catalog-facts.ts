import type { CatalogInfo, SyncResult } from '../catalog/index.ts'
import { visibleName } from '../core/index.ts'
import type { Env } from './env.ts'
import { formatCount, formatSize } from './format.ts'
import type { Printer } from './printer.ts'
import { formatFacts } from './table.ts'

/** A catalog as `--json` gives it. */
export function catalogFacts(catalog: CatalogInfo): Record<string, unknown> {
  const { number, name, link, publicKey, salt, url, isOwn, seq, infoHash, listingCount } = catalog
  const { description, createdAt, syncedAt, problem } = catalog
  return {
    ...{ number, name, link, publicKey, salt, url, isOwn, seq, infoHash, listingCount },
    ...{ description, createdAt, syncedAt, problem },
  }
}

/** The catalog's name as it may stand on a terminal. */
export function nameOf({ name, number }: Pick<CatalogInfo, 'name' | 'number'>): string {
  return visibleName(name) || `catalog ${number}`
}

/** All that is known of a catalog, for a person. */
export async function formatCatalog(catalog: CatalogInfo, env: Env): Promise<string> {
  const { number, description, isOwn, url, seq, listingCount, syncedAt, problem } = catalog
  const facts = await formatFacts(
    [
      ['Name', nameOf(catalog)],
      ['Whose', isOwn ? 'yours' : 'followed'],
      ['Listings', `${listingCount}`],
      ['Version', seq === 0 ? 'none yet' : `${seq}`],
      [isOwn ? 'Written' : 'Synced', syncedAt?.toISOString() ?? 'never'],
      ['Problem', problem && visibleName(problem)],
      ['Web site', url && visibleName(url)],
      ['Key', catalog.publicKey],
      ['Info-hash', catalog.infoHash],
      ['Number', `${number}`],
      ['Link', catalog.link],
    ],
    env.stdout,
    env,
  )
  const text = description.split('\n').map(visibleName).join('\n')
  return text === '' ? facts : `${facts}\n\n${text}`
}

/** Says what bringing a catalog up to date came to. */
export function tellSynced(catalog: CatalogInfo, result: SyncResult, printer: Printer): void {
  const { isChanged, added, replaced, removed, refused, fetchedBytes } = result
  const { number, name, link, seq, listingCount } = catalog
  printer.event('synced', {
    ...{ number, name, link, seq, listingCount, isChanged, added, replaced, removed, refused, fetchedBytes },
  })
  printer.result(`${nameOf(catalog)}: ${describeSync(catalog, result)}`)
}

function describeSync({ listingCount }: CatalogInfo, result: SyncResult): string {
  const all = formatCount(listingCount, 'listing')
  if (!result.isChanged) return `nothing new, ${all}`
  const parts = [
    `${result.added} new`,
    ...(result.replaced > 0 ? [`${result.replaced} changed`] : []),
    ...(result.removed > 0 ? [`${result.removed} gone`] : []),
    ...(result.refused > 0 ? [`${result.refused} refused`] : []),
  ]
  return `${parts.join(', ')}, ${all} (${formatSize(result.fetchedBytes)} fetched)`
}
