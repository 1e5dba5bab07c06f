import type { ServerResponse } from 'node:http'
import test from 'ava'
import { openBoxDatabase } from '../../../src/box/database/open-box-database.ts'
import { FollowedFeeds } from '../../../src/box/follow/followed-feeds.ts'
import { rssOf, startFeedSite } from '../../kit/feed-site.ts'
import { waitUntil } from '../../kit/wait-until.ts'

test('a feed is not asked again before its time, however often somebody looks, nor when the clock on the wall jumps', async t => {
  const database = await openBoxDatabase(':memory:')
  t.teardown(() => database.destroy())
  const site = await startFeedSite(t)
  for (const path of ['/1', '/2']) site.pages.set(path, rssOf('Zoo', []))
  const clock = { wallMs: Date.UTC(2026, 10), monotonicMs: 5 }
  const feeds = new FollowedFeeds({
    database,
    downloads: () => '/downloads',
    now: () => clock.wallMs,
    monotonicMs: () => clock.monotonicMs,
    onProblem: what => t.fail(what),
  })
  const feed = (path: string) => ({ url: `${site.url}${path}`, words: '', max_size: undefined })
  const asked = async (...paths: string[]) => {
    const before = site.requests.length
    await feeds.poll(paths.map(feed), { restMs: 1_000 })
    return site.requests.slice(before).map(({ url }) => url)
  }
  t.deepEqual(await asked('/1'), ['/1'])
  clock.monotonicMs += 999
  clock.wallMs += 365 * 86_400_000
  t.deepEqual(await asked('/1', '/2'), ['/2'])
  clock.monotonicMs += 1
  clock.wallMs = 0
  t.deepEqual(await asked('/1', '/2'), ['/1'])
  await feeds.poll([feed('/2')], {})
  t.is(site.requests.at(-1)!.url, '/2', 'whoever asks for a look gets one')
})

test('of many feeds eight are read at a time', async t => {
  const database = await openBoxDatabase(':memory:')
  t.teardown(() => database.destroy())
  const site = await startFeedSite(t)
  const waiting: ServerResponse[] = []
  const paths = Array.from({ length: 30 }, (_, index) => `/rss/${index}`)
  for (const path of paths) site.pages.set(path, (_, response) => void waiting.push(response))
  site.pages.set('/hello', 'hello')
  const feeds = new FollowedFeeds({
    database,
    downloads: () => '/downloads',
    now: Date.now,
    monotonicMs: () => 0,
    onProblem: what => t.fail(what),
  })
  let isDone = false
  const polling = feeds
    .poll(
      paths.map(path => ({ url: `${site.url}${path}`, words: '', max_size: undefined })),
      {},
    )
    .then(() => {
      isDone = true
    })
  await waitUntil('eight are asked', () => waiting.length >= 8)
  // Whoever else was asked by now would have come before this.
  for (let round = 0; round < 5; round++) await fetch(`${site.url}/hello`)
  t.is(waiting.length, 8)
  await waitUntil('all were read', () => {
    for (const response of waiting.splice(0)) response.end(rssOf('Zoo', []))
    return isDone
  })
  await polling
  t.is(new Set(site.requests.map(({ url }) => url).filter(url => url !== '/hello')).size, 30)
})
