import { type Context, Hono } from 'hono'
import { type HttpEnv, HttpError } from '../../../http/index.ts'
import { looksLikeListingId } from '../../listing/listing-id.ts'
import type { StoredListing } from '../../store/listing-store.ts'
import type { Site } from '../site.ts'
import { aboutPage } from './about-page.ts'
import { assets } from './assets/assets.ts'
import { browsePage } from './browse-page.ts'
import { type Filters, filtersHref, readFilters, searchQueryOf } from './filters.ts'
import { homePage } from './home-page.ts'
import { FileLists } from './listing-files.ts'
import { listingPage } from './listing-page.ts'
import { PageCache } from './page-cache.ts'
import type { Html } from './parts/markup.ts'
import { qrCode } from './qr-code.ts'

const forEver = 'public, max-age=31536000, immutable'

/** The pages that everybody sees, with what they load. */
export function publicRoutes(site: Site, { keepPagesMs }: { readonly keepPagesMs: number }): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  const cache = new PageCache({ keepMs: keepPagesMs })
  const fileLists = new FileLists(site)

  const answer = async (context: Context<HttpEnv>, key: string, make: () => Promise<Html>) => {
    const page = await cache.get(key, async () => String(await make()))
    return context.html(page, 200, { 'cache-control': 'no-cache' })
  }
  const browse = (context: Context<HttpEnv>, filters: Filters) =>
    answer(context, filtersHref(filters), async () => {
      const query = searchQueryOf(filters)
      const [found, facets] = await Promise.all([site.store.search(query), site.store.facets(query)])
      return browsePage(site, filters, found, facets)
    })
  const find = async (id: string): Promise<StoredListing> => {
    const listing = looksLikeListingId(id) ? await site.store.byId(id) : undefined
    if (listing) return listing
    throw new HttpError(404, 'This listing is not here. It may have been taken back by its publisher.')
  }

  app.get('/', context => answer(context, '/', () => homePage(site)))
  app.get('/search', context => browse(context, readFilters(context.req.query())))
  for (const name of ['section', 'tag', 'publisher'] as const)
    app.get(`/${name}/:value`, context => {
      const { sort, page } = context.req.query()
      const filters = readFilters({ sort, page, [name]: context.req.param('value') })
      if (filters[name] === undefined) throw new HttpError(404, `There is no such ${name}.`)
      return browse(context, filters)
    })
  app.get('/listing/:id', context => {
    const id = context.req.param('id')
    return answer(context, `/listing/${id.slice(0, 30)}`, async () =>
      listingPage(site, fileLists, await find(id)),
    )
  })
  app.get('/listing/:id/qr.svg', async context => {
    const code = await qrCode(site, await find(context.req.param('id')))
    return context.body(code, 200, {
      'content-type': 'image/svg+xml',
      'cache-control': 'public, max-age=3600',
    })
  })
  app.get('/posters/:name{[0-9a-f]{64}\\.webp}', async context => {
    const poster = await site.store.poster(context.req.param('name').slice(0, 64))
    if (!poster) throw new HttpError(404, 'This poster is not here.')
    return context.body(new Uint8Array(poster), 200, {
      'content-type': 'image/webp',
      'cache-control': forEver,
      // Feed readers show it on their own pages.
      'cross-origin-resource-policy': 'cross-origin',
    })
  })
  app.get('/about', context => answer(context, '/about', async () => aboutPage(site)))
  for (const { path, contentType, body } of assets)
    app.get(path, context =>
      context.body(body, 200, { 'content-type': contentType, 'cache-control': forEver }),
    )
  return app
}
