import test from 'ava'
import { PageCache } from '../../../../src/catalog/server/pages/page-cache.ts'

test('a page that many ask for at once is made once', async t => {
  const cache = new PageCache({ keepMs: 60_000 })
  let made = 0
  const ask = () => cache.get('/', async () => `page ${++made}`)
  t.deepEqual(await Promise.all([ask(), ask(), ask()]), ['page 1', 'page 1', 'page 1'])
  t.is(await cache.get('/other', async () => 'other'), 'other')
})

test('a page that could not be made is asked for again', async t => {
  const cache = new PageCache({ keepMs: 60_000 })
  await t.throwsAsync(cache.get('/', () => Promise.reject(new Error('busy'))))
  t.is(await cache.get('/', async () => 'page'), 'page')
})

test('no more pages are kept than were said', async t => {
  const cache = new PageCache({ keepMs: 60_000, maxPages: 2 })
  for (const key of ['a', 'b', 'c']) await cache.get(key, async () => key)
  t.is(await cache.get('c', async () => 'new'), 'c')
  t.is(await cache.get('a', async () => 'new'), 'new')
})
