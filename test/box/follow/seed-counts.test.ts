import test from 'ava'
import type { SeedCounter } from '../../../src/box/follow/seed-counter.ts'
import { type Countable, SeedCounts } from '../../../src/box/follow/seed-counts.ts'

const hour = 3_600_000
const key = (number: number) => number.toString(16).padStart(40, '0')
const listing = (number: number, seeds?: number): Countable => ({
  ...{ key: key(number), seeds, origin: 'catalog:zoo', magnet: `magnet:?xt=urn:btih:${key(number)}` },
})

test('what nobody has counted is counted once in some hours, some at a time', async t => {
  let nowMs = 0
  const asked: string[] = []
  const count: SeedCounter = async ({ infoHash }) => ({ seeds: asked.push(infoHash), leeches: 0 })
  const counts = new SeedCounts({ count, monotonicMs: () => nowMs })
  const all = Array.from({ length: 70 }, (_, index) => listing(index))
  t.true(
    await counts.count([listing(1_000, 4), { ...listing(1), key: 'https://a#1', magnet: '' }, ...all], {}),
  )
  t.deepEqual(
    asked,
    all.slice(0, 64).map(one => one.key),
  )
  t.is(counts.of(key(0)), 1)
  t.true(await counts.count(all, {}))
  t.is(asked.length, 70)
  nowMs = 5 * hour
  t.false(await counts.count(all, {}))
  nowMs = 7 * hour
  t.true(
    await counts.count(
      all.map(one => ({ ...one, seeds: counts.of(one.key) })),
      {},
    ),
  )
  t.is(asked.length, 134)
})

test('what nobody can tell of, or what fails, stays unknown and is not asked for at once again', async t => {
  let asked = 0
  const count: SeedCounter = async ({ infoHash }) => {
    asked++
    if (infoHash === key(1)) throw new Error('no network')
    return undefined
  }
  const counts = new SeedCounts({ count, monotonicMs: () => 0 })
  t.false(await counts.count([listing(0), listing(1)], {}))
  t.is(counts.of(key(0)), undefined)
  t.false(await counts.count([listing(0), listing(1)], {}))
  t.is(asked, 2)
})

test('an abort ends the counting', async t => {
  const ending = new AbortController()
  const count: SeedCounter = (_, { signal }) =>
    new Promise((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason)))
  const counting = new SeedCounts({ count, monotonicMs: () => 0 }).count([listing(0), listing(1)], ending)
  ending.abort()
  await t.throwsAsync(counting, { name: 'AbortError' })
})

test('what its tracker knows nobody to seed is known to be seeded by nobody', async t => {
  const count: SeedCounter = async () => ({ seeds: 0, leeches: 3 })
  const counts = new SeedCounts({ count, monotonicMs: () => 0 })
  t.false(await counts.count([listing(0)], {}))
  t.is(counts.of(key(0)), 0)
})

test('the trackers of a link are told to whoever counts, at private addresses only where the feed is at one', async t => {
  const asked: unknown[] = []
  const count: SeedCounter = async ({ trackers, allowsPrivate }) =>
    void asked.push([...trackers, allowsPrivate])
  const counts = new SeedCounts({ count, monotonicMs: () => 0 })
  const tracker = 'http://192.0.2.7/announce'
  const origins = ['catalog:zoo', 'feed:https://zoo.example.org/rss', 'feed:http://192.168.1.7/rss']
  const listings = origins.map((origin, index) => {
    const { magnet, ...rest } = listing(index)
    return { ...rest, magnet: `${magnet}&tr=${encodeURIComponent(tracker)}`, origin }
  })
  await counts.count(listings, {})
  t.deepEqual(asked, [
    [tracker, false],
    [tracker, false],
    [tracker, true],
  ])
})

test('what is only to be had as a .torrent is asked for nowhere: it may be private', async t => {
  const counts = new SeedCounts({ count: async () => t.fail(), monotonicMs: () => 0 })
  t.false(await counts.count([{ ...listing(0), magnet: '' }], {}))
})
