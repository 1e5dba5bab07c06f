import type { IncomingHttpHeaders } from 'node:http'
import { type AbortOptions, P2pShareError } from '../core/index.ts'
import { type HttpTrust, openHttp } from './http-open.ts'

export interface HttpGetOptions extends AbortOptions {
  readonly trust: HttpTrust
  readonly headers?: Readonly<Record<string, string>>
  /** A longer body is given up, whatever its header says. */
  readonly maxBytes: number
  /** For the whole, redirects counted. */
  readonly timeoutMs: number
}

/** An answer with status 200 or 206. */
export interface HttpBody {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly bytes: Uint8Array
}

/**
 * Fetches over HTTP or HTTPS. Each redirect, and each address that a host name resolves to, is checked before it is contacted.
 *
 * @throws {P2pShareError} `ERR_FETCH_FAILED`, `ERR_ADDRESS_NOT_ALLOWED`; aborting ends the request with the signal's reason
 */
export async function httpGet(url: string, options: HttpGetOptions): Promise<HttpBody> {
  const { maxBytes, trust, headers } = options
  return withinTime(url, options, async signal => {
    const response = await openHttp(url, { trust, headers, signal })
    const chunks: Uint8Array[] = []
    let length = 0
    for await (const chunk of response) {
      length += chunk.length
      if (length > maxBytes) throw new Error(`the answer is longer than ${maxBytes} bytes`)
      chunks.push(chunk)
    }
    const { statusCode: status = 0, headers: answered } = response
    return { status, headers: answered, bytes: Buffer.concat(chunks) }
  })
}

/** Runs a request with a limit to its time, and makes whatever ends it an error that names the URL; see {@link httpGet}. */
export async function withinTime<Found>(
  url: string,
  { signal, timeoutMs }: AbortOptions & { readonly timeoutMs: number },
  work: (signal: AbortSignal) => Promise<Found>,
): Promise<Found> {
  const limit = AbortSignal.timeout(timeoutMs)
  try {
    return await work(signal ? AbortSignal.any([signal, limit]) : limit)
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    if (error instanceof P2pShareError) throw error
    const why = limit.aborted ? `no answer within ${timeoutMs / 1000} s` : (error as Error).message
    throw new P2pShareError('ERR_FETCH_FAILED', `Cannot fetch ${url}: ${why}`, { cause: error })
  }
}
