import test from 'ava'
import type { EntryChange } from '../../../src/box/shelf/entry.ts'
import type { EntryStore } from '../../../src/box/shelf/entry-store.ts'
import { Totals } from '../../../src/box/shelf/totals.ts'
import { makeItem } from '../../kit/box-item.ts'

const minuteMs = 60_000

test('of thousands that only seed some are written at a time, each in its turn, and all at the end', async t => {
  const items = Array.from({ length: 1_200 }, (_, index) => makeItem({ id: index + 1 }))
  for (const item of items) item.onSeeding(true, 0)
  const written: number[][] = []
  const changeAll = async (changes: ReadonlyMap<number, EntryChange>) =>
    void written.push([...changes.keys()])
  const totals = new Totals({ changeAll } as unknown as EntryStore, () => {})
  for (let save = 1; save <= 3; save++) await totals.save(items, minuteMs)
  t.deepEqual(
    written.map(({ length }) => length),
    [500, 500, 200],
  )
  t.is(new Set(written.flat()).size, 1_200)
  await totals.save(items, minuteMs + 1, { isLast: true })
  t.is(written.at(-1)?.length, 1_200)
})
