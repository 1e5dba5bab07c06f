import type { NodeCallback, WebSeedConnection } from 'webtorrent'
import { type Metainfo, P2pShareError, spansOf, type TorrentFile } from '../../../core/index.ts'
import { httpGet } from '../../http-get.ts'
import type { HttpTrust } from '../../http-open.ts'

const timeoutMs = 60_000

/**
 * Puts our own requests in place of webtorrent's for one web seed (BEP 19): a piece may span any number of files, empty ones
 * and pads are not asked for, and no server can send more than was asked or lead to where it should not.
 */
export function useOwnRequests(connection: WebSeedConnection, metainfo: Metainfo, trust: HttpTrust): void {
  connection.httpRequest = (piece, offset, length, done: NodeCallback<Uint8Array>) => {
    const start = piece * metainfo.pieceLength + offset
    fetchContent(connection.url, metainfo, start, length, trust).then(
      bytes => done(null, bytes),
      (error: Error) => done(error),
    )
  }
}

async function fetchContent(
  url: string,
  metainfo: Metainfo,
  start: number,
  length: number,
  trust: HttpTrust,
): Promise<Uint8Array> {
  const content = new Uint8Array(length)
  const requests: Promise<void>[] = []
  for (const span of spansOf(metainfo.files, start, length)) {
    const file = metainfo.files[span.index]!
    if (file.isPad) continue
    const into = content.subarray(span.at, span.at + span.length)
    requests.push(fetchRange(fileUrl(url, metainfo, file), span.start, file.sizeBytes, into, trust))
  }
  await Promise.all(requests)
  return content
}

/** Fills `into` with the bytes of a file from `from` on. */
async function fetchRange(
  url: string,
  from: number,
  sizeBytes: number,
  into: Uint8Array,
  trust: HttpTrust,
): Promise<void> {
  const headers = { range: `bytes=${from}-${from + into.length - 1}` }
  const { status, bytes } = await httpGet(url, { trust, headers, maxBytes: into.length, timeoutMs })
  const isWhole = status === 206 || into.length === sizeBytes
  if (!isWhole || bytes.length !== into.length) {
    throw new P2pShareError('ERR_FETCH_FAILED', `${url} does not serve the range that was asked for`)
  }
  into.set(bytes)
}

/** BEP 19: the URL is the file's own, or with a slash at its end, or for an album, the folder that holds it. */
function fileUrl(url: string, { isAlbum }: Metainfo, { path }: TorrentFile): string {
  if (!isAlbum && !url.endsWith('/')) return url
  return `${url}${url.endsWith('/') ? '' : '/'}${path.split('/').map(encodeURIComponent).join('/')}`
}
