import test from 'ava'
import { StalledFetches } from '../../../src/box/shelf/stalled-fetches.ts'
import { makeItem } from '../../kit/box-item.ts'

const minuteMs = 60_000

test('what got nothing for five minutes is stalled until something comes', t => {
  const stats = { downloadedBytes: 7 }
  const item = makeItem({}, { state: 'downloading', stats })
  item.transfer!.stats = () => ({ ...stats }) as ReturnType<NonNullable<typeof item.transfer>['stats']>
  const stalled = new StalledFetches()
  t.deepEqual(stalled.look([item], 0), [])
  t.deepEqual(stalled.look([item], 5 * minuteMs - 1), [])
  t.false(stalled.has(item))
  t.deepEqual(stalled.look([item], 5 * minuteMs), [item])
  t.deepEqual(stalled.look([item], 6 * minuteMs), [])
  t.true(stalled.has(item))
  stats.downloadedBytes++
  t.deepEqual(stalled.look([item], 7 * minuteMs), [item])
  t.false(stalled.has(item))
})

test('what waits, is checked or is done is never stalled', t => {
  const waiting = makeItem({}, { state: 'paused' })
  waiting.hold = 'queued'
  const items = [
    waiting,
    makeItem({}, { state: 'checking' }),
    makeItem({ doneAt: 1 }, { state: 'seeding' }),
    makeItem(),
  ]
  const stalled = new StalledFetches()
  stalled.look(items, 0)
  t.deepEqual(stalled.look(items, 60 * minuteMs), [])
})
