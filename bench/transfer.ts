import { execFileSync } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createTorrent } from '../src/index.ts'
import { findProgram } from '../test/kit/external.ts'
import type { Owner } from '../test/kit/owner.ts'
import { Aria2 } from '../test/kit/peers/aria2.ts'
import type { ExternalPeer } from '../test/kit/peers/external-peer.ts'
import { Libtorrent } from '../test/kit/peers/libtorrent.ts'
import { writeSampleFile } from '../test/kit/sample-files.ts'
import { temporaryFolder } from '../test/kit/temp-folder.ts'
import { startTracker } from '../test/kit/tracker.ts'
import { waitUntil } from '../test/kit/wait-until.ts'
import { NodePeer } from './clients/node-peer.ts'
import { type BenchOptions, type Measurement, measurement } from './measurement.ts'
import { type Usage, watchUsage } from './process-usage.ts'
import { Teardown } from './teardown.ts'

const mebibyte = 1024 * 1024
const pieceLength = mebibyte
const fileName = 'clip.bin'

/** Each seeds to a leech of its own kind; one that this machine lacks is left out. */
const clients: readonly { name: string; program?: string; make: (owner: Owner) => ExternalPeer }[] = [
  { name: 'p2pshare', make: owner => new NodePeer(owner, 'p2pshare') },
  { name: 'libtorrent', program: 'python3-libtorrent', make: owner => new Libtorrent(owner) },
  { name: 'aria2', program: 'aria2c', make: owner => new Aria2(owner) },
  { name: 'webtorrent', make: owner => new NodePeer(owner, 'webtorrent') },
]

interface Offer {
  readonly folder: string
  readonly sizeBytes: number
  readonly torrent: Uint8Array
  /** The tracker that the torrent names, for clients that take peers from nothing else. */
  readonly tracker: string
}

interface Run {
  readonly megabytesPerSecond: number
  readonly seed: Usage
  readonly leech: Usage
}

/**
 * One seed to one leech over loopback, the same for every client: the content lies in the page cache, the seed has
 * checked it and waits, the leech's folder is empty. The clock runs from the first bytes on the leech's disk until
 * the leech says that all is there and verified, so that neither start-up nor finding each other counts. What is
 * called webtorrent is the package alone in processes of its own, set up as webtorrent-cli sets it up.
 */
export default async function measureTransfer({ quick }: BenchOptions): Promise<Measurement[]> {
  const sizeBytes = (quick ? 64 : 1024) * mebibyte
  await using all = new Teardown()
  const folder = await temporaryFolder(all, 'bench')
  const content = await writeSampleFile(join(folder, fileName), sizeBytes, 'transfer')
  const tracker = (await startTracker(all, 'http')).announce
  const { bytes: torrent } = await createTorrent(content, { pieceLength, announce: [tracker] })
  const offer: Offer = { folder, sizeBytes, torrent, tracker }

  const present = clients.filter(({ program }) => !program || findProgram(program))
  const runs = new Map(present.map(({ name }): [string, Run[]] => [name, []]))
  for (let round = 0; round < (quick ? 1 : 3); round++)
    for (const { name, make } of present) runs.get(name)!.push(await runOnce(make, offer))

  const title = `transfer of ${sizeBytes / mebibyte} MiB`
  const figures = (what: string, unit: Measurement['unit'], figure: (run: Run) => number) =>
    present.map(({ name }) => measurement(what, name, unit, runs.get(name)!.map(figure)))
  return [
    ...figures(title, 'MB/s', run => run.megabytesPerSecond),
    ...figures(`${title}: seed`, 'CPU s', run => run.seed.cpuSeconds),
    ...figures(`${title}: leech`, 'CPU s', run => run.leech.cpuSeconds),
    ...figures(`${title}: seed, peak memory`, 'MB', run => run.seed.peakMemoryBytes / 1e6),
    ...figures(`${title}: leech, peak memory`, 'MB', run => run.leech.peakMemoryBytes / 1e6),
  ]
}

async function runOnce(make: (owner: Owner) => ExternalPeer, offer: Offer): Promise<Run> {
  await using processes = new Teardown()
  const target = await temporaryFolder(processes, 'bench')
  const seed = make(processes)
  const address = await seed.seed(offer.torrent, offer.folder)
  execFileSync('sync')

  const leech = make(processes)
  await leech.leech(offer.torrent, target, { tracker: offer.tracker, peers: [address] })
  const early = await waitUntil('the leech writes', () => bytesOnDisk(join(target, fileName)), {
    intervalMs: 1,
  })
  const begun = performance.now()
  const watches = [watchUsage(seed.pid), watchUsage(leech.pid)]
  await leech.finished()
  const seconds = (performance.now() - begun) / 1000
  const [seedUsage, leechUsage] = watches.map(watch => watch.end())
  return {
    megabytesPerSecond: (offer.sizeBytes - early) / 1e6 / seconds,
    seed: seedUsage!,
    leech: leechUsage!,
  }
}

async function bytesOnDisk(path: string): Promise<number> {
  try {
    return (await stat(path)).blocks * 512
  } catch {
    return 0
  }
}
