import type { JsonChild } from '../../test/kit/json-child.ts'
import { waitUntil } from '../../test/kit/wait-until.ts'
import { cpuSeconds, percentAtRest, type Rest, watchUsage } from '../process-usage.ts'
import { Teardown } from '../teardown.ts'
import type { Daemon } from './daemon.ts'
import { firstPaints } from './first-paint.ts'

/** What a start took, and what came after it. Empty lists where something was not measured. */
export interface ShelfRun {
  /** Until it answers for the first time, and until every torrent was announced; `undefined` where that takes too long to wait for. */
  readonly answersSeconds: number
  readonly announcedSeconds: number | undefined
  readonly startCpuSeconds: number
  readonly peakMemoryBytes: number
  readonly listMs: readonly number[]
  readonly paintMs: readonly number[]
  readonly idlePercent: number | undefined
  readonly stopSeconds: number
}

export interface ShelfRunInit {
  readonly home: string
  readonly tracker: JsonChild
  readonly count: number
  /** How long announcing may take. */
  readonly patienceMs: number
  readonly lists: number
  /** How often a browser opens its page, where it is ours. */
  readonly paints: number
  /** `undefined` for none. */
  readonly rest: Rest | undefined
}

/** Starts a daemon whose torrents are all complete, and ends it in good order. */
export async function runShelf(daemon: Daemon, init: ShelfRunInit): Promise<ShelfRun> {
  const { home, tracker, count, patienceMs, lists, paints, rest } = init
  await using process = new Teardown()
  await tracker.ask('forget')
  const begunAt = Date.now()
  const running = await daemon.start(process, home)
  const usage = watchUsage(running.pid)
  await running.ready()
  const answersSeconds = (Date.now() - begunAt) / 1000
  const announced = await tracker
    .ask<{ atMs: number }>('until', { count, timeoutMs: patienceMs })
    .catch(() => undefined)
  const startCpuSeconds = cpuSeconds(running.pid)
  await waitUntil(`${daemon.name} seeds all`, async () => (await running.seeding()) === count, {
    timeoutMs: patienceMs,
    intervalMs: 250,
    state: () => running.seeding(),
  })

  const idlePercent = rest && (await percentAtRest(running.pid, rest))
  const listMs: number[] = []
  for (let round = 0; round < lists; round++) {
    const begun = performance.now()
    if ((await running.list()) !== count) throw new Error(`${daemon.name} does not list all`)
    listMs.push(performance.now() - begun)
  }
  const paintMs = running.pageUrl ? await firstPaints(running.pageUrl, paints) : []
  const { peakMemoryBytes } = usage.end()
  const stopping = performance.now()
  await running.stop()
  return {
    answersSeconds,
    announcedSeconds: announced && (announced.atMs - begunAt) / 1000,
    startCpuSeconds,
    peakMemoryBytes,
    listMs,
    paintMs,
    idlePercent,
    stopSeconds: (performance.now() - stopping) / 1000,
  }
}
