import test from 'ava'
import type { Item } from '../../../src/box/shelf/item.ts'
import { QueueTurns } from '../../../src/box/shelf/queue-turns.ts'
import { Rounds } from '../../../src/box/shelf/rounds.ts'
import { makeItem } from '../../kit/box-item.ts'
import { waitUntil } from '../../kit/wait-until.ts'

const noGoals = { ratio: 0, seedMs: 0 }

function keeping(items: Item[], queue: { downloads: number; seeds: number }, goals = noGoals) {
  const clock = { nowMs: 1_000 }
  let lists = 0
  const turns = new QueueTurns({
    items: () => {
      lists++
      return items
    },
    limits: () => ({ ...queue, ...goals }),
    nowMs: () => clock.nowMs,
    onChanged: () => {},
  })
  return { turns, clock, lists: () => lists }
}

function many(count: number): Item[] {
  return Array.from({ length: count }, (_, index) => makeItem({ id: index + 1, queuePlace: index + 1 }))
}

const running = (items: readonly Item[]) => items.filter(({ hold }) => hold === undefined).length

test('without a queue whoever changed is looked at alone, however many others there are', t => {
  const items = many(10)
  const { turns, lists } = keeping(items, { downloads: 0, seeds: 0 })
  items[3]!.entry = { ...items[3]!.entry, isPaused: true }
  turns.look([items[3]!])
  t.is(items[3]!.hold, 'paused')
  t.is(lists(), 0)
})

test('thousands that are added one by one to a queue are not looked at together each time', async t => {
  const items: Item[] = []
  const { turns, lists } = keeping(items, { downloads: 5, seeds: 0 })
  t.teardown(() => turns.stop())
  for (const item of many(5_000)) {
    items.push(item)
    turns.look([item])
  }
  t.true(lists() < 2_500, String(lists()))
  await waitUntil('all but five wait', () => running(items) === 5)
})

test('one that failed, or whose files are gone, gives its turn to the next', t => {
  const items = [
    makeItem({ id: 1 }, { state: 'failed' }),
    makeItem({ id: 2 }, { state: 'missing' }),
    ...many(4).slice(2),
  ]
  const { turns } = keeping(items, { downloads: 1, seeds: 0 })
  turns.lookAtAll()
  t.deepEqual(
    items.map(({ hold }) => hold),
    [undefined, undefined, undefined, 'queued'],
  )
})

test('who finds nobody to fetch from keeps no turn from the next, and runs on', t => {
  const items = [makeItem({ id: 1 }, { state: 'finding' }), ...many(3).slice(1)]
  const { turns, clock } = keeping(items, { downloads: 1, seeds: 0 })
  const holds = () => items.map(({ hold }) => hold)
  turns.lookAtAll()
  turns.lookAtStalled()
  t.deepEqual(holds(), [undefined, 'queued', 'queued'])
  clock.nowMs += 5 * 60_000
  turns.lookAtStalled()
  t.deepEqual(holds(), [undefined, undefined, 'queued'])
})

test('of thousands with a goal all are come to within a minute, and never all at once', t => {
  const items = many(24_000)
  for (const item of items)
    item.entry = { ...item.entry, doneAt: 1, before: { uploaded: 0, downloaded: 0, seedingMs: 5_000 } }
  const { turns } = keeping(items, { downloads: 0, seeds: 0 }, { ratio: 0, seedMs: 5_000 })
  turns.lookAtGoals()
  t.is(items.filter(({ hold }) => hold === 'resting').length, 2_000)
  for (let look = 1; look < 12; look++) turns.lookAtGoals()
  t.is(running(items), 0)
})

test('rounds come to each once before any twice, also as some are added and go', t => {
  const all = [1, 2, 3, 4, 5, 6, 7]
  const rounds = new Rounds(() => all)
  t.deepEqual([...rounds.next(3, 1), ...rounds.next(3, 1)], [1, 2, 3, 4, 5, 6])
  t.deepEqual(rounds.next(3, 1), [7, 1, 2])
  t.deepEqual(rounds.next(3, 100).toSorted(), all)
  all.length = 0
  t.deepEqual(rounds.next(3, 1), [])
})
