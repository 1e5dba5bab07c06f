import { execFileSync } from 'node:child_process'
import { temporaryFolder } from '../test/kit/temp-folder.ts'
import { type BenchOptions, type Measurement, measurement } from './measurement.ts'
import { isInstalled } from './pairs/clients.ts'
import { offerFile } from './pairs/offer.ts'
import type { Offer } from './pairs/pair-run.ts'
import { watchUsage } from './process-usage.ts'
import { type CapUse, watchCap } from './swarm/cap.ts'
import { type MemberName, makeLeech, startCappedSeed } from './swarm/members.ts'
import { Teardown } from './teardown.ts'

const mebibyte = 1024 * 1024
const cap = 20_000_000
const leeches = 8

interface SwarmRun {
  readonly seconds: number
  readonly cpuSeconds: number
  readonly cap: CapUse
}

/**
 * A seed that may send 20 MB/s, and eight leeches in processes of their own that know of it and of each other. From the first one's
 * start to the last one's end, against the time in which the seed can have sent everything once.
 */
export default async function measureSwarm({ quick, onFailure }: BenchOptions): Promise<Measurement[]> {
  const sizeBytes = (quick ? 48 : 256) * mebibyte
  await using all = new Teardown()
  const offer = await offerFile(all, sizeBytes, { hasOwnPieces: true })
  const names = (['p2pshare', 'libtorrent', 'webtorrent'] as const).filter(isInstalled)
  const runs = new Map(names.map((name): [MemberName, SwarmRun[]] => [name, []]))
  for (let round = 0; round < (quick ? 1 : 2); round++)
    for (const name of names) {
      try {
        runs.get(name)?.push(await runOnce(name, offer))
      } catch (error) {
        runs.delete(name)
        onFailure(name, error)
      }
    }

  const idealSeconds = sizeBytes / cap
  const title = `${leeches} leeches, ${sizeBytes / mebibyte} MiB, seed capped at 20 MB/s`
  const rows = (what: string, unit: Measurement['unit'], figure: (run: SwarmRun) => number) =>
    [...runs].map(([name, all]) => measurement(`${title}${what}`, name, unit, all.map(figure)))
  const aimed = (rows: Measurement[], aim: Measurement['aim']) =>
    rows.map(row => (row.client === 'p2pshare' && aim ? { ...row, aim } : row))
  return [
    ...rows('', 's', run => run.seconds),
    ...aimed(
      rows(': to the ideal', '×', run => run.seconds / idealSeconds),
      { atMost: 1.15 },
    ),
    ...aimed(
      rows(': cap used', '×', run => run.cap.mean),
      { atLeast: 0.95, atMost: 1.05 },
    ),
    ...rows(': cap used, highest second', '×', run => run.cap.highest),
    ...rows(': processor, all nine', 'CPU s', run => run.cpuSeconds),
  ]
}

async function runOnce(name: MemberName, offer: Offer): Promise<SwarmRun> {
  await using processes = new Teardown()
  const { torrent, folder } = offer
  const { seed, address } = await startCappedSeed(processes, name, { torrent, folder, cap, maxPeers: 55 })
  const members = Array.from({ length: leeches }, () => makeLeech(processes, name))
  await Promise.all(members.map(member => member.ready()))
  const targets = await Promise.all(members.map(() => temporaryFolder(processes, 'bench')))
  execFileSync('sync')

  const watches = [seed, ...members].map(({ pid }) => watchUsage(pid))
  const begun = performance.now()
  const sent = watchCap(() => seed.uploadedBytes(), cap)
  const met = [address]
  const finishing: Promise<void>[] = []
  for (const [index, member] of members.entries()) {
    // Whoever comes later calls on those who are there.
    met.push(await member.leech(torrent, targets[index]!, { peers: met }))
    const finished = member.finished().then(() => sent.closeMean())
    finished.catch(() => {})
    finishing.push(finished)
  }
  await Promise.all(finishing)
  const seconds = (performance.now() - begun) / 1000
  const cpuSeconds = watches.reduce((sum, watch) => sum + watch.end().cpuSeconds, 0)
  return { seconds, cpuSeconds, cap: await sent.end() }
}
