import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { openBoxDatabase } from '../../../src/box/database/open-box-database.ts'
import { History } from '../../../src/box/history/history.ts'
import { HistoryStore } from '../../../src/box/history/history-store.ts'
import { keptSeconds, spans } from '../../../src/box/history/spans.ts'
import { FakeBoxClock } from '../../kit/box-clock.ts'
import { makeItem } from '../../kit/box-item.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const second = 1_000
const hour = 3_600 * second

async function recording(t: ExecutionContext, wall = '2026-11-30T12:00:00Z') {
  const path = join(await temporaryFolder(t), 'box.db')
  const database = await openBoxDatabase(path)
  t.teardown(() => database.destroy())
  const clock = new FakeBoxClock(new Date(wall))
  const stats = { uploadedBytes: 0, downloadedBytes: 0, peers: 3 }
  const items = [makeItem({}, { stats })]
  const store = new HistoryStore(database)
  const begin = () => {
    const history = new History({
      store,
      items: () => items,
      clock,
      onProblem: error => t.fail(String(error)),
    })
    history.start()
    return history
  }
  const countRows = async () => (await database.selectFrom('history').select('at').execute()).length
  return { clock, stats, items, begin, store, countRows }
}

test('each ten seconds are a step of the hour, with what went through in them', async t => {
  const { clock, stats, begin } = await recording(t)
  const history = begin()
  clock.move(10 * second)
  stats.uploadedBytes = 5_000
  stats.peers = 1
  clock.move(10 * second)
  const { steps, uploadedBytes, stepSeconds } = await history.read('hour')
  t.is(stepSeconds, 10)
  t.is(uploadedBytes, 5_000)
  t.deepEqual(
    steps.map(({ at, uploadBytesPerSecond, peers }) => [at, uploadBytesPerSecond, peers]),
    [
      ['2026-11-30T12:00:10.000Z', 0, 3],
      ['2026-11-30T12:00:20.000Z', 500, 1],
    ],
  )
})

test('minutes and hours hold the sums and the means of the same', async t => {
  const { clock, stats, begin } = await recording(t)
  const history = begin()
  for (let step = 0; step < 360; step++) {
    stats.downloadedBytes += step < 180 ? 1_000 : 0
    clock.move(10 * second)
  }
  const month = await history.read('month')
  t.is(month.downloadedBytes, 180_000)
  const day = await history.read('day')
  t.is(day.downloadedBytes, 180_000)
  t.is(day.steps[10]?.downloadBytesPerSecond, 100)
  t.is(day.steps[50]?.downloadBytesPerSecond, 0)
  t.is(day.steps[50]?.peers, 3)
})

test('a box that is started anew goes on in the same minute and hour', async t => {
  const { clock, stats, items, begin } = await recording(t)
  const first = begin()
  stats.uploadedBytes = 600
  clock.move(20 * second)
  await first.stop()
  items[0] = makeItem({ before: { uploaded: 600, downloaded: 0, seedingMs: 0 } }, { stats: { peers: 3 } })
  const next = begin()
  clock.move(20 * second)
  const { steps } = await next.read('month')
  t.is(steps.length, 1)
  t.is(steps[0]?.uploadedBytes, 600)
  t.is(Math.round(steps[0]?.seconds ?? 0), 40)
})

test('what a transfer gave stays when it is forgotten', async t => {
  const { clock, stats, items, begin } = await recording(t)
  const history = begin()
  stats.uploadedBytes = 700
  clock.move(10 * second)
  items.pop()
  clock.move(10 * second)
  t.is((await history.read('hour')).uploadedBytes, 700)
  t.is(history.sums.uploaded, 700)
})

test('the database keeps no more rows than it may, whatever the clock does', async t => {
  const { store, countRows } = await recording(t)
  const most = [...keptSeconds].reduce((sum, [width, seconds]) => sum + seconds / width + 2, 0)
  const start = Date.UTC(2026, 0) / second
  const rowsAt = (at: number) =>
    [...keptSeconds.keys()].map(width => ({
      width,
      at: at - (at % width),
      seconds: 10,
      uploaded: 1,
      downloaded: 1,
      peer_seconds: 10,
    }))
  for (const [width, seconds] of keptSeconds) {
    const times = Array.from({ length: 50 }, (_, index) => start - seconds + index * width)
    await store.add(times.flatMap(rowsAt), start)
  }
  await store.add(rowsAt(start + 500 * 86_400), start + 500 * 86_400)
  t.is(await countRows(), keptSeconds.size)
  // Back to the first day: what was written of later ones is of a clock that was wrong.
  await store.add(rowsAt(start), start)
  t.is(await countRows(), keptSeconds.size)
  t.true(most < 15_000)
})

test('the hour tells of no more than an hour', async t => {
  const { clock, begin } = await recording(t)
  const history = begin()
  clock.move(3 * hour)
  const { steps } = await history.read('hour')
  t.true(Math.abs(steps.length - spans.hour.seconds / spans.hour.stepSeconds) <= 1, String(steps.length))
})
