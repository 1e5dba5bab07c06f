import test from 'ava'
import type { EntryChange } from '../../../src/box/shelf/entry.ts'
import type { Item } from '../../../src/box/shelf/item.ts'
import { type QueueMove, queueItems } from '../../../src/box/shelf/steer-item.ts'

/** A shelf with transfers of these places, by their ids; answers the order after a move and how many were written. */
async function moved(places: Readonly<Record<number, number>>, ids: readonly number[], move: QueueMove) {
  const items = Object.entries(places).map(
    ([id, queuePlace]) => ({ id: Number(id), entry: { queuePlace } }) as unknown as Item,
  )
  let written = 0
  const changeAll = async (changes: ReadonlyMap<Item, EntryChange>) => {
    written += changes.size
    for (const [item, change] of changes) item.entry = { ...item.entry, ...change }
  }
  const chosen = items.filter(({ id }) => ids.includes(id))
  await queueItems({ items: () => items, changeAll }, chosen, move)
  const order = items.toSorted((one, other) => one.entry.queuePlace - other.entry.queuePlace)
  return { order: order.map(({ id }) => id), written }
}

const four = { 1: 10, 2: 20, 3: 30, 4: 40 }

test('the first place is before all others, and costs no change of theirs', async t => {
  t.deepEqual(await moved(four, [3], 'top'), { order: [3, 1, 2, 4], written: 1 })
  t.deepEqual(await moved(four, [1, 3], 'bottom'), { order: [2, 4, 1, 3], written: 2 })
})

test('a step changes places with the neighbour', async t => {
  t.deepEqual(await moved(four, [3], 'up'), { order: [1, 3, 2, 4], written: 2 })
  t.deepEqual(await moved(four, [3], 'down'), { order: [1, 2, 4, 3], written: 2 })
})

test('several that step keep their order, and stop at the end of the queue', async t => {
  t.deepEqual((await moved(four, [1, 2], 'up')).order, [1, 2, 3, 4])
  t.deepEqual((await moved(four, [2, 3], 'up')).order, [2, 3, 1, 4])
  t.deepEqual((await moved(four, [1, 2], 'down')).order, [3, 1, 2, 4])
  t.deepEqual((await moved(four, [1, 4], 'down')).order, [2, 1, 3, 4])
})

test('moving in an empty queue does nothing', async t => {
  t.deepEqual(await moved({}, [], 'top'), { order: [], written: 0 })
})

test('a place counts from the first, and one past the end is the last', async t => {
  t.deepEqual(await moved(four, [3], 1), { order: [1, 3, 2, 4], written: 2 })
  t.deepEqual((await moved(four, [1, 2], 9)).order, [3, 4, 1, 2])
  t.deepEqual((await moved(four, [4], -1)).order, [4, 1, 2, 3])
})
