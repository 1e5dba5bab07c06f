import { posterPath } from '../../paths.ts'
import { type Site, siteUrl } from '../../site.ts'
import type { FeedItem } from '../feed-item.ts'
import { htmlOf } from '../rss.ts'
import { element, type Markup } from '../xml.ts'
import { categoriesOf } from './categories.ts'

const namespaces = {
  'xmlns:atom': 'http://www.w3.org/2005/Atom',
  'xmlns:newznab': 'http://www.newznab.com/DTD/2010/feeds/attributes/',
  'xmlns:torznab': 'http://torznab.com/schemas/2015/feed',
}

/** What was found, as the feed that Torznab asks for. */
export function results(
  site: Pick<Site, 'settings'>,
  items: readonly FeedItem[],
  { self, total, offset }: { readonly self: string; readonly total: number; readonly offset: number },
): Markup {
  const { name, description } = site.settings
  return element(
    'rss',
    { version: '2.0', ...namespaces },
    element(
      'channel',
      {},
      element('atom:link', { href: self, rel: 'self', type: 'application/rss+xml' }),
      element('title', {}, name),
      element('description', {}, description || name),
      element('link', {}, siteUrl(site, '/')),
      element('category', {}, 'search'),
      element('newznab:response', { offset, total }),
      items.map(item => result(site, item)),
    ),
  )
}

function result(site: Pick<Site, 'settings'>, { listing, pageUrl, magnet, torrent, date }: FeedItem): Markup {
  const { id, title, section, sizeBytes, fileCount, infoHash, language, poster, seeds, leeches } = listing
  const categories = categoriesOf(section)
  const attribute = (name: string, value: string | number | undefined) =>
    value === undefined ? undefined : element('torznab:attr', { name, value })
  return element(
    'item',
    {},
    element('title', {}, title),
    element('guid', { isPermaLink: 'false' }, id),
    element('comments', {}, pageUrl),
    element('pubDate', {}, date.toUTCString()),
    element('size', {}, sizeBytes),
    element('description', {}, htmlOf(listing.description)),
    element('link', {}, torrent?.url ?? magnet),
    categories.map(category => element('category', {}, category)),
    // Clients take the first of just one enclosure; a magnet link in it has a type of its own.
    torrent
      ? element('enclosure', {
          url: torrent.url,
          length: torrent.sizeBytes,
          type: 'application/x-bittorrent',
        })
      : element('enclosure', {
          url: magnet,
          length: 0,
          type: 'application/x-bittorrent;x-scheme-handler/magnet',
        }),
    categories.map(category => attribute('category', category)),
    attribute('size', sizeBytes),
    attribute('files', fileCount),
    attribute('infohash', infoHash),
    attribute('magneturl', magnet),
    attribute('seeders', seeds),
    attribute('leechers', leeches),
    attribute('peers', seeds === undefined ? undefined : seeds + (leeches ?? 0)),
    attribute('language', language),
    attribute('coverurl', poster && siteUrl(site, posterPath(poster.sha256))),
    // Nobody keeps accounts of what was fetched and given.
    attribute('downloadvolumefactor', 0),
    attribute('uploadvolumefactor', 1),
  )
}
