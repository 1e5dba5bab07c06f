import { P2pShareError, parseMetainfo } from '../../core/index.ts'
import type { Swarm, Transfer } from '../../swarm/index.ts'
import type { Entry, EntryMaterial } from './entry.ts'
import type { FetchTerms } from './shelf-init.ts'

/**
 * Joins the swarm of a transfer that the box keeps. Nothing that has not changed is hashed again.
 *
 * @throws {P2pShareError} as `Swarm.get` and `Swarm.share`
 */
export async function startItem(
  swarm: Swarm,
  { source, priorities, peers, name }: Entry,
  { torrent, files }: EntryMaterial,
  terms: FetchTerms = {},
): Promise<Transfer> {
  if (source.kind === 'share') {
    if (!torrent) throw new P2pShareError('ERR_DATABASE', `The torrent of ${name} is gone: share it anew`)
    return swarm.share(
      { bytes: torrent, metainfo: parseMetainfo(torrent), sources: files, skipped: [] },
      { peers, looksAgain: true },
    )
  }
  const isWanted = (_: unknown, index: number) => priorities.get(index) !== 0
  // A get that is to fetch nothing is refused: it is begun whole, and takes all back at once.
  const select = priorities.size > 0 && wantsAny(torrent, priorities) && { select: isWanted }
  // What a link or a site led to was not chosen by somebody who knew its trackers, though its torrent is here by now.
  const allowPrivateAddresses = source.magnet === '' ? undefined : false
  const given = { allowPrivateAddresses, ...terms, out: source.folder, peers, ...select }
  const options = { ...given, waitsForFiles: true }
  const transfer = await swarm.get(torrent ?? source.magnet, options)
  if (priorities.size > 0) void transfer.setFilePriorities(priorities).catch(() => {})
  return transfer
}

/** Why something could not be started, for a person. */
export function whyNotStarted(error: unknown): P2pShareError {
  if (error instanceof P2pShareError) return error
  return new P2pShareError('ERR_INTERNAL', `It cannot be started: ${(error as Error).message}`, {
    cause: error,
  })
}

function wantsAny(torrent: Uint8Array | undefined, priorities: ReadonlyMap<number, number>): boolean {
  if (!torrent || [...priorities.values()].some(priority => priority > 0)) return true
  return parseMetainfo(torrent).files.some(
    ({ isPad, isLink }, index) => !isPad && !isLink && !priorities.has(index),
  )
}
