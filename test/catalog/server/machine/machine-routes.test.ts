import test from 'ava'
import { XMLParser } from 'fast-xml-parser'
import { SiteTracker } from '../../../../src/catalog/server/tracker.ts'
import { makeMachineSite, siteAddress } from '../../../kit/machine-site.ts'

const parser = new XMLParser({ isArray: name => ['sitemap', 'url'].includes(name) })
const desk = { counts: async () => ({ ready: 3, rejected: 1 }) }

/** Samples of Prometheus' text format: what stands before each value, and the value. */
function samplesOf(text: string): Map<string, number> {
  const samples = new Map<string, number>()
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue
    const [, name, value] =
      /^([a-zA-Z_:][\w:]*(?:\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\.)*",?)*\})?) (\S+)$/.exec(line) ?? []
    if (!name || (value !== 'Nan' && Number.isNaN(Number(value)))) throw new Error(`no sample: ${line}`)
    samples.set(name, Number(value))
  }
  return samples
}

test('The health of the site is that of its database and of its swarm', async t => {
  let isUp = true
  const made = await makeMachineSite(t, { isSwarmUp: () => isUp })
  const health = async () => {
    const response = await made.get('/healthz')
    return [response.status, await response.json()]
  }
  t.deepEqual(await health(), [200, { status: 'ok', database: true, swarm: true }])
  isUp = false
  t.deepEqual(await health(), [503, { status: 'failing', database: true, swarm: false }])
  isUp = true
  await made.site.catalog.database.close()
  t.deepEqual(await health(), [503, { status: 'failing', database: false, swarm: true }])
})

test('Metrics tell of requests, searches, listings, submissions and the tracker', async t => {
  const tracker = await SiteTracker.start()
  t.teardown(() => tracker.stop())
  const made = await makeMachineSite(t, { desk, tracker })
  await made.publish({ section: 'music' })
  await made.get('/api/v1/search?q=zoo')
  await made.get('/torznab/api?t=search')
  await made.get(`/api/v1/listings/${'a'.repeat(26)}`)
  await made.get('/nowhere/at/all')
  await made.get(`/announce?info_hash=${'a'.repeat(20)}&peer_id=${'b'.repeat(20)}&port=9`)
  const response = await made.get('/metrics', { headers: { host: '127.0.0.1' } })
  t.regex(response.headers.get('content-type')!, /^text\/plain; version=0\.0\.4/)
  const samples = samplesOf(await response.text())
  for (const [name, value] of Object.entries({
    'p2pshare_http_requests_total{method="GET",route="/api/v1/search",status="200"}': 1,
    'p2pshare_http_requests_total{method="GET",route="/api/v1/listings/:id",status="404"}': 1,
    'p2pshare_http_requests_total{method="GET",route="none",status="404"}': 1,
    'p2pshare_http_request_duration_seconds_count{route="/api/v1/search"}': 1,
    'p2pshare_searches_total{via="api"}': 1,
    'p2pshare_searches_total{via="torznab"}': 1,
    'p2pshare_listings{section="music"}': 1,
    'p2pshare_listings{section="video"}': 0,
    'p2pshare_submissions{state="ready"}': 3,
    p2pshare_tracker_peers: 1,
    p2pshare_tracker_swarms: 1,
  }))
    t.is(samples.get(name), value, name)
  t.true(samples.get('process_resident_memory_bytes')! > 1_000_000)
})

test('Metrics are for this machine and for moderators', async t => {
  const made = await makeMachineSite(t, { desk })
  const { token } = await made.site.moderators.add('Ada')
  const ask = async (more: Record<string, string>, remoteAddress = '127.0.0.1') => {
    const headers = { host: 'localhost:8080', ...more }
    const env = { incoming: { socket: { remoteAddress } } as never }
    return (await made.app.request('/metrics', { headers }, env)).status
  }
  t.is(await ask({}), 200)
  t.is(await ask({}, '::ffff:127.0.0.1'), 200)
  t.is(await ask({}, '192.0.2.1'), 403)
  t.is(await ask({ 'x-forwarded-for': '127.0.0.1' }), 403, 'through a proxy on this machine')
  t.is(await ask({ host: 'zoo.example' }), 403, 'through one that does not say so')
  t.is(await ask({ authorization: `Bearer ${token}` }, '192.0.2.1'), 200)
  t.is(await ask({ authorization: 'Bearer x' }, '192.0.2.1'), 403)
})

test('The sitemap leads to every listing, and robots.txt to the sitemap', async t => {
  const made = await makeMachineSite(t)
  const first = await made.publish()
  const second = await made.publish()
  const read = async (url: string) =>
    parser.parse(await (await made.get(url.replace(siteAddress, ''))).text())
  t.true((await (await made.get('/robots.txt')).text()).includes(`\nSitemap: ${siteAddress}/sitemap.xml\n`))
  const { sitemapindex } = await read('/sitemap.xml')
  const parts = sitemapindex.sitemap.map(({ loc }: { loc: string }) => loc)
  t.is(parts.length, 2)
  const urls: string[] = []
  for (const part of parts) urls.push(...(await read(part)).urlset.url.map(({ loc }: { loc: string }) => loc))
  for (const path of ['/', '/section/music', `/listing/${first.id}`, `/listing/${second.id}`])
    t.true(urls.includes(`${siteAddress}${path}`), path)
  t.is((await made.get('/sitemap/2.xml')).status, 404)
})

test('The tracker answers at /announce and /scrape', async t => {
  const tracker = await SiteTracker.start()
  t.teardown(() => tracker.stop())
  const made = await makeMachineSite(t, { tracker })
  const hash = '%c1'.repeat(20)
  const announced = await made.get(`/announce?info_hash=${hash}&peer_id=${'b'.repeat(20)}&port=9&left=0`)
  t.regex(await announced.text(), /8:completei1e/)
  t.regex(await (await made.get(`/scrape?info_hash=${hash}`)).text(), /8:completei1e/)
  t.deepEqual(tracker.counts('c1'.repeat(20)), { seeds: 1, leeches: 0 })
  const without = await makeMachineSite(t)
  t.is((await without.get('/announce')).status, 404)
})
