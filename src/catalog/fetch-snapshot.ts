import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type AbortOptions, type Hex, type Metainfo, P2pShareError } from '../core/index.ts'
import type { Swarm, Transfer } from '../swarm/index.ts'
import type { ManifestSegment, SegmentKind } from './snapshot/manifest.ts'
import { checkSnapshotTorrent } from './snapshot/open-snapshot.ts'
import { keepFiles } from './snapshot/write-segments.ts'

/** How far a snapshot has come. */
export interface FetchProgress {
  readonly haveBytes: number
  /** 0 until it is known. */
  readonly sizeBytes: number
  readonly peers: number
}

export interface FetchSnapshotInit extends AbortOptions {
  readonly swarm: Swarm
  /** The folder of the catalog's versions. */
  readonly root: string
  readonly infoHash: Hex
  /** The torrent, where it is known already. */
  readonly metainfo?: Metainfo | undefined
  /** The version that is here, whose files are linked rather than fetched. */
  readonly last:
    | {
        readonly folder: string
        readonly segments: Readonly<Record<SegmentKind, readonly ManifestSegment[]>>
      }
    | undefined
  /** Peers to try at once, `host:port`. */
  readonly peers?: readonly string[] | undefined
  /** Given up when nothing arrives for so long. */
  readonly timeoutMs: number
  readonly allowPrivateAddresses?: boolean | undefined
  readonly onProgress?: ((progress: FetchProgress) => void) | undefined
}

const lookEveryMs = 500

/** The folder that a version of a followed catalog is fetched into. */
function versionFolder(root: string, infoHash: Hex): string {
  return join(root, infoHash)
}

/**
 * Fetches a snapshot of a catalog: only the files that no earlier version brought. The transfer goes on seeding.
 *
 * @returns the transfer, and the folder with all the files
 * @throws {P2pShareError} `ERR_NO_PEERS`, `ERR_TIMEOUT` after `timeoutMs` without a byte, `ERR_INVALID_CATALOG`, and what
 *   ends a transfer; then it is stopped
 */
export async function fetchSnapshot(
  init: FetchSnapshotInit,
): Promise<{ transfer: Transfer; folder: string }> {
  const { swarm, root, infoHash, metainfo, last, signal } = init
  const out = versionFolder(root, infoHash)
  const transfer = await swarm.get(metainfo ?? infoHash, {
    out,
    peers: init.peers,
    allowPrivateAddresses: init.allowPrivateAddresses,
    prepare: async found => {
      checkSnapshotTorrent(found)
      if (last) await linkKnown(found, join(out, found.name), last)
    },
    signal,
  })
  try {
    await watch(transfer, init)
    return { transfer, folder: transfer.path! }
  } catch (error) {
    await transfer.stop()
    throw error
  }
}

/** Removes every version of a catalog but those that are named. */
export async function removeOldVersions(root: string, kept: readonly string[]): Promise<void> {
  const names = await readdir(root).catch(() => [])
  for (const name of names)
    if (!kept.includes(name)) await rm(join(root, name), { recursive: true, force: true }).catch(() => {})
}

async function linkKnown(
  { name, files }: Metainfo,
  folder: string,
  last: NonNullable<FetchSnapshotInit['last']>,
): Promise<void> {
  const wanted = new Set(files.map(({ path }) => path.slice(name.length + 1)))
  await mkdir(folder, { recursive: true })
  for (const kind of ['listings', 'posters'] as const)
    await keepFiles(kind, last.segments[kind], last.folder, folder, wanted)
}

async function watch(
  transfer: Transfer,
  { timeoutMs, signal, onProgress }: FetchSnapshotInit,
): Promise<void> {
  const finished = transfer.finished({ signal })
  let seen = ''
  let movedMs = performance.now()
  const stalled = Promise.withResolvers<never>()
  const timer = setInterval(() => {
    const { haveBytes, sizeBytes, peers, downloadedBytes, state } = transfer.stats()
    onProgress?.({ haveBytes, sizeBytes, peers })
    const now = JSON.stringify([haveBytes, sizeBytes, downloadedBytes, state])
    if (now !== seen) movedMs = performance.now()
    seen = now
    if (performance.now() - movedMs < timeoutMs) return
    const seconds = Math.round(timeoutMs / 1000)
    stalled.reject(
      peers > 0
        ? new P2pShareError('ERR_TIMEOUT', `The catalog's peers sent nothing for ${seconds} s`)
        : new P2pShareError('ERR_NO_PEERS', `Nobody who has the catalog was found within ${seconds} s`),
    )
  }, lookEveryMs)
  try {
    await Promise.race([finished, stalled.promise])
  } finally {
    clearInterval(timer)
    finished.catch(() => {})
  }
}
