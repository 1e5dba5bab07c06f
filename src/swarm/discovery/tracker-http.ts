import { P2pShareError } from '../../core/index.ts'
import { httpGet } from '../http-get.ts'
import { failed, readHttpAnswer, type TrackerAnswer } from './tracker-answer.ts'
import type { TrackerAskOptions, TrackerRequest } from './tracker-request.ts'

const maxAnswerBytes = 1_000_000

/**
 * Announces over HTTP or HTTPS (BEP 3, BEP 7, BEP 23).
 *
 * @throws {P2pShareError} `ERR_FETCH_FAILED` with the reason alone, `ERR_ADDRESS_NOT_ALLOWED`; aborting ends the request with the
 *   signal's reason
 */
export async function announceHttp(
  url: string,
  request: TrackerRequest,
  { allowPrivate, timeoutMs, signal }: TrackerAskOptions,
): Promise<TrackerAnswer> {
  const options = {
    trust: allowPrivate ? 'host' : 'public',
    maxBytes: maxAnswerBytes,
    timeoutMs,
    signal,
  } as const
  const asked = announceUrl(url, request)
  let body: Uint8Array
  try {
    ;({ bytes: body } = await httpGet(asked, options))
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    if (!(error instanceof P2pShareError) || error.code !== 'ERR_FETCH_FAILED') throw error
    // The message names the whole URL, which may hold a secret key of the user's.
    throw failed(error.message.split(`${asked}: `).at(-1)!, error)
  }
  return readHttpAnswer(body)
}

/** The URL of an announce: what the tracker's own has in its query stays. */
export function announceUrl(url: string, request: TrackerRequest): string {
  const { infoHash, peerId, trackerId, event } = request
  const fields = [
    `info_hash=${escaped(infoHash)}`,
    `peer_id=${escaped(peerId)}`,
    `port=${request.port}`,
    `uploaded=${request.uploaded}`,
    `downloaded=${request.downloaded}`,
    `left=${request.left}`,
    'compact=1',
    `numwant=${request.wanted}`,
    `key=${request.key.toString(16).padStart(8, '0')}`,
    ...(event ? [`event=${event}`] : []),
    ...(trackerId ? [`trackerid=${escaped(trackerId)}`] : []),
  ]
  const [plain = ''] = url.split('#')
  return `${plain}${plain.includes('?') ? '&' : '?'}${fields.join('&')}`
}

/** Every byte that is not unreserved (RFC 3986) as `%xx`. */
function escaped(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) {
    const character = String.fromCharCode(byte)
    text += /[\w.~-]/.test(character) ? character : `%${byte.toString(16).padStart(2, '0')}`
  }
  return text
}
