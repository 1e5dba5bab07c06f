import { Hono } from 'hono'
import { sameToken } from '../../../../http/index.ts'
import type { SearchPage } from '../../../search/search-query.ts'
import { type Site, siteUrl } from '../../site.ts'
import { FeedItems } from '../feed-item.ts'
import { type Markup, xmlDocument } from '../xml.ts'
import { caps, searchParameters } from './caps.ts'
import { readSearch, type SearchFunction, type TorznabSearch } from './parameters.ts'
import { results } from './results.ts'
import { TorznabError } from './torznab-error.ts'

/** Functions of Newznab that are optional, and that we have no use for. */
const unavailable = 'book details getnfo get cartadd cartdel comments commentadd user register'.split(' ')

/**
 * Torznab 1.3 at `/torznab/api`, as Prowlarr, Sonarr and Radarr ask for it.
 *
 * @param apiKey what searches have to give as `apikey`; without it, any is taken
 */
export function torznabRoutes(site: Site, { apiKey }: { apiKey?: string | undefined } = {}): Hono {
  const items = new FeedItems(site)
  const answer = async (query: Readonly<Record<string, string>>): Promise<Markup> => {
    const { t = '' } = query
    if (t === '') throw new TorznabError(200)
    if (t === 'caps') return caps(site)
    if (!Object.hasOwn(searchParameters, t)) throw new TorznabError(unavailable.includes(t) ? 203 : 202)
    if (apiKey !== undefined && !sameToken(query.apikey ?? '', apiKey)) throw new TorznabError(100)
    const search = readSearch(t as SearchFunction, query)
    const { listings, total } = search ? await find(site, search) : { listings: [], total: 0 }
    const { apikey, ...shown } = query
    const self = siteUrl(site, `/torznab/api?${new URLSearchParams(shown)}`)
    return results(site, await items.of(listings), { self, total, offset: search?.offset ?? 0 })
  }
  return new Hono().get('/torznab/api', async c => {
    const headers = { 'content-type': 'application/xml; charset=utf-8', 'cache-control': 'no-cache' }
    const markup = await answer(c.req.query()).catch(error => {
      if (error instanceof TorznabError) return error.markup()
      throw error
    })
    return c.body(xmlDocument(markup), 200, headers)
  })
}

/** The search takes one section as a filter; several go before the words, which cannot reach back to them. */
function find(site: Site, { text, sections = [], limit, offset }: TorznabSearch): Promise<SearchPage> {
  const [section, another] = sections
  if (!another) return site.store.search({ text, section, limit, offset, sort: 'newest' })
  const within = sections.map(one => `section:${one}`).join(' OR ')
  const words = text.replace(/^(?:(?:OR|\|)(?:\s+|$))+/, '')
  return site.store.search({ text: `${within} ${words}`, limit, offset, sort: 'newest' })
}
