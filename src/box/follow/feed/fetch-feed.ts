import { type AbortOptions, P2pShareError } from '../../../core/index.ts'
import { HttpAnswerError, httpGet } from '../../../swarm/index.ts'
import { type Feed, readFeed } from './read-feed.ts'

/** A feed, and what to ask with the next time. */
export interface FetchedFeed {
  readonly feed: Feed
  readonly etag: string
  readonly lastModified: string
}

const timeoutMs = 30_000
const maxBytes = 5_000_000
const maxTagLength = 300

/**
 * Fetches a feed unless it is as it was. A person wrote its address, so that it may be one of their own network; what it redirects
 * to may not.
 *
 * @param known what it came with the last time, each empty where nothing did
 * @returns `undefined` where nothing has changed
 * @throws {P2pShareError} `ERR_FETCH_FAILED`, `ERR_ADDRESS_NOT_ALLOWED`, `ERR_INVALID_FEED`
 */
export async function fetchFeed(
  url: string,
  known: { readonly etag: string; readonly lastModified: string },
  { signal }: AbortOptions,
): Promise<FetchedFeed | undefined> {
  const headers = {
    accept: 'application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1',
    ...(known.etag !== '' && { 'if-none-match': known.etag }),
    ...(known.lastModified !== '' && { 'if-modified-since': known.lastModified }),
  }
  try {
    const answer = await httpGet(url, { trust: 'host', headers, maxBytes, timeoutMs, signal })
    return {
      feed: readFeed(textOf(answer.bytes), url),
      etag: tagOf(answer.headers.etag),
      lastModified: tagOf(answer.headers['last-modified']),
    }
  } catch (error) {
    const { cause } = error as Error
    if (cause instanceof HttpAnswerError && cause.status === 304) return undefined
    throw error
  }
}

/** A tag that would not go into a header again is none. */
function tagOf(header: string | undefined): string {
  return header !== undefined && header.length <= maxTagLength && /^[\x20-\x7e]+$/.test(header) ? header : ''
}

function textOf(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 200)).toString('latin1')
  const isWide = bytes[0] === 0xff || bytes[0] === 0xfe
  const declared = /^<\?xml[^>]*\sencoding\s*=\s*["']([\w-]{1,30})["']/.exec(start)?.[1]
  const label = isWide ? (bytes[0] === 0xff ? 'utf-16le' : 'utf-16be') : (declared ?? 'utf-8')
  try {
    return new TextDecoder(label).decode(bytes)
  } catch (cause) {
    throw new P2pShareError('ERR_INVALID_FEED', `This is no feed: it is written in ${label}`, { cause })
  }
}
