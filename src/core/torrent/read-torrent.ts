import { open } from 'node:fs/promises'
import type { AbortOptions } from '../abort.ts'
import { fileSystemError, P2pShareError } from '../errors.ts'
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
  const bytes = await readBounded(torrent).catch(error => {
    throw fileSystemError(error, torrent, 'read')
  })
  signal?.throwIfAborted()
  try {
    return parseMetainfo(bytes)
  } catch (error) {
    if (!(error instanceof P2pShareError)) throw error
    throw new P2pShareError(error.code, `${torrent}: ${error.message}`, { cause: error })
  }
}

async function readBounded(path: string): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const found = await file.stat()
    if (!found.isFile()) throw new P2pShareError('ERR_UNREADABLE_FILE', `${path} is not a file`)
    if (found.size > maxTorrentBytes)
      throw new P2pShareError('ERR_TORRENT_TOO_LARGE', `${path} has ${found.size} bytes, more than 10 MB`)
    const bytes = new Uint8Array(found.size)
    let length = 0
    while (length < bytes.length) {
      const { bytesRead } = await file.read(bytes, length, bytes.length - length, length)
      if (bytesRead === 0) break
      length += bytesRead
    }
    return bytes.subarray(0, length)
  } finally {
    await file.close()
  }
}
