import { type AbortOptions, maxTorrentBytes } from '../core/index.ts'
import { httpGet } from './http-get.ts'
import type { HttpTrust } from './http-open.ts'

const timeoutMs = 30_000

/**
 * Fetches a .torrent over HTTP: 10 MB at most, within 30 s.
 *
 * @throws {P2pShareError} `ERR_FETCH_FAILED`, `ERR_ADDRESS_NOT_ALLOWED`
 */
export async function fetchTorrent(
  url: string,
  { trust, signal }: AbortOptions & { trust: HttpTrust },
): Promise<Uint8Array> {
  const headers = { accept: 'application/x-bittorrent, */*;q=0.1' }
  const { bytes } = await httpGet(url, { trust, headers, maxBytes: maxTorrentBytes, timeoutMs, signal })
  return bytes
}
