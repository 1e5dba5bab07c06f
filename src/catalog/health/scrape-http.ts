import { type AbortOptions, BencodeDict, decodeBencode, type Hex, P2pShareError } from '../../core/index.ts'
import { httpGet } from '../../swarm/index.ts'
import type { PeerCount } from './peer-counter.ts'

const maxAnswerBytes = 65_536

export interface ScrapeOptions extends AbortOptions {
  /** Whether trackers at private and loopback addresses are asked. */
  readonly allowPrivateAddresses: boolean
  readonly timeoutMs: number
}

/**
 * Asks a tracker over HTTP (BEP 48).
 *
 * @throws {P2pShareError} `ERR_FETCH_FAILED`, `ERR_ADDRESS_NOT_ALLOWED`, `ERR_INVALID_BENCODE`; aborting rejects with the
 *   signal's reason
 */
export async function scrapeHttp(
  announceUrl: string,
  infoHash: Hex,
  { allowPrivateAddresses, timeoutMs, signal }: ScrapeOptions,
): Promise<PeerCount> {
  const url = scrapeUrl(announceUrl)
  if (url === undefined) throw failed(announceUrl, 'it cannot be scraped')
  const query = `info_hash=${infoHash.replace(/../g, pair => `%${pair}`)}`
  const { bytes } = await httpGet(`${url}${url.includes('?') ? '&' : '?'}${query}`, {
    trust: allowPrivateAddresses ? 'all' : 'public',
    maxBytes: maxAnswerBytes,
    timeoutMs,
    signal,
  })
  const answer = decodeBencode(bytes, { maxItems: 1_000, maxDepth: 10 })
  const files = answer instanceof BencodeDict ? answer.get('files') : undefined
  if (!(files instanceof BencodeDict)) throw failed(announceUrl, 'it tells of no torrents')
  // Some trackers write the info-hash as text, which spoils it; of one torrent there is one answer whatever its key.
  const [only, another] = [...files.entries()].map(([, value]) => value)
  const counts = another === undefined ? only : files.get(Buffer.from(infoHash, 'hex').toString('latin1'))
  if (!(counts instanceof BencodeDict)) return { seeds: 0, leeches: 0 }
  const [seeds, leeches] = [counts.get('complete'), counts.get('incomplete')]
  if (!isCount(seeds) || !isCount(leeches)) throw failed(announceUrl, 'its counts make no sense')
  return { seeds, leeches }
}

/** Where a tracker is scraped: by convention beside where it is announced to. */
function scrapeUrl(announceUrl: string): string | undefined {
  const url = new URL(announceUrl)
  const path = url.pathname.replace(/\/announce([^/]*)$/, '/scrape$1')
  if (path === url.pathname) return undefined
  url.pathname = path
  url.hash = ''
  return url.href
}

export function isCount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 10_000_000
}

function failed(announceUrl: string, why: string): P2pShareError {
  return new P2pShareError('ERR_FETCH_FAILED', `The tracker ${announceUrl} has no answer: ${why}`)
}
