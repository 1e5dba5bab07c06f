import { join } from 'node:path'
import { BoxClient } from '../src/box/index.ts'
import { writeBoxSettings } from '../test/kit/box-settings.ts'
import { JsonChild } from '../test/kit/json-child.ts'
import { temporaryFolder } from '../test/kit/temp-folder.ts'
import { churnFor } from './box/churn.ts'
import { clientScript } from './clients/client-script.ts'
import { writeTorrents } from './many-torrents.ts'
import { type BenchOptions, type Measurement, measurement } from './measurement.ts'
import { cpuSeconds, ownMemoryBytes } from './process-usage.ts'
import { Teardown } from './teardown.ts'

interface Weight {
  readonly heapBytes: number
  readonly descriptors: number
  readonly databaseBytes: number
  readonly logBytes: number
}

const settings = `[queue]
downloads = 0
[slow]
hours = ["daily 08:00-18:00"]
upload = "500K"
[hooks]
added = ["true"]
done = ["true"]
`

/** A day of a box, hour by hour, with a clock that is moved: whether what it holds at the end is what it held in the morning. */
export default async function measureDay({ quick }: BenchOptions): Promise<Measurement[]> {
  const hours = quick ? 4 : 24
  await using all = new Teardown()
  const folder = await temporaryFolder(all, 'bench')
  const others = join(folder, 'others')
  const torrents = await writeTorrents(others, { count: 200, fileBytes: 32 * 1024 })
  const seed = new JsonChild(all, 'seed', process.execPath, [clientScript('seedbox-child.js')])
  const { port } = await seed.ask<{ port: number }>('run', {
    home: await temporaryFolder(all, 'home'),
    torrents,
    folder: others,
  })

  const home = await temporaryFolder(all, 'home')
  await writeBoxSettings(home, settings)
  const child = new JsonChild(all, 'box', process.execPath, ['--expose-gc', clientScript('day-child.ts')])
  await child.ask('start', { folder: home })
  const client = await BoxClient.find(home)
  const weights: (Weight & { readonly memoryBytes: number })[] = []
  const begun = cpuSeconds(child.pid)
  for (let hour = 0; hour < hours; hour++) {
    await churnFor({ client, folder, torrents, seed: `127.0.0.1:${port}` }, hour)
    await child.ask('hour')
    weights.push({ ...(await child.ask<Weight>('weigh')), memoryBytes: ownMemoryBytes(child.pid) })
  }
  const usedSeconds = cpuSeconds(child.pid) - begun
  await child.ask('stop')

  // By the end of the first third as many transfers are kept as at the end.
  const third = Math.floor(hours / 3)
  const [early, late] = [weights.slice(third, 2 * third), weights.slice(-third)]
  const grown = (figure: (weight: (typeof weights)[number]) => number) =>
    mean(late.map(figure)) / mean(early.map(figure))
  const title = `${hours} hours`
  const rows = (
    what: string,
    unit: Measurement['unit'],
    figure: (weight: (typeof weights)[number]) => number,
  ) => measurement(`${title}: ${what}`, 'p2pshare', unit, weights.map(figure))
  const growth = (what: string, figure: (weight: (typeof weights)[number]) => number, atMost: number) =>
    measurement(`${title}: ${what}, last third against the one before`, 'p2pshare', '×', [grown(figure)], {
      atMost,
    })
  return [
    rows('heap after collection', 'MB', ({ heapBytes }) => heapBytes / 1e6),
    growth('heap', ({ heapBytes }) => heapBytes, 1.05),
    rows('memory', 'MB', ({ memoryBytes }) => memoryBytes / 1e6),
    growth('memory', ({ memoryBytes }) => memoryBytes, 1.1),
    rows('descriptors', '', ({ descriptors }) => descriptors),
    growth('descriptors', ({ descriptors }) => descriptors, 1.05),
    rows('database', 'KiB', ({ databaseBytes }) => databaseBytes / 1024),
    rows('log', 'KiB', ({ logBytes }) => logBytes / 1024),
    measurement(`${title}: processor, all of them`, 'p2pshare', 'CPU s', [usedSeconds]),
  ]
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
