import type { BoxConfig } from '../config/box-config.ts'
import { feedOrigin, type Source } from './offer.ts'

/** The largest that is asked for of each origin, in bytes; infinite where that is no matter. */
export type MaxSizes = ReadonlyMap<string, number>

/** Of sources as they were found. */
export function maxSizesOf(sources: readonly Source[]): MaxSizes {
  const most = new Map<string, number>()
  for (const { origin, maxSizeBytes = Number.POSITIVE_INFINITY } of sources)
    if (origin !== undefined) most.set(origin, Math.max(maxSizeBytes, most.get(origin) ?? 0))
  return most
}

/**
 * The largest that the settings ask for of an origin. Of a feed they say so themselves; which catalog a link or a name of theirs means
 * is not known before it was found, and until then what the most generous of them allows holds, as after a restart.
 */
export function maxSizeOf(
  origin: string,
  { catalogs, feeds }: Pick<BoxConfig['follow'], 'catalogs' | 'feeds'>,
  found: MaxSizes,
): number | undefined {
  const isFeed = origin.startsWith('feed:')
  const known = isFeed ? undefined : found.get(origin)
  if (known !== undefined) return known
  const meant = isFeed ? feeds.filter(({ url }) => feedOrigin(url) === origin) : catalogs
  if (meant.length === 0) return undefined
  return Math.max(...meant.map(({ max_size: maxSizeBytes = Number.POSITIVE_INFINITY }) => maxSizeBytes))
}
