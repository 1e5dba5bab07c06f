import { type Metainfo, P2pShareError, readTorrent, writeFileAtomic } from '../core/index.ts'

/**
 * Writes a .torrent file. What stands there is replaced only where it is the same torrent, made earlier.
 *
 * @throws {P2pShareError} `ERR_TARGET_EXISTS`, `ERR_CANNOT_WRITE`, `ERR_DISK_FULL`
 */
export async function writeTorrent(path: string, metainfo: Metainfo, signal: AbortSignal): Promise<void> {
  const earlier = await readTorrent(path, { signal }).catch((error: unknown) => {
    if (error instanceof P2pShareError && error.code === 'ERR_PATH_NOT_FOUND') return undefined
    signal.throwIfAborted()
    throw taken(path, error)
  })
  if (earlier && !isSame(earlier, metainfo)) throw taken(path)
  await writeFileAtomic(path, metainfo.bytes)
}

function isSame(one: Metainfo, other: Metainfo): boolean {
  return one.infoHash === other.infoHash && one.infoHashV2 === other.infoHashV2
}

function taken(path: string, cause?: unknown): P2pShareError {
  const message = `${path} exists already and is another file: give --out a new name`
  return new P2pShareError('ERR_TARGET_EXISTS', message, { cause })
}
