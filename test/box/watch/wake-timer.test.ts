import { setTimeout as delay } from 'node:timers/promises'
import test from 'ava'
import { WakeTimer } from '../../../src/box/watch/wake-timer.ts'
import { waitUntil } from '../../kit/wait-until.ts'

test('work that takes long is not done again at once, however often it is asked for', async t => {
  const runs: { readonly startMs: number; readonly endMs: number }[] = []
  const timer = new WakeTimer(async () => {
    const startMs = performance.now()
    // The work itself is what takes the time.
    await delay(50)
    runs.push({ startMs, endMs: performance.now() })
    timer.wakeAt(performance.now())
  })
  timer.wakeAt(0)
  await waitUntil('it has run three times', () => runs.length >= 3)
  await timer.stop()
  for (const [index, { startMs, endMs }] of runs.slice(0, -1).entries())
    t.true(runs[index + 1]!.startMs - endMs >= 2 * (endMs - startMs))
})
