import test from 'ava'
import { siteHealth } from '../../../src/catalog/server/site-health.ts'
import { listedIn } from '../../../src/catalog/server/tracker/listed-in.ts'
import { makeMachineSite } from '../../kit/machine-site.ts'
import { startSiteTracker } from '../../kit/site-tracker.ts'
import { waitUntil } from '../../kit/wait-until.ts'

const hashOf = (number: number) => number.toString(16).padStart(40, '0')

async function announce(url: string, infoHash: string, port: number, left = 0): Promise<void> {
  const hash = infoHash.replace(/../g, pair => `%${pair}`)
  await fetch(`${url}/announce?info_hash=${hash}&peer_id=${'a'.repeat(20)}&port=${port}&left=${left}`)
}

test('Listings get the seeds and leeches of the own tracker, of others, and of the DHT', async t => {
  const own = await startSiteTracker(t)
  const other = await startSiteTracker(t)
  const { site, publish } = await makeMachineSite(t)
  const tracker = encodeURIComponent(other.announceUrls[0]!)
  const here = await publish({ magnet: `magnet:?xt=urn:btih:${hashOf(1)}` })
  const there = await publish({ magnet: `magnet:?xt=urn:btih:${hashOf(2)}&tr=${tracker}` })
  const inDht = await publish({ magnet: `magnet:?xt=urn:btih:${hashOf(3)}` })
  const v2 = await publish({ magnet: `magnet:?xt=urn:btmh:1220${'c'.repeat(64)}` })
  const unknown = await publish({ magnet: `magnet:?xt=urn:btih:${hashOf(5)}` })
  await announce(own.url, hashOf(1), 1)
  await announce(own.url, hashOf(1), 2, 5)
  await announce(other.url, hashOf(2), 1)
  await announce(own.url, 'c'.repeat(40), 1)

  const health = siteHealth({
    catalog: site.catalog,
    tracker: own.tracker,
    lookup: async infoHash => (infoHash === hashOf(3) ? 4 : 0),
    allowPrivateAddresses: true,
  })
  health.start()
  t.teardown(() => health.stop())
  await waitUntil('all are counted that somebody can tell of', async () => {
    const listings = await Promise.all([here, there, inDht, v2].map(({ id }) => site.store.byId(id)))
    return listings.every(listing => listing?.seeds !== undefined)
  })
  await health.stop()
  t.like(await site.store.byId(here.id), { seeds: 1, leeches: 1 })
  t.like(await site.store.byId(there.id), { seeds: 1, leeches: 0 })
  t.like(await site.store.byId(inDht.id), { seeds: 4, leeches: 0 })
  t.like(await site.store.byId(v2.id), { seeds: 1, leeches: 0 })
  t.like(await site.store.byId(unknown.id), { seeds: undefined, leeches: undefined })
  t.truthy((await site.store.byId(unknown.id))?.healthAt, 'what nobody can tell of is not due again at once')
})

test('The tracker serves what is listed, by the beginning of v2 too, and nothing else', async t => {
  const { site, publish } = await makeMachineSite(t)
  await publish({ magnet: `magnet:?xt=urn:btih:${hashOf(1)}` })
  await publish({ magnet: `magnet:?xt=urn:btmh:1220${'cf'.repeat(32)}` })
  const isListed = listedIn(site.catalog.database)
  t.true(await isListed(hashOf(1)))
  t.true(await isListed('cf'.repeat(20)))
  t.false(await isListed(hashOf(2)))
  t.false(await isListed(`${'cf'.repeat(19)}ce`))
  t.false(await isListed('%'.repeat(40)))
})
