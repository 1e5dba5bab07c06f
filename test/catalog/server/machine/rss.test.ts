import test from 'ava'
import { XMLValidator } from 'fast-xml-parser'
import Parser from 'rss-parser'
import { feedLinksFor } from '../../../../src/catalog/server/machine/feed-links.ts'
import { encodeBencode, parseMetainfo } from '../../../../src/core/index.ts'
import { hostileTexts } from '../../../kit/hostile-texts.ts'
import { type MachineSite, makeMachineSite, siteAddress } from '../../../kit/machine-site.ts'

const facts = [
  'torrent:infoHash',
  'torrent:magnetURI',
  'torrent:contentLength',
  'torrent:fileName',
  'torrent:seeds',
  'torrent:peers',
]
const parser = new Parser<object, Record<string, string | undefined>>({ customFields: { item: facts } })

async function feedOf({ get }: MachineSite, path: string) {
  const response = await get(path)
  const text = await response.text()
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${text}`)
  return { response, text, feed: await parser.parseString(text) }
}

test('A feed reader finds title, magnet, page, date, tags and BEP 36 facts of a listing', async t => {
  const made = await makeMachineSite(t)
  const listing = await made.publish({ description: 'Line one\n<b>two</b> & three' })
  await made.site.store.setHealth(listing.infoHash!, { seeds: 7, leeches: 2, at: new Date() })
  const { response, feed, text } = await feedOf(made, '/rss')
  t.is(response.headers.get('content-type'), 'application/rss+xml; charset=utf-8')
  t.is(feed.title, 'Newest listings – Zoo & friends')
  t.is(feed.items.length, 1)
  const [item] = feed.items
  t.like(item, {
    title: listing.title,
    link: listing.magnet,
    guid: listing.id,
    categories: ['video', 'zoo', 'animals'],
    'torrent:infoHash': listing.infoHash,
    'torrent:magnetURI': listing.magnet,
    'torrent:contentLength': String(listing.sizeBytes),
    'torrent:fileName': `${listing.title}.torrent`,
    'torrent:seeds': '7',
    'torrent:peers': '2',
  })
  t.is(
    item?.content,
    'Line one<br>\n&lt;b&gt;two&lt;/b&gt; &amp; three',
    'the description is text to a reader of HTML',
  )
  t.true(Math.abs(Date.now() - Date.parse(item?.pubDate ?? '')) < 60_000)
  t.is(item?.enclosure, undefined)
  t.regex(text, /<guid isPermaLink="false">/)
  t.regex(text, /<torrent xmlns="http:\/\/xmlns.ezrss.it\/0.1\/"><fileName>/)
  t.true(text.includes(`<comments>${siteAddress}/listing/${listing.id}</comments>`))
  t.true(text.includes(`<atom:link rel="self" type="application/rss+xml" href="${siteAddress}/rss"/>`))
})

test('The enclosure is the .torrent with its real length, the trackers of the site in it', async t => {
  const trackerUrls = ['https://site.example/announce']
  const made = await makeMachineSite(t, { settings: { trackerUrls } })
  const torrent = parseMetainfo(
    encodeBencode({ info: { length: 5, name: 'zoo.avi', 'piece length': 16_384, pieces: Buffer.alloc(20) } }),
  )
  const listing = await made.publish({ magnet: `magnet:?xt=urn:btih:${torrent.infoHash}` })
  await made.site.store.putTorrent(torrent.infoHash!, torrent.bytes)
  const [item] = (await feedOf(made, '/rss')).feed.items
  t.is(item?.enclosure?.type, 'application/x-bittorrent')
  const url = item?.enclosure?.url ?? ''
  t.true(url.startsWith(siteAddress))
  const fetched = await made.get(url.slice(siteAddress.length))
  t.is(fetched.headers.get('content-type'), 'application/x-bittorrent')
  const bytes = new Uint8Array(await fetched.arrayBuffer())
  t.is(String(item?.enclosure?.length), String(bytes.length))
  t.like(parseMetainfo(bytes), { infoHash: torrent.infoHash, trackers: [trackerUrls] })
  t.is(item?.link, `${listing.magnet}&tr=${encodeURIComponent(trackerUrls[0]!)}`)
})

test('Sections, tags, publishers and queries have feeds of their own, and others have none', async t => {
  const made = await makeMachineSite(t)
  const lion = await made.publish({ title: 'A lion', section: 'video', tags: ['black and white'] })
  const song = await made.publish({ title: 'A song', section: 'music', tags: ['c++'] })
  const titles = async (path: string) => (await feedOf(made, path)).feed.items.map(({ title }) => title)
  const ofPage = (page: Parameters<typeof feedLinksFor>[0]) => feedLinksFor(page)[0]!.href
  t.deepEqual(await titles('/rss'), [song.title, lion.title])
  t.deepEqual(await titles(ofPage({ section: 'music' })), [song.title])
  t.deepEqual(await titles(ofPage({ tag: 'black and white' })), [lion.title])
  t.deepEqual(await titles(ofPage({ tag: 'c++' })), [song.title])
  t.deepEqual(await titles(ofPage({ publisher: lion.publisher })), [song.title, lion.title])
  t.deepEqual(await titles(ofPage({ publisher: 'f'.repeat(64) })), [])
  t.deepEqual(await titles(ofPage({ query: 'lion' })), [lion.title])
  t.deepEqual(await titles(ofPage({ query: 'a', section: 'music' })), [song.title])
  t.is(feedLinksFor({}).length, 1)
  t.is(
    (await feedOf(made, ofPage({ section: 'music' }))).feed.title,
    'Newest listings: music – Zoo & friends',
  )
  for (const path of ['/rss/section/films', '/rss/publisher/me', '/rss/search?section=x'])
    t.is((await made.get(path)).status, 404, path)
})

test('Hostile texts come out of a feed as the text that they are', async t => {
  const made = await makeMachineSite(t)
  for (const text of hostileTexts) {
    const wellFormed = text.toWellFormed()
    await made.publish({ title: wellFormed, description: wellFormed, creator: wellFormed })
  }
  const { feed, text } = await feedOf(made, '/rss')
  t.is(XMLValidator.validate(text), true)
  t.deepEqual(
    feed.items.map(({ title }) => title).reverse(),
    hostileTexts.map(one => one.toWellFormed().replace(/[\ufffe\uffff]/g, '\ufffd')),
  )
  for (const { content = '' } of feed.items) t.false(/<(?!br>)/.test(content), content)
  const query = await feedOf(made, `/rss/search?q=${encodeURIComponent(']]><script>')}`)
  t.is(XMLValidator.validate(query.text), true)
})

test('Who has a feed already is told so', async t => {
  const made = await makeMachineSite(t)
  await made.publish()
  const first = await made.get('/rss')
  const tag = first.headers.get('etag')!
  const again = await made.get('/rss', { headers: { 'if-none-match': `"x", W/${tag}` } })
  t.deepEqual([again.status, await again.text()], [304, ''])
  t.is(again.headers.get('etag'), tag)
  await made.publish()
  t.is((await made.get('/rss', { headers: { 'if-none-match': tag } })).status, 200)
})
