import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import type { Box } from '../../../src/box/index.ts'
import { startBox } from '../../kit/box.ts'
import { type FeedSite, rssOf, startFeedSite } from '../../kit/feed-site.ts'
import { sameContent, writeSampleFile } from '../../kit/sample-files.ts'
import { sampleMagnet } from '../../kit/sample-listing.ts'
import { addressOf, startSwarm } from '../../kit/swarm.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'
import { waitUntil } from '../../kit/wait-until.ts'

interface Clip {
  readonly path: string
  /** As it stands in XML. */
  readonly magnet: string
  readonly infoHash: string
  readonly torrent: Uint8Array
}

/** Clips that somebody seeds; their links say where. */
async function seedClips(t: ExecutionContext, sizes: Readonly<Record<string, number>>): Promise<Clip[]> {
  const swarm = await startSwarm(t)
  const folder = await temporaryFolder(t, 'clips')
  const clips: Clip[] = []
  for (const [name, size] of Object.entries(sizes)) {
    const path = await writeSampleFile(join(folder, name), size)
    const { magnetLink, infoHash, metainfo } = await swarm.seed(path)
    const magnet = `${magnetLink}&x.pe=${addressOf(swarm)}`.replaceAll('&', '&amp;')
    clips.push({ path, magnet, infoHash, torrent: metainfo!.bytes })
  }
  return clips
}

const settings = (downloads: string, follow: string, ...feeds: string[]) =>
  [
    `[folders]\ndownloads = ${JSON.stringify(downloads)}`,
    `[queue]\ndownloads = 0`,
    `[follow]\nkeep_free = 0\n${follow}`,
    ...feeds.map(url => `[[follow.feeds]]\nurl = ${JSON.stringify(url)}`),
  ].join('\n')

async function followFeeds(t: ExecutionContext, follow: string, ...feeds: string[]) {
  const downloads = await temporaryFolder(t, 'downloads')
  const started = await startBox(t, { settings: settings(downloads, follow, ...feeds) })
  await started.box.following.turn()
  return { ...started, downloads }
}

const names = (box: Box) =>
  box.shelf
    .items()
    .map(({ name }) => name)
    .sort()

const problemOf = async (box: Box) => (await box.following.sources())[0]!.problem

const itemOf = ({ magnet, infoHash }: Clip, extra = '') =>
  `<title>clip</title><guid>${infoHash}</guid><link>${magnet}</link>${extra}`

test('what a feed offers is fetched once, into a folder of its own, and the feed is asked only for what is new', async t => {
  const [lions, tigers] = await seedClips(t, { 'lions.avi': 300_000, 'tigers.avi': 200_000 })
  const site = await startFeedSite(t)
  site.pages.set('/rss', (request, response) => {
    if (request.headers['if-none-match'] === '"1"') return response.writeHead(304).end()
    return response.writeHead(200, { etag: '"1"' }).end(rssOf('The Zoo', [itemOf(lions!)]))
  })
  const { box, downloads, problems } = await followFeeds(t, '', `${site.url}/rss`)
  const path = join(downloads, 'The Zoo', 'lions.avi')
  await waitUntil('it is here', () => box.shelf.items()[0]?.state === 'seeding')
  await sameContent(t, path, lions!.path)
  t.is(box.shelf.items()[0]!.entry.origin, `feed:${site.url}/rss`)

  await box.following.turn()
  t.is(site.requests.at(-1)!.headers['if-none-match'], '"1"')
  t.deepEqual(names(box), ['lions.avi'])

  site.pages.set('/rss', rssOf('The Zoo', [itemOf(tigers!)]))
  await box.following.turn()
  await waitUntil('the new one is here', () => String(names(box)) === 'lions.avi,tigers.avi')
  const { plan } = await box.following.plan()
  t.is(plan.keep.length, 2, 'what the feed has no longer stays')
  t.deepEqual(problems, [])
})

test('a torrent of the feed’s own server is fetched, and known over a restart', async t => {
  const [clip] = await seedClips(t, { 'lions.avi': 100_000 })
  const site = await startFeedSite(t)
  const enclosure = '<enclosure url="/lions.torrent" type="application/x-bittorrent" length="100"/>'
  site.pages.set('/rss', rssOf('The Zoo', [`<title>Lions</title><guid>1</guid>${enclosure}`]))
  site.pages.set('/lions.torrent', clip!.torrent)
  const first = await followFeeds(t, '', `${site.url}/rss`)
  t.deepEqual(
    first.box.shelf.items().map(({ infoHash }) => infoHash),
    [clip!.infoHash],
  )
  await first.box.stop()
  const second = await startBox(t, { home: first.home })
  await second.box.following.turn()
  const { plan } = await second.box.following.plan()
  t.deepEqual([plan.fetch, plan.drop, plan.leftOut], [[], [], []])
  t.is(site.requests.filter(({ url }) => url === '/lions.torrent').length, 1)
})

test('a torrent that claims to be small is turned away once its size is known, and nothing of it is written', async t => {
  const [clip] = await seedClips(t, { 'liar.avi': 500_000 })
  const site = await startFeedSite(t)
  site.pages.set('/rss', rssOf('Zoo', [itemOf(clip!, '<size>10</size>')]))
  const { box, downloads } = await followFeeds(t, 'quota = 100000', `${site.url}/rss`)
  const item = await waitUntil('it has failed', () =>
    box.shelf.items().find(({ state }) => state === 'failed'),
  )
  t.regex(item.transfer!.stats().reason!.message, /500000 bytes, more than quota under/)
  t.deepEqual(await readdir(join(downloads, 'Zoo')).catch(() => []), [])
  const { usedBytes } = await box.following.plan()
  t.is(usedBytes, 0, 'it takes nothing of the quota')
})

test('the quota holds for all feeds together, what fewest seed first', async t => {
  const clips = await seedClips(t, { 'a.avi': 60_000, 'b.avi': 60_000, 'c.avi': 60_000 })
  const site = await startFeedSite(t)
  const item = (index: number, seeders: number) =>
    itemOf(clips[index]!, `<size>60000</size><seeders>${seeders}</seeders>`)
  site.pages.set('/1', rssOf('One', [item(0, 50), item(1, 2)]))
  site.pages.set('/2', rssOf('Two', [item(2, 0)]))
  const { box } = await followFeeds(t, 'quota = 130000', `${site.url}/1`, `${site.url}/2`)
  await waitUntil('two are here', () => box.shelf.items().filter(({ isDone }) => isDone).length === 2)
  t.deepEqual(names(box), ['b.avi', 'c.avi'])
  const { plan, usedBytes } = await box.following.plan()
  t.is(usedBytes, 120_000)
  t.deepEqual(
    plan.leftOut.map(({ listing, why }) => [listing.key, why]),
    [[clips[0]!.infoHash, 'beyond the quota']],
  )
})

test('what a person took out of the box is not fetched again', async t => {
  const [clip] = await seedClips(t, { 'lions.avi': 50_000 })
  const site = await startFeedSite(t)
  site.pages.set('/rss', rssOf('Zoo', [itemOf(clip!)]))
  const { box, home } = await followFeeds(t, '', `${site.url}/rss`)
  await box.shelf.remove(box.shelf.items()[0]!)
  await box.following.turn()
  t.deepEqual(names(box), [])
  await box.stop()
  const again = await startBox(t, { home })
  await again.box.following.turn()
  t.deepEqual(names(again.box), [])
  t.is((await again.box.following.plan()).plan.leftOut[0]!.why, 'you took it out of the box')
})

test('a smaller quota drops nothing by itself, and pruning drops only what it was shown', async t => {
  const clips = await seedClips(t, { 'a.avi': 60_000, 'b.avi': 60_000, 'c.avi': 60_000 })
  const site = await startFeedSite(t)
  const items = clips.map((clip, index) => itemOf(clip, `<seeders>${index}</seeders>`))
  site.pages.set('/rss', rssOf('Zoo', items))
  const { box, downloads, home } = await followFeeds(t, '', `${site.url}/rss`)
  await waitUntil('all are here', () => box.shelf.items().filter(({ isDone }) => isDone).length === 3)
  await box.stop()

  const smaller = settings(downloads, 'quota = 70000', `${site.url}/rss`)
  const { box: later } = await startBox(t, { home, settings: smaller })
  await later.following.turn()
  t.deepEqual(names(later), ['a.avi', 'b.avi', 'c.avi'])
  const { plan } = await later.following.plan()
  t.deepEqual(
    plan.drop.map(({ item }) => item.name),
    ['b.avi', 'c.avi'],
  )
  const [kept] = plan.keep
  const [b] = plan.drop
  const gone = await later.following.prune([b!.item.id, kept!.id])
  t.deepEqual(
    gone.map(({ item, left }) => [item.name, left]),
    [['b.avi', []]],
  )
  t.deepEqual((await readdir(join(downloads, 'Zoo'))).sort(), ['a.avi', 'c.avi'])
  t.deepEqual(names(later), ['a.avi', 'c.avi'])
})

test('the floor of the disk holds', async t => {
  const [clip] = await seedClips(t, { 'lions.avi': 50_000 })
  const site = await startFeedSite(t)
  site.pages.set('/rss', rssOf('Zoo', [itemOf(clip!, '<size>50000</size>')]))
  const { box } = await followFeeds(t, '', `${site.url}/rss`)
  await waitUntil('it is here', () => box.shelf.items().length === 1)
  const full = await followFeeds(t, '', `${site.url}/none`)
  const path = join(full.home, 'config', 'box.toml')
  const follow = settings(full.downloads, '', `${site.url}/rss`).replace(
    'keep_free = 0',
    'keep_free = "5000T"',
  )
  await writeFile(path, follow)
  await full.box.reload()
  await full.box.following.turn()
  const { leftOut } = (await full.box.following.plan()).plan
  t.deepEqual(
    leftOut.map(({ why }) => why),
    ['beyond what keep_free leaves'],
  )
  t.is(full.box.shelf.items().length, 0)
})

test('settings that change are taken up, and what is followed no longer stays', async t => {
  const [lions, tigers] = await seedClips(t, { 'lions.avi': 50_000, 'tigers.avi': 50_000 })
  const site = await startFeedSite(t)
  site.pages.set('/1', rssOf('One', [itemOf(lions!)]))
  site.pages.set('/2', rssOf('Two', [itemOf(tigers!)]))
  const { box, home, downloads } = await followFeeds(t, '', `${site.url}/1`)
  await writeFile(join(home, 'config', 'box.toml'), settings(downloads, '', `${site.url}/2`))
  await box.reload()
  await waitUntil('both are here', () => box.shelf.items().filter(({ isDone }) => isDone).length === 2)
  const { plan } = await box.following.plan()
  t.deepEqual(
    plan.drop.map(({ item }) => item.name),
    ['lions.avi'],
  )
})

test('a feed that never answers does not hold up the end of the box', async t => {
  const site = await startFeedSite(t)
  site.pages.set('/rss', () => {})
  const downloads = await temporaryFolder(t, 'downloads')
  const { box } = await startBox(t, { settings: settings(downloads, '', `${site.url}/rss`) })
  await waitUntil('it is asked', () => site.requests.length > 0)
  const startedMs = performance.now()
  await box.stop()
  t.true(performance.now() - startedMs < 5_000)
})

const magnet = sampleMagnet(1)
const endless: Parameters<FeedSite['pages']['set']>[1] = (_, response) => {
  const more = () => {
    while (response.write('<item>'.repeat(10_000)));
  }
  response.on('drain', more)
  more()
}
const hostile: Readonly<Record<string, Parameters<FeedSite['pages']['set']>[1] | undefined>> = {
  'longer than five megabytes': rssOf('x', [`<title>${'x'.repeat(5_100_000)}</title><link>${magnet}</link>`]),
  endless,
  deep: '<rss>'.repeat(200_000),
  'a bomb of entities':
    '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><rss><channel><title>&b;</title></channel></rss>',
  'a page': '<!doctype html><html><head><meta charset=utf-8></head></html>',
  'a picture': Buffer.from('89504e470d0a1a0a0000000d49484452ff00fe', 'hex'),
  'in an encoding that nobody knows': '<?xml version="1.0" encoding="utf-7-klingon"?><rss/>',
  'not there': undefined,
}

for (const [what, answer] of Object.entries(hostile))
  test(`a feed that is ${what} is told of once, without its key, and another one goes on`, async t => {
    const [clip] = await seedClips(t, { 'lions.avi': 20_000 })
    const site = await startFeedSite(t)
    if (answer !== undefined) site.pages.set('/rss?apikey=secret', answer)
    site.pages.set('/good', rssOf('Zoo', [itemOf(clip!)]))
    const { box, problems } = await followFeeds(t, '', `${site.url}/rss?apikey=secret`, `${site.url}/good`)
    await box.following.turn()
    t.truthy(await problemOf(box))
    t.is(box.shelf.items().length, 1)
    t.is(problems.length, 1)
    t.false(problems.join().includes('secret'))
    t.true(problems[0]!.length < 2_000)
  })

test('neither a redirect nor an item leads to another private address', async t => {
  const [clip] = await seedClips(t, { 'x.avi': 1_000 })
  const inside = await startFeedSite(t)
  inside.pages.set('/rss', rssOf('Inside', [`<link>${magnet}</link>`]))
  inside.pages.set('/x.torrent', clip!.torrent)
  const site = await startFeedSite(t)
  site.pages.set('/moved', (_, response) => response.writeHead(302, { location: `${inside.url}/rss` }).end())
  const enclosure = `<enclosure url="${inside.url}/x.torrent" type="application/x-bittorrent"/>`
  site.pages.set('/rss', rssOf('Outside', [`<title>x</title>${enclosure}`]))
  const { box, problems } = await followFeeds(t, '', `${site.url}/moved`, `${site.url}/rss`)
  t.is(inside.requests.length, 0)
  t.regex((await problemOf(box))!, /leads to a private address/)
  t.true(problems.some(problem => /^The listing x: /.test(problem)))
  const { plan } = await box.following.plan()
  t.regex(plan.leftOut[0]!.why, /leads to a private address/)
  t.deepEqual(names(box), [])
})

test('the key of an address that a feed redirects to is not told either', async t => {
  const site = await startFeedSite(t)
  const location = `${site.url.replace('127.0.0.1', '127.0.0.2')}/rss?apikey=s3cret`
  site.pages.set('/rss', (_, response) => response.writeHead(302, { location }).end())
  const { box, problems } = await followFeeds(t, '', `${site.url}/rss`)
  t.regex((await problemOf(box))!, /127\.0\.0\.2:\d+\/rss leads to a private address/)
  t.false([await problemOf(box), ...problems].join().includes('s3cret'))
})

test('a flood of things of no size stays within max_transfers', async t => {
  const site = await startFeedSite(t)
  const items = Array.from({ length: 30 }, (_, index) => `<link>${sampleMagnet(index + 1)}</link>`)
  site.pages.set('/rss', rssOf('Zoo', items))
  const { box } = await followFeeds(t, 'quota = "1M"\nmax_transfers = 4', `${site.url}/rss`)
  await box.following.turn()
  t.is(box.shelf.items().length, 4)
  const { leftOut } = (await box.following.plan()).plan
  t.deepEqual([leftOut.length, leftOut[0]!.why], [26, 'more than max_transfers'])
})

test('what cannot be dropped is told of, and the others go', async t => {
  const clips = await seedClips(t, { 'a.avi': 20_000, 'b.avi': 20_000 })
  const site = await startFeedSite(t)
  site.pages.set(
    '/rss',
    rssOf(
      'Zoo',
      clips.map(clip => itemOf(clip)),
    ),
  )
  const { box, problems, home, downloads } = await followFeeds(t, '', `${site.url}/rss`)
  await waitUntil('both are here', () => box.shelf.items().filter(({ isDone }) => isDone).length === 2)
  await writeFile(join(home, 'config', 'box.toml'), settings(downloads, ''))
  await box.reload()
  const { drop } = (await box.following.plan()).plan
  t.is(drop.length, 2)
  const [first] = box.shelf.items()
  first!.transfer!.remove = () => Promise.reject(new Error('the disk is gone'))
  const gone = await box.following.prune(drop.map(({ item }) => item.id))
  t.deepEqual(
    gone.map(({ item }) => item.id),
    [box.shelf.lookUp(first!.id) ? first!.id : drop.find(({ item }) => item.id !== first!.id)!.item.id],
  )
  t.true(problems.some(problem => /cannot be dropped: Error: the disk is gone/.test(problem)))
})

test('bad items are told of once and left out', async t => {
  const site = await startFeedSite(t)
  const items = [
    '<title>bad</title><link>magnet:?xt=urn:btih:zz</link>',
    `<title>ok</title><link>${magnet}</link>`,
  ]
  site.pages.set('/rss', rssOf('Zoo', items))
  const { box, problems } = await followFeeds(t, '', `${site.url}/rss`)
  await box.following.turn()
  t.is(problems.filter(problem => problem.includes('"bad" is left out')).length, 1)
  t.regex((await problemOf(box))!, /"bad" is left out/)
  t.is(box.shelf.items().length, 1)
})

test('the title of a feed cannot lead out of the folder of downloads', async t => {
  const [clip] = await seedClips(t, { 'lions.avi': 20_000 })
  const site = await startFeedSite(t)
  site.pages.set('/rss', rssOf('../../../up', [itemOf(clip!)]))
  const { box, downloads } = await followFeeds(t, '', `${site.url}/rss`)
  await waitUntil('it is here', () => box.shelf.items()[0]?.isDone)
  const [folder] = await readdir(downloads)
  await sameContent(t, join(downloads, folder!, 'lions.avi'), clip!.path)
})
