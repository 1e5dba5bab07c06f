import { isIP } from 'node:net'
import {
  BencodeDict,
  BencodeList,
  type BencodeValue,
  decodeBencode,
  P2pShareError,
  visibleName,
} from '../../core/index.ts'
import { formatAddress } from '../peer-address/address.ts'
import { compactV4Length, compactV6Length, readCompactAddress } from '../peer-address/compact-address.ts'

/** What a tracker said to an announce, checked and bounded. */
export interface TrackerAnswer {
  /** When it wants to be asked again, 30 s to a day. */
  readonly intervalMs: number

  readonly seeds: number | undefined
  readonly leeches: number | undefined
  /** `host:port`, 1,000 at most. */
  readonly peers: readonly string[]
  /** To be sent with the next announce (BEP 3). */
  readonly trackerId: Uint8Array | undefined
  readonly warning: string | undefined
}

const decoding = { maxDepth: 8, maxItems: 50_000 }
const minIntervalMs = 30_000
const maxIntervalMs = 24 * 3_600_000
const usualIntervalMs = 30 * 60_000
const maxPeers = 1_000
const maxTrackerIdBytes = 256
const maxReasonBytes = 200

/**
 * Reads what came over HTTP: BEP 3, compact peers of BEP 23 and BEP 7. What is of the wrong type counts as not there.
 *
 * @throws {P2pShareError} `ERR_FETCH_FAILED` where it is no answer, with the tracker's reason where it gives one
 */
export function readHttpAnswer(body: Uint8Array): TrackerAnswer {
  const answer = decoded(body)
  const failure = textOf(answer.get('failure reason'))
  if (failure !== undefined) throw failed(failure)
  const trackerId = answer.get('tracker id')
  return {
    intervalMs: readInterval(answer.get('interval'), answer.get('min interval')),
    seeds: countOf(answer.get('complete')),
    leeches: countOf(answer.get('incomplete')),
    peers: [
      ...readPeers(answer.get('peers'), compactV4Length),
      ...readPeers(answer.get('peers6'), compactV6Length),
    ].slice(0, maxPeers),
    trackerId:
      trackerId instanceof Uint8Array && trackerId.length <= maxTrackerIdBytes ? trackerId : undefined,
    warning: textOf(answer.get('warning message')),
  }
}

/**
 * Reads what came over UDP in answer to an announce (BEP 15), action and transaction checked already.
 *
 * @param addressBytes 4 or 16, by the family of the socket
 */
export function readUdpAnswer(datagram: Buffer, addressBytes: 4 | 16): TrackerAnswer {
  if (datagram.length < 20) throw failed('its answer is too short')
  return {
    intervalMs: readInterval(datagram.readUInt32BE(8), undefined),
    leeches: countOf(datagram.readUInt32BE(12)),
    seeds: countOf(datagram.readUInt32BE(16)),
    peers: readPeers(datagram.subarray(20), addressBytes + 2).slice(0, maxPeers),
    trackerId: undefined,
    warning: undefined,
  }
}

/** A reason that a tracker gave, as it can be shown. */
export function reasonOf(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.subarray(0, maxReasonBytes)).toString('utf8')
  return visibleName(text.trim()) || 'it refused without a reason'
}

export function failed(reason: string, cause?: unknown): P2pShareError {
  return new P2pShareError('ERR_FETCH_FAILED', reason, { cause })
}

function decoded(body: Uint8Array): BencodeDict {
  let answer: BencodeValue
  try {
    answer = decodeBencode(body, decoding)
  } catch (error) {
    throw failed('what it said is no answer of a tracker', error)
  }
  if (!(answer instanceof BencodeDict)) throw failed('what it said is no answer of a tracker')
  return answer
}

function readInterval(interval: BencodeValue | undefined, shortest: BencodeValue | undefined): number {
  const least = typeof shortest === 'number' ? clamped(shortest) : minIntervalMs
  const wished = typeof interval === 'number' && interval > 0 ? clamped(interval) : usualIntervalMs
  return Math.max(wished, least)
}

function clamped(seconds: number): number {
  return Math.min(Math.max(seconds * 1_000, minIntervalMs), maxIntervalMs)
}

function readPeers(peers: BencodeValue | undefined, length: number): string[] {
  if (peers instanceof BencodeList) return readDictionaries(peers)
  if (!(peers instanceof Uint8Array)) return []
  const found: string[] = []
  const end = Math.min(peers.length - (peers.length % length), maxPeers * length)
  for (let at = 0; at < end; at += length) {
    const address = readCompactAddress(peers.subarray(at, at + length))
    if (address !== undefined) found.push(address)
  }
  return found
}

/** Peers as BEP 3 has them, each a dictionary; those that are named and not numbered are left out. */
function readDictionaries(peers: BencodeList): string[] {
  const found: string[] = []
  let seen = 0
  for (const peer of peers) {
    if (++seen > maxPeers) break
    if (!(peer instanceof BencodeDict)) continue
    const [ip, port] = [peer.get('ip'), peer.get('port')]
    if (!(ip instanceof Uint8Array) || ip.length > 45) continue
    const host = Buffer.from(ip)
      .toString('latin1')
      .replace(/^\[(.*)\]$/, '$1')
      .toLowerCase()
    const family = host.includes('%') ? 0 : isIP(host)
    if (family === 0 || typeof port !== 'number' || port < 1 || port > 65_535) continue
    found.push(formatAddress({ host, port }))
  }
  return found
}

function countOf(value: BencodeValue | undefined): number | undefined {
  return typeof value === 'number' && value >= 0 ? value : undefined
}

function textOf(value: BencodeValue | undefined): string | undefined {
  return value instanceof Uint8Array && value.length > 0 ? reasonOf(value) : undefined
}
