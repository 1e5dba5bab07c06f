import test from 'ava'
import type { Wanted } from '../../../src/box/follow/plan.ts'
import { SeedCounts } from '../../../src/box/follow/seed-counts.ts'

const hour = 3_600_000
const key = (number: number) => number.toString(16).padStart(40, '0')
const listing = (number: number, seeds?: number): Wanted => ({
  ...{ key: key(number), title: 'a', sizeBytes: 1, seeds, listedAt: 0, origin: 'catalog:zoo' },
})

test('what nobody has counted is counted once in some hours, some at a time', async t => {
  let nowMs = 0
  const asked: string[] = []
  const count = async (infoHash: string) => asked.push(infoHash)
  const counts = new SeedCounts({ count, monotonicMs: () => nowMs })
  const all = Array.from({ length: 70 }, (_, index) => listing(index))
  t.true(await counts.count([listing(1_000, 4), { ...listing(1), key: 'https://a#1' }, ...all], {}))
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

test('what nobody is found for, or what fails, stays unknown and is not asked for at once again', async t => {
  let asked = 0
  const count = async (infoHash: string) => {
    asked++
    if (infoHash === key(1)) throw new Error('no network')
    return 0
  }
  const counts = new SeedCounts({ count, monotonicMs: () => 0 })
  t.false(await counts.count([listing(0), listing(1)], {}))
  t.is(counts.of(key(0)), undefined)
  t.false(await counts.count([listing(0), listing(1)], {}))
  t.is(asked, 2)
})

test('an abort ends the counting', async t => {
  const ending = new AbortController()
  const count = (_: string, { signal }: { signal?: AbortSignal | undefined }) =>
    new Promise<number>((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason)))
  const counting = new SeedCounts({ count, monotonicMs: () => 0 }).count([listing(0), listing(1)], ending)
  ending.abort()
  await t.throwsAsync(counting, { name: 'AbortError' })
})
