import test from 'ava'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { encodeBencode, parseMetainfo } from '../../../../src/core/index.ts'
import { hostileTexts } from '../../../kit/hostile-texts.ts'
import { type MachineSite, makeMachineSite, siteAddress } from '../../../kit/machine-site.ts'

// As the parsers of Prowlarr and Sonarr go through it: by element and attribute names.
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  htmlEntities: true,
  isArray: name => ['item', 'category', 'torznab:attr', 'enclosure'].includes(name),
})

interface Item {
  title: string
  guid: { '#text': string }
  link: string
  pubDate: string
  size: string
  comments: string
  description: string
  category: string[]
  enclosure: { '@url': string; '@length': string; '@type': string }[]
  'torznab:attr': { '@name': string; '@value': string }[]
}

async function ask({ get }: MachineSite, query: string) {
  const response = await get(`/torznab/api?${query}`)
  const text = await response.text()
  return { response, text, parsed: parser.parse(text) }
}

async function search(made: MachineSite, query: string) {
  const { parsed, text } = await ask(made, query)
  const channel = parsed.rss?.channel
  if (!channel) throw new Error(text)
  const items = (channel.item ?? []) as Item[]
  return { channel, items, titles: items.map(({ title }) => title) }
}

async function errorOf(made: MachineSite, query: string) {
  const { response, parsed, text } = await ask(made, query)
  return [response.status, parsed.error?.['@code'], parsed.error?.['@description'] ?? text]
}

const attributes = (item: Item, name: string) =>
  item['torznab:attr'].filter(attribute => attribute['@name'] === name).map(attribute => attribute['@value'])

test('The capabilities say what can be searched for, how, and in which categories', async t => {
  const made = await makeMachineSite(t)
  const { response, parsed } = await ask(made, 't=caps&apikey=whatever')
  t.is(response.headers.get('content-type'), 'application/xml; charset=utf-8')
  const { caps } = parsed
  t.like(caps.limits, { '@default': '50', '@max': '100' })
  t.is(caps.server['@title'], 'Zoo & friends')
  for (const [name, parameters] of [
    ['search', 'q'],
    ['tv-search', 'q,season,ep'],
    ['movie-search', 'q'],
    ['music-search', 'q,artist,album'],
    ['audio-search', 'q,artist,album'],
  ] as const)
    t.deepEqual(caps.searching[name], { '@available': 'yes', '@supportedParams': parameters })
  t.is(caps.searching['book-search']['@available'], 'no')
  const ids = caps.categories.category.map((category: Record<string, string>) => Number(category['@id']))
  for (const id of [2000, 3000, 4000, 5000, 8000, 100_002]) t.true(ids.includes(id), String(id))
  t.is(new Set(ids).size, ids.length)
})

test('A search gives what clients need of each listing', async t => {
  const made = await makeMachineSite(t)
  const listing = await made.publish({ title: 'Lions at the zoo', fileCount: 3 })
  await made.site.store.setHealth(listing.infoHash!, { seeds: 7, leeches: 2, at: new Date() })
  const { channel, items } = await search(made, 't=search&q=lions')
  t.deepEqual(channel['newznab:response'], { '@offset': '0', '@total': '1' })
  t.is(items.length, 1)
  const [item] = items as [Item]
  t.like(item, {
    title: listing.title,
    link: listing.magnet,
    size: String(listing.sizeBytes),
    comments: `${siteAddress}/listing/${listing.id}`,
    enclosure: [
      { '@url': listing.magnet, '@length': '0', '@type': 'application/x-bittorrent;x-scheme-handler/magnet' },
    ],
  })
  t.is(item.guid['#text'], listing.id)
  t.false(Number.isNaN(Date.parse(item.pubDate)))
  t.deepEqual(attributes(item, 'category'), ['2000', '5000', '100001'])
  for (const [name, value] of Object.entries({
    size: String(listing.sizeBytes),
    files: '3',
    infohash: listing.infoHash!,
    magneturl: listing.magnet,
    seeders: '7',
    peers: '9',
  }))
    t.deepEqual(attributes(item, name), [value], name)
})

test('Where the .torrent is known it is what is to be fetched', async t => {
  const made = await makeMachineSite(t)
  const info = { length: 5, name: 'zoo.avi', 'piece length': 16_384, pieces: Buffer.alloc(20) }
  const torrent = parseMetainfo(encodeBencode({ info }))
  await made.publish({ magnet: `magnet:?xt=urn:btih:${torrent.infoHash}` })
  await made.site.store.putTorrent(torrent.infoHash!, torrent.bytes)
  const [item] = (await search(made, 't=search')).items as [Item]
  const [enclosure] = item.enclosure
  t.like(enclosure, { '@type': 'application/x-bittorrent', '@length': String(torrent.bytes.length) })
  t.is(item.link, enclosure!['@url'])
  t.is((await made.get(new URL(enclosure!['@url']!).pathname)).status, 200)
})

test('Functions, categories and pages narrow a search', async t => {
  const made = await makeMachineSite(t)
  await made.publish({ title: 'Zoo S01E02', section: 'video' })
  await made.publish({ title: 'Zoo S02E01', section: 'video' })
  await made.publish({ title: 'Zoo songs', section: 'music', creator: 'The Lions' })
  await made.publish({ title: 'Zoo pictures', section: 'photos' })
  await made.publish({ title: 'Zoo keeper', section: 'software' })
  const titles = async (query: string) => (await search(made, query)).titles
  t.is((await titles('t=search&q=zoo')).length, 5)
  t.deepEqual(await titles('t=tvsearch&q=zoo&season=1&ep=2'), ['Zoo S01E02'])
  t.deepEqual(await titles('t=tvsearch&q=zoo&season=2'), ['Zoo S02E01'])
  t.deepEqual(await titles('t=tvsearch&cat=5030,5040'), ['Zoo S02E01', 'Zoo S01E02'])
  t.deepEqual(await titles('t=music&artist=lions'), ['Zoo songs'])
  t.deepEqual(await titles('t=search&cat=100002'), ['Zoo pictures'])
  t.deepEqual(await titles('t=search&q=zoo&cat=3000,4050'), ['Zoo keeper', 'Zoo songs'])
  t.deepEqual(await titles('t=search&cat=3000,4050'), ['Zoo keeper', 'Zoo songs'])
  t.deepEqual(await titles('t=movie&imdbid=tt0123456'), [])
  t.deepEqual(await titles('t=search&cat=7020'), [])
  const page = await search(made, 't=search&limit=2&offset=1')
  t.deepEqual(page.titles, ['Zoo pictures', 'Zoo songs'])
  t.deepEqual(page.channel['newznab:response'], { '@offset': '1', '@total': '5' })
})

test('Errors have the numbers that the specification gives them', async t => {
  const made = await makeMachineSite(t)
  t.deepEqual(await errorOf(made, ''), [200, '200', 'Missing parameter'])
  t.deepEqual(await errorOf(made, 't=nonsense'), [200, '202', 'No such function'])
  t.deepEqual(await errorOf(made, 't=__proto__'), [200, '202', 'No such function'])
  t.deepEqual(await errorOf(made, 't=book&q=x'), [200, '203', 'Function not available'])
  t.deepEqual(await errorOf(made, 't=search&cat=<b>'), [
    200,
    '201',
    'Incorrect parameter (cat takes numbers with commas)',
  ])
})

test('A site that demands a key searches for nobody without it, and tells its capabilities to all', async t => {
  const made = await makeMachineSite(t, { torznabApiKey: 'secret' })
  await made.publish()
  t.deepEqual(await errorOf(made, 't=search'), [200, '100', 'Incorrect user credentials'])
  t.deepEqual(await errorOf(made, 't=search&apikey=other'), [200, '100', 'Incorrect user credentials'])
  const { text } = await ask(made, 't=search&apikey=secret')
  t.false(text.includes('secret'))
  t.is((await search(made, 't=search&apikey=secret')).items.length, 1)
  t.truthy((await ask(made, 't=caps')).parsed.caps)
})

test('Hostile texts come out as the text that they are', async t => {
  const made = await makeMachineSite(t)
  for (const text of hostileTexts) {
    const wellFormed = text.toWellFormed()
    await made.publish({ title: wellFormed, description: wellFormed })
  }
  const { text } = await ask(made, 't=search')
  t.is(XMLValidator.validate(text), true)
  const { titles } = await search(made, 't=search')
  t.deepEqual(
    titles.reverse(),
    hostileTexts.map(one => one.toWellFormed().replace(/[\ufffe\uffff]/g, '\ufffd')),
  )
  const asked = await ask(made, `t=search&q=${encodeURIComponent('"]]><x a=\'')}`)
  t.is(XMLValidator.validate(asked.text), true)
})
