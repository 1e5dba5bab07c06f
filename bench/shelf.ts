import { JsonChild } from '../test/kit/json-child.ts'
import type { Owner } from '../test/kit/owner.ts'
import { temporaryFolder } from '../test/kit/temp-folder.ts'
import { waitUntil } from '../test/kit/wait-until.ts'
import type { Daemon } from './box/daemon.ts'
import { p2pshare } from './box/p2pshare.ts'
import { qbittorrent } from './box/qbittorrent.ts'
import { runShelf, type ShelfRun } from './box/shelf-run.ts'
import { transmission } from './box/transmission.ts'
import { clientScript } from './clients/client-script.ts'
import { makeTorrents } from './many-torrents.ts'
import { type BenchOptions, type Measurement, measurement } from './measurement.ts'
import { Teardown } from './teardown.ts'

const fileBytes = 32 * 1024
const pieceLength = 16 * 1024

interface Size {
  readonly count: number
  readonly daemons: readonly Daemon[]
  /** Of ours; others are started once. */
  readonly starts: number
  /** How long others may take to announce all: they space that out, so as to spare trackers. */
  readonly patienceMs: number
  readonly aims: { readonly seconds: number; readonly megabytes: number; readonly listMs?: number }
}

const sizes: readonly Size[] = [
  {
    count: 5_000,
    daemons: [p2pshare, transmission, qbittorrent],
    starts: 3,
    patienceMs: 180_000,
    aims: { seconds: 5, megabytes: 300, listMs: 200 },
  },
  {
    count: 20_000,
    daemons: [p2pshare],
    starts: 2,
    patienceMs: 180_000,
    aims: { seconds: 20, megabytes: 800 },
  },
]
const quickSize: Size = { ...sizes[0]!, count: 100, starts: 1, patienceMs: 30_000 }
const rest = { settleMs: 15_000, forMs: 30_000 }
const quickRest = { settleMs: 1_000, forMs: 1_000 }

/** A daemon with thousands of small torrents that are complete: how long it takes to start, in what memory, and how it answers. */
export default async function measureShelf({ quick, onFailure }: BenchOptions): Promise<Measurement[]> {
  const measured: Measurement[] = []
  for (const size of quick ? [quickSize] : sizes) {
    await using all = new Teardown()
    const tracker = new JsonChild(all, 'tracker', process.execPath, [clientScript('tracker-child.js')])
    const { announce } = await tracker.ask<{ announce: string }>('start')
    const folder = await temporaryFolder(all, 'bench')
    const torrents: Uint8Array[] = []
    const clips = { count: size.count, fileBytes, pieceLength, announce: [announce] }
    for await (const { bytes } of makeTorrents(folder, clips)) torrents.push(bytes)

    const runs = new Map<string, ShelfRun[]>()
    for (const daemon of size.daemons.filter(daemon => daemon.isHere())) {
      try {
        const home = await prepare(all, daemon, torrents, folder)
        const samples: ShelfRun[] = []
        const starts = daemon === p2pshare ? size.starts : 1
        for (let start = 1; start <= starts; start++) {
          // At rest it is always the same, and long.
          const isLast = start === starts
          samples.push(
            await runShelf(daemon, {
              home,
              tracker,
              ...size,
              lists: quick ? 3 : 20,
              paints: isLast ? (quick ? 1 : 5) : 0,
              rest: isLast ? (quick ? quickRest : rest) : undefined,
            }),
          )
        }
        runs.set(daemon.name, samples)
      } catch (error) {
        onFailure(`${size.count} with ${daemon.name}`, error)
      }
    }
    measured.push(...figures(size, runs))
  }
  return measured
}

function figures({ count, aims }: Size, runs: ReadonlyMap<string, readonly ShelfRun[]>): Measurement[] {
  const rows = (
    what: string,
    unit: Measurement['unit'],
    figure: (run: ShelfRun) => number | undefined | readonly number[],
    aim?: Measurement['aim'],
  ) =>
    [...runs].flatMap(([name, samples]) => {
      const values = samples.flatMap(sample => figure(sample) ?? [])
      if (values.length === 0) return []
      const own = name === p2pshare.name ? aim : undefined
      return [measurement(`${count} transfers: ${what}`, name, unit, values, own)]
    })
  return [
    ...rows('start to the first answer', 's', run => run.answersSeconds),
    ...rows('start to all announced', 's', run => run.announcedSeconds, { atMost: aims.seconds }),
    ...rows('start, processor', 'CPU s', run => run.startCpuSeconds),
    ...rows('peak memory', 'MB', run => run.peakMemoryBytes / 1e6, { atMost: aims.megabytes, by: 'max' }),
    ...rows('processor at rest', '%', run => run.idlePercent, { atMost: 2 }),
    ...rows('list', 'ms', run => run.listMs, aims.listMs === undefined ? undefined : { atMost: aims.listMs }),
    ...rows('page, from nothing to its rows', 'ms', run => run.paintMs),
    ...rows('stop', 's', run => run.stopSeconds, { atMost: 5, by: 'max' }),
  ]
}

/** The first time, which hashes what is there and leaves what the next start goes by. */
async function prepare(
  owner: Owner,
  daemon: Daemon,
  torrents: readonly Uint8Array[],
  folder: string,
): Promise<string> {
  await using process = new Teardown()
  const home = await temporaryFolder(owner, 'home')
  const running = await daemon.start(process, home)
  await running.ready()
  for (const torrent of torrents) await running.add(torrent, folder)
  await waitUntil(`${daemon.name} seeds all`, async () => (await running.seeding()) === torrents.length, {
    timeoutMs: 600_000,
    intervalMs: 500,
    state: () => running.seeding(),
  })
  await running.stop()
  return home
}
