import type { IncomingMessage } from 'node:http'
import type { AbortOptions } from '../core/index.ts'
import { withinTime } from './http-get.ts'
import { HttpAnswerError, type HttpTrust, openHttp } from './http-open.ts'

export interface HttpRangeOptions extends AbortOptions {
  readonly trust: HttpTrust
  /** Offset in the file. */
  readonly from: number
  /** What the whole file has to have. */
  readonly sizeBytes: number
  /** Filled to its end. Where the request fails, part of it may have been. */
  readonly into: Uint8Array
}

const idleMs = 20_000
/** A server that is slower is given up. */
const leastBytesPerSecond = 4_096
/** A server without ranges sends the whole file, of which only a part is used; of larger ones that is too much. */
const maxWholeBytes = 4 * 1024 * 1024

/**
 * Fetches a range of a file into a buffer, over HTTP or HTTPS, see `httpGet`. Exactly the range that was asked for is taken, of a
 * file of exactly that size.
 *
 * @throws {P2pShareError} `ERR_FETCH_FAILED`, whose `cause` is an `HttpAnswerError` where the server did answer;
 *   `ERR_ADDRESS_NOT_ALLOWED`; aborting ends the request with the signal's reason
 */
export async function httpRange(url: string, options: HttpRangeOptions): Promise<void> {
  const { trust, from, into } = options
  const timeoutMs = idleMs + Math.ceil((into.length / leastBytesPerSecond) * 1000)
  await withinTime(url, { signal: options.signal, timeoutMs }, async signal => {
    const headers = {
      range: `bytes=${from}-${from + into.length - 1}`,
      // A compressed file has other ranges.
      'accept-encoding': 'identity',
    }
    const response = await openHttp(url, { trust, headers, signal, idleMs })
    try {
      checkHeaders(response, options)
      await fill(response, options)
    } catch (error) {
      response.destroy()
      throw error
    }
  })
}

function checkHeaders(response: IncomingMessage, { from, into, sizeBytes }: HttpRangeOptions): void {
  const { statusCode: status = 0, headers } = response
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity') throw unusable(status, `it is sent as ${encoding}`)
  if (status === 200) {
    const length = headers['content-length']
    if (length !== undefined && Number(length) !== sizeBytes) throw wrongSize(status, length, sizeBytes)
    if (into.length < sizeBytes && sizeBytes > maxWholeBytes)
      throw unusable(status, 'the server does not know of ranges')
    return
  }
  const range = /^bytes (\d{1,16})-(\d{1,16})\/(\*|\d{1,16})$/.exec(headers['content-range'] ?? '')
  if (!range) throw unusable(status, 'the server does not say which range it sends')
  const [, first, last, whole] = range
  if (whole !== '*' && Number(whole) !== sizeBytes) throw wrongSize(status, whole!, sizeBytes)
  if (Number(first) !== from || Number(last) !== from + into.length - 1)
    throw unusable(status, `bytes ${first}-${last} were sent where others were asked for`)
}

async function fill(response: IncomingMessage, { from, into, sizeBytes }: HttpRangeOptions): Promise<void> {
  const { statusCode: status = 0 } = response
  const isWhole = status === 200
  const first = isWhole ? from : 0
  const end = isWhole ? sizeBytes : into.length
  let received = 0
  for await (const chunk of response) {
    const start = received
    received += chunk.length
    if (received > end) throw unusable(status, 'the server sends more than was asked for')
    if (received <= first) continue
    const part = chunk.subarray(Math.max(0, first - start), first + into.length - start)
    into.set(part, Math.max(0, start - first))
    if (isWhole && received >= first + into.length && received < end) break
  }
  if (received < first + into.length) throw unusable(status, 'the server sends less than was asked for')
}

function wrongSize(status: number, found: string, wanted: number): HttpAnswerError {
  return unusable(status, `the file there has ${found} bytes and should have ${wanted}`)
}

function unusable(status: number, message: string): HttpAnswerError {
  return new HttpAnswerError(status, message)
}
