import { Hono } from 'hono'
import { HttpError } from '../../../http/index.ts'
import { sections } from '../../listing/fields.ts'
import { listingPath, sectionPath } from '../paths.ts'
import { type Site, siteUrl } from '../site.ts'
import { conditional } from './conditional.ts'
import { element, type Markup, xmlDocument } from './xml.ts'

/** What the protocol allows a part, and the index. */
const urlsPerPart = 50_000
const maxParts = 50_000
const namespace = { xmlns: 'http://www.sitemaps.org/schemas/sitemap/0.9' }
const caching = { contentType: 'application/xml; charset=utf-8', maxAgeSeconds: 3_600 }

/** What search engines read: the sitemap, in parts of as many numbers of listings as a part may have, and robots.txt. */
export function sitemapRoutes(site: Site): Hono {
  const { db } = site.catalog.database
  const page = (path: string, modified?: Date): Markup =>
    element(
      'url',
      {},
      element('loc', {}, siteUrl(site, path)),
      modified && element('lastmod', {}, modified.toISOString()),
    )
  return new Hono()
    .get('/sitemap.xml', async c => {
      const { last } = await db
        .selectFrom('listing')
        .select(eb => eb.fn.max('number').as('last'))
        .executeTakeFirstOrThrow()
      const parts = Math.min(Math.ceil(Number(last ?? 0) / urlsPerPart), maxParts - 1)
      const paths = ['pages', ...Array.from({ length: parts }, (_, part) => part + 1)]
      const index = element(
        'sitemapindex',
        namespace,
        paths.map(name => element('sitemap', {}, element('loc', {}, siteUrl(site, `/sitemap/${name}.xml`)))),
      )
      return conditional(c, xmlDocument(index), caching)
    })
    .get('/sitemap/pages.xml', c => {
      const paths = ['/', '/about', '/submit', ...sections.map(sectionPath)]
      return conditional(
        c,
        xmlDocument(
          element(
            'urlset',
            namespace,
            paths.map(path => page(path)),
          ),
        ),
        caching,
      )
    })
    .get('/sitemap/:file{[1-9][0-9]{0,4}\\.xml}', async c => {
      const part = Number.parseInt(c.req.param('file'), 10)
      const rows = await db
        .selectFrom('listing')
        .select(['id', 'seen_at'])
        .where('number', '>', (part - 1) * urlsPerPart)
        .where('number', '<=', part * urlsPerPart)
        .orderBy('number')
        .execute()
      if (rows.length === 0) throw new HttpError(404, 'The sitemap has no such part.')
      const urls = rows.map(({ id, seen_at }) => page(listingPath(id), new Date(seen_at)))
      return conditional(c, xmlDocument(element('urlset', namespace, urls)), caching)
    })
    .get('/robots.txt', c => {
      const rules = [
        'User-agent: *',
        ...[
          '/api/',
          '/torznab/',
          '/rss/search',
          '/search',
          '/review',
          '/submission/',
          '/announce',
          '/scrape',
        ].map(path => `Disallow: ${path}`),
        '',
        `Sitemap: ${siteUrl(site, '/sitemap.xml')}`,
        '',
      ]
      return conditional(c, rules.join('\n'), {
        contentType: 'text/plain; charset=utf-8',
        maxAgeSeconds: 3_600,
      })
    })
}
