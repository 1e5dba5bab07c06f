import { packageVersion } from '../../../../core/index.ts'
import { type Site, siteUrl } from '../../site.ts'
import { element, type Markup } from '../xml.ts'
import { categories } from './categories.ts'

/** Results in one answer. */
export const defaultLimit = 50
export const maxLimit = 100

/** The parameters that each way of searching takes beside `cat`, `limit` and `offset`. */
export const searchParameters = {
  search: ['q'],
  tvsearch: ['q', 'season', 'ep'],
  movie: ['q'],
  music: ['q', 'artist', 'album'],
} as const

/** What the site can do, in answer to `t=caps`. */
export function caps(site: Pick<Site, 'settings'>): Markup {
  const available = (name: string, parameters: readonly string[]) =>
    element(name, { available: 'yes', supportedParams: parameters.join(',') })
  const { name, description, contact } = site.settings
  return element(
    'caps',
    {},
    element('server', {
      version: '1.3',
      title: name,
      strapline: description,
      email: contact?.includes('@') ? contact : undefined,
      url: siteUrl(site, '/'),
      appversion: packageVersion(),
    }),
    element('limits', { default: defaultLimit, max: maxLimit }),
    element('registration', { available: 'no', open: 'no' }),
    element(
      'searching',
      {},
      available('search', searchParameters.search),
      available('tv-search', searchParameters.tvsearch),
      available('movie-search', searchParameters.movie),
      available('music-search', searchParameters.music),
      // Prowlarr knows music by this name only.
      available('audio-search', searchParameters.music),
      element('book-search', { available: 'no', supportedParams: 'q' }),
    ),
    element(
      'categories',
      {},
      categories.map(category => element('category', { ...category })),
    ),
  )
}
