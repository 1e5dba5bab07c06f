import { lookup } from 'node:dns'
import type { IncomingMessage } from 'node:http'
import type { LookupFunction } from 'node:net'
import { type AbortOptions, isPublicAddress, P2pShareError } from '../core/index.ts'

/**
 * Which addresses may be contacted. `public`: none that is private or loopback. `host`: as for a URL that a person typed: its
 * own host may be at any address, what it redirects to must be public. `all`: private addresses are asked for.
 */
export type HttpTrust = 'public' | 'host' | 'all'

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
  readonly bytes: Uint8Array
}

const maxRedirects = 5

/**
 * Fetches over HTTP or HTTPS. Each redirect, and each address that a host name resolves to, is checked before it is contacted.
 *
 * @throws {P2pShareError} `ERR_FETCH_FAILED`, `ERR_ADDRESS_NOT_ALLOWED`; aborting ends the request with the signal's reason
 */
export async function httpGet(url: string, options: HttpGetOptions): Promise<HttpBody> {
  const { trust, signal, timeoutMs } = options
  const limit = AbortSignal.timeout(timeoutMs)
  const either = signal ? AbortSignal.any([signal, limit]) : limit
  let next = url
  for (let count = 0; count <= maxRedirects; count++) {
    const isTrusted = trust === 'all' || (trust === 'host' && hostOf(next) === hostOf(url))
    const found = await request(next, isTrusted, options, either).catch((error: Error) => {
      if (signal?.aborted) throw signal.reason
      if (error instanceof P2pShareError) throw error
      const why = limit.aborted ? `no answer within ${timeoutMs / 1000} s` : error.message
      throw new P2pShareError('ERR_FETCH_FAILED', `Cannot fetch ${next}: ${why}`, { cause: error })
    })
    if ('bytes' in found) return found
    next = found.redirect
  }
  throw new P2pShareError('ERR_FETCH_FAILED', `Cannot fetch ${url}: more than ${maxRedirects} redirects`)
}

async function request(
  url: string,
  allowPrivate: boolean,
  { headers, maxBytes }: HttpGetOptions,
  signal: AbortSignal,
): Promise<HttpBody | { redirect: string }> {
  const { protocol, hostname } = new URL(url)
  if (protocol !== 'http:' && protocol !== 'https:') throw new Error(`${protocol} is not HTTP`)
  if (!allowPrivate && !isPublicAddress(hostname)) throw notAllowed(url)
  const { get } = protocol === 'https:' ? await import('node:https') : await import('node:http')
  const answered = Promise.withResolvers<IncomingMessage>()
  const all = { 'user-agent': 'p2pshare', ...headers }
  get(url, { signal, headers: all, lookup: allowPrivate ? lookup : publicLookup(url) }, answered.resolve).on(
    'error',
    answered.reject,
  )
  const response = await answered.promise
  const { statusCode: status = 0 } = response
  const { location } = response.headers
  if (status >= 300 && status < 400 && location) {
    response.destroy()
    return { redirect: new URL(location, url).href }
  }
  if (status !== 200 && status !== 206) {
    response.destroy()
    throw new Error(`the server answered ${status}`)
  }
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response) {
    length += chunk.length
    if (length > maxBytes) throw new Error(`the answer is longer than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return { status, bytes: Buffer.concat(chunks) }
}

function hostOf(url: string): string {
  return new URL(url).host
}

/** Resolves a name as usual, but hands on no address that is not public, so that a name cannot stand in for one. */
function publicLookup(url: string): LookupFunction {
  return (hostname, options, done) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, '', 0)
      const found = addresses.filter(({ address }) => isPublicAddress(address))
      const [first] = found
      if (!first) return done(notAllowed(url), '', 0)
      if (options.all) done(null, found)
      else done(null, first.address, first.family)
    })
  }
}

function notAllowed(url: string): P2pShareError {
  const message = `${url} leads to a private address: not contacted unless private addresses are allowed`
  return new P2pShareError('ERR_ADDRESS_NOT_ALLOWED', message)
}
