import type { AbortOptions } from '../abort.ts'
import { fileSystemError, P2pShareError } from '../errors.ts'
import { readWhole } from '../whole-file.ts'
import { maxTorrentBytes } from './limits.ts'
import type { Metainfo } from './metainfo.ts'
import { parseMetainfo } from './read-metainfo.ts'

/**
 * Reads a torrent file, given by path or as its bytes. Aborting rejects with the signal's reason.
 *
 * @throws {P2pShareError} `ERR_PATH_NOT_FOUND`, `ERR_UNREADABLE_FILE`, `ERR_TORRENT_TOO_LARGE` above 10 MB, and what
 *   {@link parseMetainfo} throws, with the path before the message
 * @example
 * const metainfo = await readTorrent('holiday.torrent')
 */
export async function readTorrent(
  torrent: string | Uint8Array,
  { signal }: AbortOptions = {},
): Promise<Metainfo> {
  signal?.throwIfAborted()
  if (typeof torrent !== 'string') return parseMetainfo(torrent)
  try {
    const metainfo = await readWhole(torrent, maxTorrentBytes, parseMetainfo)
    signal?.throwIfAborted()
    return metainfo
  } catch (error) {
    signal?.throwIfAborted()
    if (!(error instanceof P2pShareError)) throw fileSystemError(error, torrent, 'read')
    throw new P2pShareError(error.code, `${torrent}: ${error.message}`, { cause: error })
  }
}
