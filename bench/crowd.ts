import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { systemPython } from '../test/kit/external.ts'
import { JsonChild } from '../test/kit/json-child.ts'
import { temporaryFolder } from '../test/kit/temp-folder.ts'
import { type BenchOptions, type Measurement, measurement } from './measurement.ts'
import { isInstalled } from './pairs/clients.ts'
import { offerFile } from './pairs/offer.ts'
import type { Offer } from './pairs/pair-run.ts'
import { type Usage, watchUsage } from './process-usage.ts'
import { type CapUse, watchCap } from './swarm/cap.ts'
import { startCappedSeed } from './swarm/members.ts'
import { Teardown } from './teardown.ts'

const names = ['p2pshare', 'libtorrent'] as const
type CrowdName = (typeof names)[number]

const commands: Record<CrowdName, [program: string, script: string]> = {
  p2pshare: [process.execPath, 'clients/crowd-child.js'],
  libtorrent: [systemPython, 'clients/crowd_with_libtorrent.py'],
}
const mebibyte = 1024 * 1024
const cap = 20_000_000
const processCount = 5

interface CrowdRun {
  readonly seconds: number
  readonly seed: Usage
  readonly crowd: readonly Usage[]
  readonly cap: CapUse
}

/**
 * Fifty leeches in five processes behind a seed that may send 20 MB/s. All are added at once, and then each is told of the seed and of
 * those before it, so that everyone meets everyone.
 */
export default async function measureCrowd({ quick, onFailure }: BenchOptions): Promise<Measurement[]> {
  const sizeBytes = (quick ? 24 : 64) * mebibyte
  const each = quick ? 4 : 10
  await using all = new Teardown()
  const offer = await offerFile(all, sizeBytes, { hasOwnPieces: true })
  const runs = new Map(
    names
      .filter(isInstalled)

      .map((name): [CrowdName, CrowdRun[]] => [name, []]),
  )
  for (let round = 0; round < (quick ? 1 : 3); round++)
    for (const name of runs.keys()) {
      try {
        runs.get(name)!.push(await runOnce(name, offer, each))
      } catch (error) {
        runs.delete(name)
        onFailure(name, error)
      }
    }

  const title = `${each * processCount} leeches, ${sizeBytes / mebibyte} MiB, seed capped at 20 MB/s`
  const rows = (
    what: string,
    unit: Measurement['unit'],
    figure: (run: CrowdRun) => number,
    aim?: Measurement['aim'],
  ) =>
    [...runs].map(([name, all]) =>
      measurement(`${title}${what}`, name, unit, all.map(figure), name === 'p2pshare' ? aim : undefined),
    )
  const cpuOf = ({ seed, crowd }: CrowdRun) =>
    crowd.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, seed.cpuSeconds)
  return [
    ...rows('', 's', run => run.seconds),
    ...rows(': to the ideal', '×', run => (run.seconds * cap) / sizeBytes, { atMost: 1.3 }),
    ...rows(': cap used', '×', run => run.cap.mean, { atMost: 1.05 }),
    ...rows(': processor, all', 'CPU s', cpuOf),
    ...rows(`: most memory of a process of ${each}`, 'MB', ({ crowd }) => {
      return Math.max(...crowd.map(({ peakMemoryBytes }) => peakMemoryBytes / 1e6))
    }),
  ]
}

async function runOnce(name: CrowdName, offer: Offer, each: number): Promise<CrowdRun> {
  await using processes = new Teardown()
  const torrent = join(await temporaryFolder(processes, 'torrent'), 'it.torrent')
  await writeFile(torrent, offer.torrent)
  const { seed, address } = await startCappedSeed(processes, name, {
    torrent: offer.torrent,
    folder: offer.folder,
    cap,
    maxPeers: 100,
  })
  const crowd = await Promise.all(
    Array.from({ length: processCount }, async () => {
      const folder = await temporaryFolder(processes, 'crowd')
      const [program, script] = commands[name]
      const path = fileURLToPath(new URL(script, import.meta.url))
      const child = new JsonChild(processes, name, program, [path])
      const { ports } = await child.ask<{ ports: number[] }>('start', { folder, count: each })
      return { child, folder, ports }
    }),
  )
  const ports = [Number(address.split(':')[1]), ...crowd.flatMap(member => member.ports)]
  execFileSync('sync')

  const watches = [seed, ...crowd.map(({ child }) => child)].map(({ pid }) => watchUsage(pid))
  const begun = performance.now()
  const sent = watchCap(() => seed.uploadedBytes(), cap)
  await Promise.all(crowd.map(({ child, folder }) => child.ask('leech', { torrent, folder })))
  await Promise.all(
    crowd.map(async ({ child }) => {
      await child.ask('connect', { ports })
      await child.ask('finished')
      sent.closeMean()
    }),
  )
  const seconds = (performance.now() - begun) / 1000
  const [seedUsage, ...others] = watches.map(watch => watch.end())
  return { seconds, seed: seedUsage!, crowd: others, cap: await sent.end() }
}
