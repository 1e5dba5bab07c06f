import { readFile } from 'node:fs/promises'
import { fileSystemError, maxTorrentBytes, P2pShareError } from '../../core/index.ts'
import type { Item } from '../shelf/item.ts'
import type { Shelf } from '../shelf/shelf.ts'
import type { Found } from './found.ts'

const maxMagnetBytes = 64 * 1024

/**
 * Fetches what a `.torrent` file, or a `.magnet` file with a magnet link in its first line, names.
 *
 * @throws {P2pShareError} `ERR_INVALID_MAGNET`, `ERR_TORRENT_TOO_LARGE`, and what `Swarm.get` throws
 */
export async function fetchLink({ path, sizeBytes }: Found, shelf: Shelf, origin: string): Promise<Item> {
  const isTorrent = /\.torrent$/i.test(path)
  if (sizeBytes > (isTorrent ? maxTorrentBytes : maxMagnetBytes))
    throw new P2pShareError(
      'ERR_TORRENT_TOO_LARGE',
      `${path} is larger than what it could be: ${sizeBytes} bytes`,
    )
  const bytes = await readFile(path).catch(error => {
    throw fileSystemError(error, path, 'read')
  })
  if (isTorrent) return shelf.get(bytes, { origin })
  const [link = ''] = bytes.toString('utf8').trim().split(/\r?\n/, 1)
  if (/^magnet:\?/i.test(link)) return shelf.get(link, { origin })
  throw new P2pShareError('ERR_INVALID_MAGNET', `${path} holds no magnet link in its first line`)
}
