import { Hono } from 'hono'
import { z } from 'zod'
import { cleanName, packageVersion } from '../../../core/index.ts'
import { HttpError } from '../../../http/index.ts'
import { sections } from '../../listing/fields.ts'
import type { SearchQuery } from '../../search/search-query.ts'
import { type Site, siteUrl } from '../site.ts'
import { conditional } from './conditional.ts'
import { type FeedItem, FeedItems } from './feed-item.ts'
import { type FeedOf, feedPath, feedTitle } from './feed-links.ts'
import { element, type Markup, xmlDocument } from './xml.ts'

const itemsPerFeed = 50
const maxAgeSeconds = 60
const torrentNamespace = 'http://xmlns.ezrss.it/0.1/'

const feedOf = z.object({
  section: z.enum(sections).optional(),
  tag: z.string().min(1).max(100).optional(),
  publisher: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  query: z.string().max(1_000).optional(),
})

/** RSS 2.0 of the newest listings: of all, and of a section, tag, publisher or query (BEP 36). */
export function rssRoutes(site: Site): Hono {
  const items = new FeedItems(site)
  const answer = async (c: Parameters<typeof conditional>[0], asked: Record<string, string | undefined>) => {
    const { data: feed } = feedOf.safeParse(asked)
    if (!feed) throw new HttpError(404, 'There is no such feed.')
    const { query: text, ...rest } = feed
    const search: SearchQuery = { ...rest, text, sort: 'newest', limit: itemsPerFeed }
    const { listings } = await site.store.search(search)
    const newest = listings.reduce<Date | undefined>(
      (latest, { seenAt }) => (latest && latest > seenAt ? latest : seenAt),
      undefined,
    )
    const body = xmlDocument(rss(site, feed, await items.of(listings), newest))
    // Health changes without a newer listing, so that only the tag tells what is new.
    return conditional(c, body, { contentType: 'application/rss+xml; charset=utf-8', maxAgeSeconds })
  }
  return new Hono()
    .get('/rss', c => answer(c, {}))
    .get('/rss/section/:section', c => answer(c, { section: c.req.param('section') }))
    .get('/rss/tag/:tag', c => answer(c, { tag: c.req.param('tag') }))
    .get('/rss/publisher/:publisher', c => answer(c, { publisher: c.req.param('publisher') }))
    .get('/rss/search', c => {
      const { q = '', section, tag, publisher } = c.req.query()
      return answer(c, { query: q, section, tag, publisher })
    })
}

function rss(site: Site, feed: FeedOf, items: readonly FeedItem[], newest: Date | undefined): Markup {
  const { name, description } = site.settings
  return element(
    'rss',
    { version: '2.0', 'xmlns:atom': 'http://www.w3.org/2005/Atom', 'xmlns:torrent': torrentNamespace },
    element(
      'channel',
      {},
      element('title', {}, `${feedTitle(feed)} – ${name}`),
      element('link', {}, siteUrl(site, '/')),
      element('description', {}, description || name),
      element('atom:link', {
        rel: 'self',
        type: 'application/rss+xml',
        href: siteUrl(site, feedPath(feed)),
      }),
      element('generator', {}, `p2pshare ${packageVersion()}`),
      element('docs', {}, 'https://www.rssboard.org/rss-specification'),
      element('ttl', {}, 15),
      newest && element('lastBuildDate', {}, newest.toUTCString()),
      items.map(rssItem),
    ),
  )
}

function rssItem({ listing, pageUrl, magnet, torrent, date }: FeedItem): Markup {
  const { seeds, leeches } = listing
  const facts = {
    fileName: cleanName(`${listing.title}.torrent`),
    contentLength: listing.sizeBytes,
    infoHash: listing.infoHash,
    magnetURI: magnet,
  }
  const known = Object.entries(facts).filter(([, value]) => value !== undefined)
  return element(
    'item',
    {},
    element('title', {}, listing.title),
    element('link', {}, magnet),
    element('guid', { isPermaLink: 'false' }, listing.id),
    element('pubDate', {}, date.toUTCString()),
    element('description', {}, htmlOf(listing.description)),
    element('category', {}, listing.section),
    listing.tags.map(tag => element('category', {}, tag)),
    element('comments', {}, pageUrl),
    torrent &&
      element('enclosure', {
        url: torrent.url,
        length: torrent.sizeBytes,
        type: 'application/x-bittorrent',
      }),
    // Readers disagree on whether the facts are within BEP 36's element or stand for themselves.
    element(
      'torrent',
      { xmlns: torrentNamespace },
      known.map(([key, value]) => element(key, {}, value)),
    ),
    known.map(([key, value]) => element(`torrent:${key}`, {}, value)),
    seeds === undefined ? undefined : element('torrent:seeds', {}, seeds),
    leeches === undefined ? undefined : element('torrent:peers', {}, leeches),
  )
}

/** A description is HTML to those who read feeds, once it is no longer XML. */
export function htmlOf(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\n', '<br>\n')
}
