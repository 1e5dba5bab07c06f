import test, { type ExecutionContext } from 'ava'
import { Fetching, type FetchingInit } from '../../../src/box/follow/fetching.ts'
import type { Offer } from '../../../src/box/follow/offer.ts'
import { type FeedSite, startFeedSite } from '../../kit/feed-site.ts'

const minute = 60_000

async function slowSite(t: ExecutionContext) {
  const site = await startFeedSite(t)
  const clock = { ms: 0 }
  const got: string[] = []
  const problems: string[] = []
  const fetching = new Fetching({
    shelf: { get: async (id: string) => got.push(id) },
    mirrored: { note: async () => {} },
    admission: { settled() {} },
    feeds: {},
    monotonicMs: () => clock.ms,
    onProblem: (what: string, error: unknown) => problems.push(`${what}: ${String(error)}`),
  } as unknown as FetchingInit)
  return { site, clock, got, problems, fetching }
}

const torrentOf = ({ url }: FeedSite, number: number): { listing: Offer } => {
  const feedUrl = `${url}/rss`
  const torrent = { url: `${url}/${number}.torrent?key=secret`, feedUrl, number }
  const offer = { key: `${feedUrl}#${number}`, title: `t${number}`, sizeBytes: 1, seeds: 0, listedAt: 0 }
  return { listing: { ...offer, origin: `feed:${feedUrl}`, magnet: '', torrent, folder: '/' } }
}

const magnetOf = (number: number): { listing: Offer } => {
  const offer = { key: `a${number}`, title: 'm', sizeBytes: 1, seeds: 0, listedAt: 0 }
  return {
    listing: { ...offer, origin: 'feed:x', magnet: `magnet:${number}`, torrent: undefined, folder: '/' },
  }
}

test('a feed whose server takes its time holds up others for a minute or so, and goes on in the next turn', async t => {
  const { site, clock, got, fetching } = await slowSite(t)
  const asked = () => site.requests.length
  for (let number = 0; number < 20; number++)
    site.pages.set(`/${number}.torrent?key=secret`, (_, response) => {
      clock.ms += minute / 2
      response.end('no torrent')
    })
  const chosen = [...Array.from({ length: 20 }, (_, number) => torrentOf(site, number)), magnetOf(1)]
  await fetching.fetch(chosen, {})
  t.is(asked(), 2)
  t.deepEqual(got, ['magnet:1'])
  t.is(fetching.barred().size, 2, 'what was not asked for has not failed')
  await fetching.fetch(chosen.slice(2), {})
  t.is(asked(), 4)
})

test('what failed is left alone for a while, longer each time, and told of without keys', async t => {
  const { site, clock, problems, fetching } = await slowSite(t)
  const chosen = [torrentOf(site, 1)]
  const pauses: number[] = []
  for (let round = 0; round < 3; round++) {
    await fetching.fetch(chosen, {})
    const startMs = clock.ms
    while (fetching.barred().size > 0) clock.ms += minute
    pauses.push((clock.ms - startMs) / minute)
  }
  t.deepEqual(pauses, [5, 10, 20])
  t.is(problems.length, 3)
  t.regex(problems[0]!, /^The listing t1: .*\/1\.torrent: the server answered 404$/)
  t.false(problems.join().includes('secret'))
})
