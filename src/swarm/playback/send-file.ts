import { type Metainfo, mainInfoHash } from '../../core/index.ts'
import { type Fetch, HttpError, sendContent } from '../../http/index.ts'
import type { Transfer } from '../transfer.ts'
import { dispositionOf, nameOf } from './file-name.ts'
import { isPlayableType, mediaTypeOf } from './playable.ts'

const policy = "default-src 'none'; media-src 'self'; img-src 'self'; style-src 'unsafe-inline'"
const harmless = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': policy,
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
}

/** For what could run or load something. A browser's own page around a video would be refused the video by it. */
const sandboxed = { 'content-security-policy': `${policy}; sandbox` }

/** Answers with a file of a transfer, or the range of it that was asked for, each byte as soon as it is there. */
export async function sendFile(
  env: Parameters<Fetch>[1],
  transfer: Pick<Transfer, 'openFile'>,
  metainfo: Metainfo,
  index: number,
  isDownload: boolean,
): Promise<Response> {
  const file = metainfo.files[index]!
  const type = await mediaTypeOf(file)
  const isMedia = isPlayableType(type)
  const disposition = dispositionOf(isMedia && !isDownload ? 'inline' : 'attachment', nameOf(file))
  return sendContent(env, {
    sizeBytes: file.sizeBytes,
    type,
    etag: `"${mainInfoHash(metainfo)}-${index}"`,
    headers: { ...harmless, ...(isMedia ? {} : sandboxed), 'content-disposition': disposition },
    open: ({ end }, signal) => transfer.openFile(index, { end, signal }),
  })
}

/** @throws {HttpError} 405 */
export function sendText(method: string | undefined, body: string, type: string): Response {
  if (method !== 'GET' && method !== 'HEAD') {
    throw new HttpError(405, 'This can only be read.', { allow: 'GET, HEAD' })
  }
  return new Response(method === 'HEAD' ? null : body, { headers: { ...harmless, 'content-type': type } })
}
