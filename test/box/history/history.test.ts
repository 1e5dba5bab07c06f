import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import fc from 'fast-check'
import { sql } from 'kysely'
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
  const fileBytes = async () => {
    const { rows } = await sql<{ size: number }>`
      select page_count * page_size as size from pragma_page_count(), pragma_page_size()`.execute(database)
    return rows[0]!.size
  }
  return { clock, stats, items, begin, store, countRows, fileBytes }
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

/** What a box that runs may meet in a month: it goes on, rests, is set to another time. */
const anyMonth = fc.array(
  fc.record({
    restMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 3 * 24 * hour })),
    jumpMs: fc.oneof(
      { weight: 4, arbitrary: fc.constant(0) },
      fc.integer({ min: -40 * 24 * hour, max: 40 * 24 * hour }),
    ),
    runMs: fc.integer({ min: 10 * second, max: 20 * 60 * second }),
    uploaded: fc.nat(1_000_000),
  }),
  { minLength: 1, maxLength: 12 },
)

test('over a month of runs, rests and jumps of the clock it keeps no more than it may, and nothing of a time to come', async t => {
  await fc.assert(
    fc.asyncProperty(anyMonth, async month => {
      const { clock, stats, begin, store, countRows } = await recording(t)
      let sum = 0
      for (const { restMs, jumpMs, runMs, uploaded } of month) {
        clock.move(restMs)
        clock.setWall(new Date(clock.now().getTime() + jumpMs))
        stats.uploadedBytes = 0
        const history = begin()
        stats.uploadedBytes = uploaded
        sum = uploaded
        clock.move(runMs)
        await history.stop()
        const nowSeconds = clock.now().getTime() / second
        for (const [name, { seconds, stepSeconds }] of Object.entries(spans)) {
          const { steps, uploadedBytes } = await history.read(name as keyof typeof spans)
          t.true(steps.length <= seconds / stepSeconds + 1)
          t.true(uploadedBytes >= sum, `${name} has what was just sent`)
          t.true(steps.every(({ at }) => Date.parse(at) / second <= nowSeconds))
        }
        for (const [width, seconds] of keptSeconds) {
          const rows = await store.read(width, 0)
          t.true(rows.every(({ at }) => at >= nowSeconds - seconds - 1 && at <= nowSeconds))
        }
      }
      t.true((await countRows()) < 15_000)
    }),
    { numRuns: Number(process.env.FC_NUM_RUNS ?? 15) },
  )
})

test('what is forgotten makes room in the file for what comes', async t => {
  const { store, fileBytes } = await recording(t)
  const day = 86_400
  const start = Date.UTC(2026, 0) / second
  const sizes = new Map<number, number>()
  for (let number = 0; number <= 800; number++) {
    const from = start + number * day
    // Minutes of a third of an hour a day, hours of all of it.
    const rows = [...Array(20).keys()].map(index => ({ width: 60, at: from + index * 60 }))
    rows.push(...[...Array(24).keys()].map(index => ({ width: 3_600, at: from + index * 3_600 })))
    const filled = rows.map(row => ({ ...row, seconds: 1, uploaded: 1, downloaded: 1, peer_seconds: 1 }))
    await store.add(filled, from + day)
    if (number % 400 === 0) sizes.set(number, await fileBytes())
  }
  t.true(sizes.get(800)! < 2_000_000)
  t.true(sizes.get(800)! <= sizes.get(400)! * 1.02, String([...sizes]))
})
