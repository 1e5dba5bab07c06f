import { lookup } from 'node:dns'
import type { IncomingMessage } from 'node:http'
import type { LookupFunction } from 'node:net'
import { type AbortOptions, isPublicAddress, maxTorrentBytes, P2pShareError } from '../core/index.ts'

export interface FetchOptions extends AbortOptions {
  /**
   * `public`: private and loopback addresses are not contacted. `host`: as for a URL that a person typed: its own host may
   * be at any address, what it redirects to must be public. `all`: private addresses are asked for.
   */
  readonly trust: 'public' | 'host' | 'all'
}

const maxRedirects = 5
const timeoutMs = 30_000

/**
 * Fetches a .torrent over HTTP. Each redirect, and each address that a host name resolves to, is checked before it is
 * contacted; the body may have 10 MB, the whole may take 30 s.
 *
 * @throws {P2pShareError} `ERR_FETCH_FAILED`, `ERR_ADDRESS_NOT_ALLOWED`, `ERR_TORRENT_TOO_LARGE`
 */
export async function fetchTorrent(url: string, { trust, signal }: FetchOptions): Promise<Uint8Array> {
  const limit = AbortSignal.timeout(timeoutMs)
  const either = signal ? AbortSignal.any([signal, limit]) : limit
  let next = url
  for (let count = 0; count <= maxRedirects; count++) {
    const isTrusted = trust === 'all' || (trust === 'host' && hostOf(next) === hostOf(url))
    const found = await request(next, isTrusted, either).catch((error: Error) => {
      if (signal?.aborted || error instanceof P2pShareError) throw signal?.aborted ? signal.reason : error
      const why = limit.aborted ? `no answer within ${timeoutMs / 1000} s` : error.message
      throw new P2pShareError('ERR_FETCH_FAILED', `Cannot fetch ${next}: ${why}`, { cause: error })
    })
    if (found instanceof Uint8Array) return found
    next = found.redirect
  }
  throw new P2pShareError('ERR_FETCH_FAILED', `Cannot fetch ${url}: more than ${maxRedirects} redirects`)
}

async function request(
  url: string,
  allowPrivate: boolean,
  signal: AbortSignal,
): Promise<Uint8Array | { redirect: string }> {
  const { protocol, hostname } = new URL(url)
  if (protocol !== 'http:' && protocol !== 'https:') throw new Error(`${protocol} is not HTTP`)
  if (!allowPrivate && !isPublicAddress(hostname)) throw notAllowed(url)
  const { get } = protocol === 'https:' ? await import('node:https') : await import('node:http')
  const answered = Promise.withResolvers<IncomingMessage>()
  const headers = { 'user-agent': 'p2pshare', accept: 'application/x-bittorrent, */*;q=0.1' }
  get(url, { signal, headers, lookup: allowPrivate ? lookup : publicLookup(url) }, answered.resolve).on(
    'error',
    answered.reject,
  )
  const response = await answered.promise
  const { statusCode = 0 } = response
  const { location } = response.headers
  if (statusCode >= 300 && statusCode < 400 && location) {
    response.destroy()
    return { redirect: new URL(location, url).href }
  }
  if (statusCode !== 200) {
    response.destroy()
    throw new Error(`the server answered ${statusCode}`)
  }
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response) {
    length += chunk.length
    if (length > maxTorrentBytes)
      throw new P2pShareError('ERR_TORRENT_TOO_LARGE', `${url} is larger than 10 MB`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
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
