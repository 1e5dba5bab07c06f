import { join } from 'node:path'
import test from 'ava'
import { sql } from 'kysely'
import { openBoxDatabase } from '../../../src/box/database/open-box-database.ts'
import type { NewEntry } from '../../../src/box/shelf/entry.ts'
import { EntryStore } from '../../../src/box/shelf/entry-store.ts'
import type { Owner } from '../../kit/owner.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const nothing = { torrent: undefined, files: [] }

const fresh = (digit: string): NewEntry => ({
  infoHash: digit.repeat(40),
  name: `clip ${digit}`,
  source: { kind: 'get', magnet: `magnet:?xt=urn:btih:${digit.repeat(40)}`, folder: '/films', path: '' },
  origin: 'api',
  labels: ['zoo', 'näher'],
  addedAt: 1_700_000_000_000,
  isPaused: false,
  limits: { upload: 1_000, download: undefined },
  peers: ['192.0.2.1:6881'],
})

async function openStore(owner: Owner, path = ':memory:') {
  const db = await openBoxDatabase(path)
  owner.teardown(() => db.destroy())
  const damaged: number[] = []
  const store = new EntryStore(db)
  return { db, store, damaged, all: () => store.all(id => damaged.push(id)) }
}

test('what is added comes back as it was, with the place behind all others', async t => {
  const { store, all } = await openStore(t)
  const first = await store.add(fresh('a'), nothing)
  const second = await store.add(fresh('b'), nothing)
  t.deepEqual(await all(), [first, second])
  t.like(first, { ...fresh('a'), id: 1, doneAt: undefined, goals: { ratio: undefined, seedMs: undefined } })
  t.true(second.queuePlace > first.queuePlace)
})

test('adding what is there already answers what is there', async t => {
  const { store, all } = await openStore(t)
  const first = await store.add(fresh('a'), nothing)
  await store.change(first.id, { isPaused: true })
  const again = await store.add({ ...fresh('a'), name: 'other' }, nothing)
  t.like(again, { id: first.id, name: 'clip a', isPaused: true })
  t.is((await all()).length, 1)
})

test('changes outlive the process, those that say nothing change nothing', async t => {
  const path = join(await temporaryFolder(t), 'box.db')
  const { store, db } = await openStore(t, path)
  const { id } = await store.add(fresh('a'), nothing)
  await store.change(id, {})
  await store.changeAll(
    new Map([
      [
        id,
        { labels: [], doneAt: 5, goals: { ratio: 1.5, seedMs: undefined }, priorities: new Map([[2, 0]]) },
      ],
      [99, { name: 'nobody' }],
    ]),
  )
  await store.change(id, { before: { uploaded: 2 ** 50, downloaded: 3, seedingMs: 4 } })
  await db.destroy()
  const [found] = await (await openStore(t, path)).all()
  t.like(found, { labels: [], doneAt: 5, goals: { ratio: 1.5, seedMs: undefined } })
  t.deepEqual(found!.priorities, new Map([[2, 0]]))
  t.deepEqual(found!.before, { uploaded: 2 ** 50, downloaded: 3, seedingMs: 4 })
})

test('what a transfer is begun with is kept beside it', async t => {
  const { store } = await openStore(t)
  const files = [{ source: '/a/b.avi', path: ['b.avi'], sizeBytes: 3, modifiedMs: 1.25 }]
  const { id } = await store.add(fresh('a'), { torrent: Uint8Array.of(1, 2), files })
  t.deepEqual(await store.material(id), { torrent: Uint8Array.of(1, 2), files })
  await store.keepTorrent(id, Uint8Array.of(3))
  t.deepEqual((await store.material(id)).torrent, Uint8Array.of(3))
})

test('one damaged row is told of, and the others are read', async t => {
  const { db, store, all, damaged } = await openStore(t)
  for (const digit of ['a', 'b', 'c']) await store.add(fresh(digit), nothing)
  await sql`update transfer set labels = '[' where id = 2`.execute(db)
  t.deepEqual(
    (await all()).map(({ id }) => id),
    [1, 3],
  )
  t.deepEqual(damaged, [2])
})

test('a number is never given twice', async t => {
  const { store } = await openStore(t)
  const { id } = await store.add(fresh('a'), nothing)
  await store.remove(id)
  t.not((await store.add(fresh('b'), nothing)).id, id)
})
