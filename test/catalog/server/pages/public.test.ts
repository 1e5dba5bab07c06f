import test from 'ava'
import { parseMetainfo, readMagnet } from '../../../../src/core/index.ts'
import { makeTorrent } from '../../../kit/made-torrent.ts'
import { sampleDraft, sampleMagnet } from '../../../kit/sample-listing.ts'
import { samplePoster } from '../../../kit/sample-posters.ts'
import { startSite } from '../../../kit/site.ts'

test('a listing is on the home page, in its section, under its tags, by its publisher, and found by its words', async t => {
  const { site, read } = await startSite(t)
  const { id, publisher } = await site.catalog.publish(sampleDraft({ creator: 'Ann' }), {
    poster: await samplePoster(1),
  })
  const paths = [
    '/',
    '/section/video',
    '/tag/zoo',
    `/publisher/${publisher}`,
    '/search?q=lions',
    '/search?creator=Ann',
  ]
  for (const path of paths) t.true((await read(path)).includes(`href="/listing/${id}"`), path)
  for (const path of ['/section/music', '/tag/nothing', '/search?q=tigers'])
    t.false((await read(path)).includes(`/listing/${id}`), path)
})

test('the page of a listing has all that one needs to get it', async t => {
  const { site, read, ask } = await startSite(t)
  const torrent = makeTorrent('lions <at> the zoo.mp4', new Uint8Array(40_000), 16_384)
  const poster = await samplePoster(2)
  const draft = sampleDraft({
    magnet: `magnet:?xt=urn:btih:${torrent.infoHash}&dn=lions`,
    media: { durationMs: 185_000, width: 1_920, height: 1_080 },
    language: 'de',
    createdAt: '2026-05-03',
  })
  const { id, poster: facts } = await site.catalog.publish(draft, { torrent: torrent.bytes, poster })
  await site.store.setHealth(torrent.infoHash!, { seeds: 12, leeches: 3, at: new Date() })
  const other = await site.catalog.publish(sampleDraft({ title: 'Tigers', magnet: sampleMagnet(7) }))
  const page = await read(`/listing/${id}`)
  const [magnet] = /magnet:\?[^"]+/.exec(page) ?? ['']
  t.is(readMagnet(magnet.replaceAll('&amp;', '&')).infoHash, torrent.infoHash)
  for (const words of [
    '<p dir="auto">A morning at the zoo.</p><p dir="auto">The lions were awake.</p>',
    'href="https://creativecommons.org/licenses/by/4.0/"',
    '3:05',
    '1920 × 1080',
    'German',
    '3 May 2026',
    '<b>12</b> seeds',
    '<b>3</b> leeches',
    'just now',
    'lions',
    '40 kB',
    `/listing/${other.id}`,
    `/posters/${facts!.sha256}.webp`,
  ])
    t.true(page.includes(words), words)

  const [, torrentPath = ''] = /href="(\/torrents\/[^"]+)"/.exec(page) ?? []
  const served = new Uint8Array(await (await ask(torrentPath)).arrayBuffer())
  t.is(parseMetainfo(served).infoHash, torrent.infoHash)
  const code = await ask(`/listing/${id}/qr.svg`)
  t.is(code.headers.get('content-type'), 'image/svg+xml')
  t.regex(await code.text(), /^<svg/)
  const picture = await ask(`/posters/${facts!.sha256}.webp`)
  t.is(picture.headers.get('cache-control'), 'public, max-age=31536000, immutable')
  t.is(picture.headers.get('x-content-type-options'), 'nosniff')
  t.deepEqual(Buffer.from(await picture.arrayBuffer()), poster)
})

test('filters are shown, can be taken away one by one, and narrow what is found', async t => {
  const { site, read } = await startSite(t)
  for (const [number, license] of ['CC-BY-4.0', 'MIT', 'MIT'].entries())
    await site.catalog.publish(
      sampleDraft({
        title: `Zoo ${number}`,
        license,
        section: number === 2 ? 'photos' : 'video',
        magnet: sampleMagnet(number),
      }),
    )
  const page = await read('/search?q=zoo&section=video&license=MIT')
  t.true(page.includes('1 listing<'))
  t.true(page.includes('href="/search?q=zoo&amp;license=MIT"'), 'without the section')
  t.true(page.includes('href="/search?q=zoo&amp;section=video"'), 'without the licence')
  t.true(page.includes('value="zoo"'))
  t.true((await read('/search?section=nonsense&sort=nonsense&page=-7')).includes('3 listings<'))
})

test('many listings are paged, and the last page says that it is the last', async t => {
  const { site, read } = await startSite(t)
  for (let number = 0; number < 30; number++)
    await site.catalog.publish(sampleDraft({ title: `Clip ${number}`, magnet: sampleMagnet(number) }))
  const [first, second, third] = await Promise.all(
    ['', '?page=2', '?page=3'].map(end => read(`/tag/zoo${end}`)),
  )
  t.is(first!.match(/class="card"/g)?.length, 24)
  t.true(first!.includes('href="/tag/zoo?page=2"'))
  t.is(second!.match(/class="card"/g)?.length, 6)
  t.false(second!.includes('rel="next"'))
  t.true(third!.includes('There is no page 3'))
})

test('an empty site invites to submit, and a search that finds nothing tells what can be written', async t => {
  const { read } = await startSite(t)
  t.true((await read('/')).includes('href="/submit"'))
  t.true((await read('/search?q=nothing')).includes('lion OR tiger'))
})

test('the head of each page links to the feed that belongs to it', async t => {
  const { read } = await startSite(t)
  const feeds = async (path: string) =>
    [
      ...(await read(path)).matchAll(
        /<link rel="alternate" type="application\/rss\+xml"[^>]*href="([^"]+)"/g,
      ),
    ].map(([, href]) => href)
  t.deepEqual(await feeds('/'), ['/rss'])
  t.deepEqual(await feeds('/section/photos'), ['/rss/section/photos', '/rss'])
  t.deepEqual(await feeds('/tag/zoo'), ['/rss/tag/zoo', '/rss'])
  t.deepEqual(await feeds('/search?q=zoo'), ['/rss/search?q=zoo', '/rss'])
})

test('the about page tells how to follow the catalog', async t => {
  const { read, site } = await startSite(t, {
    about: 'Kept by friends.\n\nSince 2020.',
    contact: 'hello@example.org',
  })
  const page = await read('/about')
  t.true(page.includes('<p dir="auto">Kept by friends.</p><p dir="auto">Since 2020.</p>'))
  t.true(page.includes(site.own.publicKey))
  t.true(page.includes(site.own.link.replaceAll('&', '&amp;')))
  t.true(page.includes('mailto:hello@example.org'))
})

test('what is not there is a page to a browser and a problem document to a program', async t => {
  const { ask } = await startSite(t)
  for (const path of [
    '/nothing',
    '/listing/aaaaaaaaaaaaaaaaaaaaaaaaaa',
    '/section/nothing',
    `/posters/${'0'.repeat(64)}.webp`,
  ]) {
    const page = await ask(path, { headers: { accept: 'text/html' } })
    t.is(page.status, 404)
    t.true((await page.text()).includes('<h1>There is nothing here</h1>'))
    const answer = await ask(path)
    t.is(answer.status, 404)
    t.is(answer.headers.get('content-type'), 'application/problem+json')
  }
})

test('a page is made anew unless it may be kept', async t => {
  const { site, read } = await startSite(t, { keepPagesMs: 60_000 })
  t.true((await read('/')).includes('Nothing here yet'))
  await site.catalog.publish(sampleDraft())
  t.true((await read('/')).includes('Nothing here yet'))
  const fresh = await startSite(t)
  t.true((await fresh.read('/')).includes('Nothing here yet'))
  await fresh.site.catalog.publish(sampleDraft())
  t.false((await fresh.read('/')).includes('Nothing here yet'))
})
