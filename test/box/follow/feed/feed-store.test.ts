import test, { type ExecutionContext } from 'ava'
import { sql } from 'kysely'
import { openBoxDatabase } from '../../../../src/box/database/open-box-database.ts'
import { FeedStore } from '../../../../src/box/follow/feed/feed-store.ts'
import type { Feed } from '../../../../src/box/follow/feed/read-feed.ts'

const url = 'https://zoo.example.org/rss'
const day = 86_400_000
const now2026 = Date.UTC(2026, 10)

async function storing(t: ExecutionContext) {
  const database = await openBoxDatabase(':memory:')
  t.teardown(() => database.destroy())
  const store = new FeedStore(database)
  const take = (from: number, count: number, nowMs = now2026, item: Partial<Feed['items'][number]> = {}) => {
    const items = Array.from({ length: count }, (_, index) => ({
      ...{ guid: String(from + index), title: 'x', magnet: 'magnet:?'.padEnd(500, 'x'), torrentUrl: '' },
      ...{ infoHash: undefined, sizeBytes: undefined, seeds: undefined, listedAt: undefined },
      ...item,
    }))
    return store.take(url, { title: 'Zoo', items, problems: [] }, { synced_at: nowMs }, nowMs)
  }
  return { database, store, take }
}

test('a feed that has other things each time it is asked fills neither the memory nor the disk', async t => {
  const { database, store, take } = await storing(t)
  const pages = async () =>
    (await sql<{ page_count: number }>`select page_count from pragma_page_count()`.execute(database)).rows[0]!
  for (let round = 0; round < 12; round++) await take(round * 1_000, 1_000)
  const { page_count: early } = await pages()
  for (let round = 12; round < 30; round++) await take(round * 1_000, 1_000)
  t.is((await store.items(url)).length, 10_000)
  t.true((await pages()).page_count <= early * 1.05)
})

test('an item is known once, and by its own time once the clock of the machine is right', async t => {
  const { store, take } = await storing(t)
  const listedAt = Date.UTC(2026, 4)
  await take(1, 1, 1_000, { listedAt })
  t.is((await store.items(url))[0]!.listed_at, 1_000)
  await take(1, 1, now2026, { listedAt })
  await take(2, 1, now2026)
  await take(2, 1, now2026 + day)
  t.deepEqual(
    (await store.items(url)).map(({ guid, listed_at }) => [guid, listed_at]),
    [
      ['2', now2026],
      ['1', listedAt],
    ],
  )
})

test('a feed that is followed no longer is forgotten after a while, with its items', async t => {
  const { database, store, take } = await storing(t)
  await take(1, 3)
  await store.forgetOthers([], now2026 - day)
  await store.forgetOthers([url], now2026 + day)
  t.is((await store.items(url)).length, 3)
  await store.forgetOthers(['https://other.example.org/'], now2026 + day)
  t.is(await store.find(url), undefined)
  t.is((await database.selectFrom('feed_item').select('number').execute()).length, 0)
})
