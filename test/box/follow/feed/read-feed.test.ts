import test from 'ava'
import fc from 'fast-check'
import { readFeed } from '../../../../src/box/follow/feed/read-feed.ts'
import { P2pShareError } from '../../../../src/core/index.ts'
import { makeMachineSite } from '../../../kit/machine-site.ts'

const url = 'https://zoo.example.org/feeds/all?key=1'
const hash = 'c12fe1c06bba254a9dc9f519b335aa7c1367a88a'
const magnet = `magnet:?xt=urn:btih:${hash}&amp;dn=zoo.avi`

const rss = (...items: string[]) =>
  `<rss version="2.0" xmlns:torznab="http://torznab.com/schemas/2015/feed"><channel><title>The Zoo</title>${items
    .map(item => `<item>${item}</item>`)
    .join('')}</channel></rss>`

const only = (text: string) => {
  const { items, problems } = readFeed(text, url)
  return items[0] ?? problems
}

test('an item of RSS with a magnet link', t => {
  const feed = readFeed(
    rss(`<title>Lions
      at <b/>the zoo</title><link>${magnet}</link><guid>7</guid><pubDate>Sat, 02 May 2026 10:00:00 GMT</pubDate>`),
    url,
  )
  t.is(feed.title, 'The Zoo')
  t.deepEqual(feed.problems, [])
  t.deepEqual(feed.items, [
    {
      guid: '7',
      title: 'Lions at the zoo',
      magnet: magnet.replace('&amp;', '&'),
      torrentUrl: '',
      infoHash: hash,
      sizeBytes: undefined,
      seeds: undefined,
      listedAt: Date.parse('2026-05-02T10:00:00Z'),
    },
  ])
})

test('an enclosure is a torrent at an address, which may be relative', t => {
  t.like(
    only(
      rss(
        '<title>a</title><enclosure url="/t/7.torrent" length="20000000" type="application/x-bittorrent"/>',
      ),
    ),
    {
      torrentUrl: 'https://zoo.example.org/t/7.torrent',
      magnet: '',
      infoHash: undefined,
      sizeBytes: 20_000_000,
    },
  )
  // So long is the .torrent itself.
  t.is(
    (
      only(rss('<enclosure url="/7" length="900" type="application/x-bittorrent"/>')) as {
        sizeBytes?: number
      }
    ).sizeBytes,
    undefined,
  )
  t.like(only(rss('<link>https://a.example.org/x.torrent?k=1</link>')), {
    torrentUrl: 'https://a.example.org/x.torrent?k=1',
    title: 'without a title',
  })
})

test('what Torznab tells of an item', t => {
  const attr = (name: string, value: string) => `<torznab:attr name="${name}" value="${value}"/>`
  t.like(only(rss(`${attr('magneturl', magnet)}${attr('seeders', '4')}${attr('size', '123')}`)), {
    infoHash: hash,
    seeds: 4,
    sizeBytes: 123,
  })
  t.like(only(rss(attr('infohash', hash.toUpperCase()))), { infoHash: hash, torrentUrl: '' })
})

test('what BEP 36 tells of an item, within its element and beside it', t => {
  const facts = `<magnetURI>${magnet}</magnetURI><contentLength>55</contentLength><seeds>0</seeds>`
  for (const item of [`<torrent xmlns="http://xmlns.ezrss.it/0.1/">${facts}</torrent>`, facts])
    t.like(only(rss(item)), { infoHash: hash, sizeBytes: 55, seeds: 0 })
})

test('Atom and RSS 1.0', t => {
  t.like(
    only(
      `<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>urn:1</id><title>a</title>
       <link rel="enclosure" type="application/x-bittorrent" href="https://a.example.org/1"/>
       <updated>2026-05-02T10:00:00Z</updated></entry></feed>`,
    ),
    { guid: 'urn:1', torrentUrl: 'https://a.example.org/1', listedAt: Date.parse('2026-05-02T10:00:00Z') },
  )
  t.like(only(`<rdf:RDF><channel/><item><title>a</title><link>${magnet}</link></item></rdf:RDF>`), {
    infoHash: hash,
  })
})

test('a bad item is told of and left out, and the others stay', t => {
  const { items, problems } = readFeed(
    rss(
      '<title>nothing</title><link>https://zoo.example.org/page</link>',
      '<title>bad</title><link>magnet:?xt=urn:btih:xyz</link>',
      '<title>file</title><enclosure type="application/x-bittorrent" url="file:///etc/passwd"/>',
      `<title>good\u202e\u0007</title><link>${magnet}</link>`,
    ),
    url,
  )
  t.deepEqual(
    items.map(({ title }) => title),
    ['good<U+202E>␇'],
  )
  t.is(problems.length, 3)
  t.regex(problems[0]!, /^"nothing" is left out: /)
})

test('an item that is there twice is taken once, and a thousand at most', t => {
  const many = Array.from(
    { length: 1_100 },
    (_, index) => `<guid>${index % 1_050}</guid><link>${magnet}</link>`,
  )
  const { items, problems } = readFeed(rss(...many), url)
  t.is(items.length, 1_000)
  t.deepEqual(problems, ['100 items are left out: it has too many'])
  t.is(readFeed(rss('<guid>1</guid><link>magnet:?</link>', ...many.slice(0, 2)), url).items.length, 2)
})

test('a guid that is long is known by its digest, numbers that are none are not believed', t => {
  const item = only(
    rss(
      `<guid>${'x'.repeat(5_000)}</guid><link>${magnet}</link><size>1e3</size><seeders>-1</seeders><pubDate>x</pubDate>`,
    ),
  ) as { guid: string }
  t.is(item.guid.length, 64)
  t.like(item, { sizeBytes: undefined, seeds: undefined, listedAt: undefined })
})

test('a link that is kilobytes long is left out, however right', t => {
  const trackers = Array.from(
    { length: 90 },
    (_, index) => `&amp;tr=http://t${index}.example.org/${'x'.repeat(100)}`,
  )
  const { items, problems } = readFeed(rss(`<title>a</title><link>${magnet}${trackers.join('')}</link>`), url)
  t.deepEqual(items, [])
  t.deepEqual(problems, ['"a" is left out: its magnet link is longer than 8192 characters'])
})

test('whatever an item holds, it is left out or bounded and of usable values', t => {
  const words = fc.constantFrom(
    ...[
      'magnet:?',
      `magnet:?xt=urn:btih:${hash}`,
      '&amp;tr=',
      '&amp;dn=',
      'http://',
      'https://a/x.torrent',
      '..',
    ],
    ...['/', '\0', '\u001b[2J', '\u202e', '9'.repeat(20), '-1', '1e9', '0x10', '&#0;', '&#x1b;', '\n', hash],
    ...['2026-05-02', 'Sat, 02 May 275760 10:00:00 GMT', '\ud83e\udd81', 'x'.repeat(400)],
  )
  const value = fc.array(words, { maxLength: 4 }).map(parts => parts.join(''))
  const name = fc.constantFrom(
    ...[
      'title',
      'link',
      'guid',
      'id',
      'pubDate',
      'size',
      'seeders',
      'contentLength',
      'infoHash',
      'magnetURI',
    ],
    ...['torrent:infoHash', 'torrent', 'updated', '__proto__', 'constructor'],
  )
  const element = fc.oneof(
    fc.tuple(name, value).map(([tag, text]) => `<${tag}>${text}</${tag}>`),
    value.map(text => `<enclosure url="${text}" type="application/x-bittorrent" length="${text}"/>`),
    fc.tuple(name, value).map(([tag, text]) => `<torznab:attr name="${tag}" value="${text}"/>`),
  )
  const isCount = (count: number | undefined) =>
    count === undefined || (Number.isSafeInteger(count) && count >= 0)
  fc.assert(
    fc.property(fc.array(fc.array(element, { maxLength: 6 }), { maxLength: 5 }), entries => {
      const { items, problems } = readFeed(rss(...entries.map(parts => parts.join(''))), url)
      for (const item of items) {
        const { guid, title, magnet, torrentUrl, listedAt } = item
        if (guid.length > 200 || title.length > 3_000 || magnet.length > 8_192 || torrentUrl.length > 2_048)
          return false
        if ((magnet === '') === (torrentUrl === '') || /\p{Cc}/u.test(title)) return false
        if (torrentUrl !== '' && !/^https?:$/.test(new URL(torrentUrl).protocol)) return false
        if (!isCount(item.sizeBytes) || !isCount(item.seeds)) return false
        if (listedAt !== undefined && Number.isNaN(new Date(listedAt).getTime())) return false
      }
      return (
        new Set(items.map(({ guid }) => guid)).size === items.length &&
        problems.every(text => text.length < 4_000)
      )
    }),
  )
  t.pass()
})

test('a page is no feed', t => {
  t.throws(() => readFeed('<html><body/></html>', url), {
    instanceOf: P2pShareError,
    code: 'ERR_INVALID_FEED',
  })
})

test('the feed of a catalog’s own site is understood', async t => {
  const made = await makeMachineSite(t)
  const listing = await made.publish({ title: 'Lions & <tigers>' })
  await made.site.store.setHealth(listing.infoHash!, { seeds: 7, leeches: 2, at: new Date() })
  const { items, problems } = readFeed(await (await made.get('/rss')).text(), url)
  t.deepEqual(problems, [])
  t.like(items[0], {
    guid: listing.id,
    title: listing.title,
    infoHash: listing.infoHash,
    sizeBytes: listing.sizeBytes,
    seeds: 7,
    torrentUrl: '',
  })
})
