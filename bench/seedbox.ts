import { findProgram, systemPython } from '../test/kit/external.ts'
import { JsonChild } from '../test/kit/json-child.ts'
import type { Owner } from '../test/kit/owner.ts'
import { temporaryFolder } from '../test/kit/temp-folder.ts'
import { clientScript } from './clients/client-script.ts'
import { writeTorrents } from './many-torrents.ts'
import { type BenchOptions, type Measurement, measurement } from './measurement.ts'
import { cpuSeconds, percentAtRest, type Rest, watchUsage } from './process-usage.ts'
import { Teardown } from './teardown.ts'

const fileBytes = 64 * 1024
const pieceLength = 16 * 1024
const settleMs = 10_000
const quickMs = 1_000

interface Started {
  readonly tookMs: number
  readonly seeding: number
  readonly hashed: number
}

interface BoxRun {
  readonly seconds: number
  readonly startCpuSeconds: number
  readonly peakMemoryBytes: number
  readonly idlePercent: number
}

interface Box {
  readonly name: 'p2pshare' | 'libtorrent'
  readonly program: string
  readonly script: string
}

const boxes: readonly Box[] = [
  { name: 'p2pshare', program: process.execPath, script: clientScript('seedbox-child.js') },
  { name: 'libtorrent', program: systemPython, script: clientScript('seedbox_with_libtorrent.py') },
]

/** Many small torrents that are complete on the disk and were seeded before: how long until all seed, in what memory, and at rest. */
export default async function measureSeedbox({ quick, onFailure }: BenchOptions): Promise<Measurement[]> {
  const count = quick ? 200 : 5_000
  const rest = quick ? { settleMs: quickMs, forMs: quickMs } : { settleMs, forMs: 30_000 }
  await using all = new Teardown()
  const folder = await temporaryFolder(all, 'bench')
  const torrents = await writeTorrents(folder, { count, fileBytes, pieceLength })
  const runs = new Map<Box['name'], BoxRun[]>()
  for (const box of boxes) {
    if (box.name === 'libtorrent' && !findProgram('python3-libtorrent')) continue
    try {
      const home = await prepare(all, box, torrents, folder, count)
      const samples: BoxRun[] = []
      // At rest it is always the same, and long.
      for (const restOrNone of quick ? [rest] : [undefined, undefined, rest])
        samples.push(await runOnce(box, home, torrents, folder, count, restOrNone))
      runs.set(box.name, samples)
    } catch (error) {
      onFailure(box.name, error)
    }
  }

  const title = `${count} torrents`
  const rows = (
    what: string,
    unit: Measurement['unit'],
    figure: (run: BoxRun) => number,
    aim?: Measurement['aim'],
  ) =>
    [...runs].map(([name, samples]) => {
      const figures = samples.map(figure).filter(value => !Number.isNaN(value))
      return measurement(`${title}${what}`, name, unit, figures, name === 'p2pshare' ? aim : undefined)
    })
  return [
    ...rows(': start to all seeding', 's', run => run.seconds, { atMost: 1 }),
    ...rows(': start, processor', 'CPU s', run => run.startCpuSeconds),
    ...rows(': peak memory', 'MB', run => run.peakMemoryBytes / 1e6, { atMost: 150, by: 'max' }),
    ...rows(': processor at rest', '%', run => run.idlePercent, { atMost: 1 }),
  ]
}

/** The first time, which hashes everything and leaves what the next start goes by. */
async function prepare(
  owner: Owner,
  box: Box,
  torrents: string,
  folder: string,
  count: number,
): Promise<string> {
  await using process = new Teardown()
  const home = await temporaryFolder(owner, 'home')
  const child = new JsonChild(process, box.name, box.program, [box.script])
  const { seeding } = await child.ask<Started>('run', { home, torrents, folder })
  if (seeding !== count) throw new Error(`${box.name} seeds ${seeding} of ${count}`)
  await child.ask(box.name === 'libtorrent' ? 'keep' : 'stop', box.name === 'libtorrent' ? { home } : {})
  return home
}

async function runOnce(
  box: Box,
  home: string,
  torrents: string,
  folder: string,
  count: number,
  rest: Rest | undefined,
): Promise<BoxRun> {
  await using process = new Teardown()
  const child = new JsonChild(process, box.name, box.program, [box.script])
  const usage = watchUsage(child.pid)
  const { tookMs, seeding, hashed } = await child.ask<Started>('run', { home, torrents, folder })
  if (seeding !== count || hashed > 0)
    throw new Error(`${box.name} seeds ${seeding} of ${count}, ${hashed} hashed anew`)
  const startCpuSeconds = cpuSeconds(child.pid)
  const idlePercent = rest ? await percentAtRest(child.pid, rest) : Number.NaN
  const { peakMemoryBytes } = usage.end()
  if (box.name === 'p2pshare') await child.ask('stop')
  return { seconds: tookMs / 1000, startCpuSeconds, peakMemoryBytes, idlePercent }
}
