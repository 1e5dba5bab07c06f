import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { Owner } from '../../test/kit/owner.ts'
import { temporaryFolder } from '../../test/kit/temp-folder.ts'
import { waitUntil } from '../../test/kit/wait-until.ts'
import { type Usage, watchUsage } from '../process-usage.ts'
import { Teardown } from '../teardown.ts'
import { type ClientName, makeClient } from './clients.ts'
import { bytesOnDisk, emptyFiles } from './disk.ts'

/** A torrent that is given, and where its content lies. */
export interface Offer {
  readonly folder: string
  readonly name: string
  readonly sizeBytes: number
  readonly torrent: Uint8Array
  /** The same torrent with a tracker, for two clients that take peers from nothing else, and that tracker. */
  readonly announced: Uint8Array
  readonly tracker: string
}

export interface Pair {
  readonly seed: ClientName
  readonly leech: ClientName
  /** RC4 and nothing else. @default false */
  readonly isEncrypted?: boolean
}

export interface PairRun {
  readonly megabytesPerSecond: number
  readonly bytes: number
  readonly seed: Usage
  readonly leech: Usage
}

/**
 * One seed to one leech over loopback. The clock runs from the first bytes on the leech's disk until the leech says that all is
 * there and verified. qBittorrent looks at itself every second and a half only: its clock ends with the last byte on the disk.
 *
 * @param folders owns what was fetched, emptied: before ext4 without a journal makes a file it looks at each one that was removed
 *   in the last minutes, so that the next run would pay for thousands
 */
export async function runPair(
  { seed, leech, isEncrypted = false }: Pair,
  offer: Offer,
  folders: Owner,
): Promise<PairRun> {
  const target = await temporaryFolder(folders, 'bench')
  await using processes = new Teardown()
  processes.teardown(() => emptyFiles(target))
  // Of two that cannot be told of each other, each asks the tracker.
  const asksTracker = seed === 'aria2' && leech === 'aria2'
  const torrent = asksTracker ? offer.announced : offer.torrent
  const giver = makeClient(processes, seed, isEncrypted)
  const address = await giver.seed(torrent, offer.folder)
  execFileSync('sync')

  const taker = makeClient(processes, leech, isEncrypted)
  const own = await taker.leech(
    torrent,
    target,
    asksTracker ? { tracker: offer.tracker } : { peers: [address] },
  )
  if (leech === 'aria2') await giver.connect?.(own)
  const path = join(target, offer.name)
  const early = await waitUntil(`${leech} writes what ${seed} has`, () => bytesOnDisk(path), {
    intervalMs: 1,
  })
  const begun = performance.now()
  const watches = [watchUsage(giver.pid), watchUsage(taker.pid)]
  if (leech === 'qbittorrent') await isOnDisk(path, offer.sizeBytes)
  else await taker.finished()
  const seconds = (performance.now() - begun) / 1000
  const [seedUsage, leechUsage] = watches.map(watch => watch.end())
  const bytes = offer.sizeBytes - early
  return { megabytesPerSecond: bytes / 1e6 / seconds, bytes, seed: seedUsage!, leech: leechUsage! }
}

async function isOnDisk(path: string, sizeBytes: number): Promise<void> {
  const options = { intervalMs: 5, timeoutMs: 120_000 }
  await waitUntil(`${path} is whole`, () => bytesOnDisk(path) >= sizeBytes, options)
}
