import { P2pShareError } from '../../core/index.ts'
import { failed, readUdpAnswer, type TrackerAnswer } from './tracker-answer.ts'
import type { TrackerAskOptions, TrackerRequest } from './tracker-request.ts'
import { type UdpTracker, udpActions } from './udp-tracker.ts'
import { findUdpTrackers } from './udp-tracker-desk.ts'

const eventNumbers = { completed: 1, started: 2, stopped: 3 }
/** How long the answer over the other address family is waited for. */
const graceMs = 2_000
const maxUrlDataBytes = 1_024

/**
 * Announces over UDP (BEP 15, and BEP 41 for what follows the port), over IPv4 and IPv6 where the tracker has both.
 *
 * @throws {P2pShareError} `ERR_FETCH_FAILED` with the reason alone, `ERR_ADDRESS_NOT_ALLOWED`; aborting rejects with the signal's
 *   reason
 */
export async function announceUdp(
  url: string,
  request: TrackerRequest,
  options: TrackerAskOptions,
): Promise<TrackerAnswer> {
  const { signal } = options
  try {
    const { pathname, search } = new URL(url.replace(/^udp:/i, 'http:'))
    const body = announceBody(request, pathname === '/' ? search : pathname + search)
    return merged(await answersOf(await findUdpTrackers(url, options), body, options))
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    if (error instanceof P2pShareError) throw error
    throw failed((error as Error).message, error)
  }
}

/** All that come until a while after the first; the reason of the first tracker where none comes. */
async function answersOf(
  [first, ...others]: readonly [UdpTracker, ...UdpTracker[]],
  body: Uint8Array,
  options: TrackerAskOptions,
): Promise<readonly TrackerAnswer[]> {
  if (others.length === 0) return [await announceTo(first, body, options)]
  const grace = new AbortController()
  const signal = AbortSignal.any([grace.signal, ...(options.signal ? [options.signal] : [])])
  let timer: NodeJS.Timeout | undefined
  const asked = [first, ...others].map(async tracker => {
    const answer = await announceTo(tracker, body, { ...options, signal })
    timer ??= setTimeout(() => grace.abort(), graceMs)
    return answer
  })
  const settled = await Promise.allSettled(asked)
  clearTimeout(timer)
  const answers = settled.filter(one => one.status === 'fulfilled').map(({ value }) => value)
  if (answers.length > 0) return answers
  throw settled.find(one => one.status === 'rejected')!.reason
}

async function announceTo(
  tracker: UdpTracker,
  body: Uint8Array,
  { timeoutMs, signal }: TrackerAskOptions,
): Promise<TrackerAnswer> {
  const answer = await tracker.ask({ action: udpActions.announce, body, timeoutMs, signal })
  return readUdpAnswer(answer, tracker.family === 6 ? 16 : 4)
}

/** What follows action and transaction in an announce. */
function announceBody(request: TrackerRequest, urlData: string): Buffer {
  const fixed = Buffer.alloc(82)
  fixed.set(request.infoHash, 0)
  fixed.set(request.peerId, 20)
  for (const [at, count] of [
    [40, request.downloaded],
    [48, request.left],
    [56, request.uploaded],
  ] as const)
    fixed.writeBigUInt64BE(BigInt(count), at)
  fixed.writeUInt32BE(request.event ? eventNumbers[request.event] : 0, 64)
  fixed.writeUInt32BE(request.key >>> 0, 72)
  fixed.writeUInt32BE(request.wanted, 76)
  fixed.writeUInt16BE(request.port, 80)
  const options: Uint8Array[] = [fixed]
  const data = Buffer.from(urlData)
  if (data.length > maxUrlDataBytes) throw failed('its URL is too long')
  // BEP 41: an option of URL data holds 255 bytes at most, and more of them are put together.
  for (let at = 0; at < data.length; at += 255) {
    const part = data.subarray(at, at + 255)
    options.push(Buffer.of(2, part.length), part)
  }
  return Buffer.concat(options)
}

function merged(answers: readonly TrackerAnswer[]): TrackerAnswer {
  const [first, ...others] = answers
  const most = (counts: readonly (number | undefined)[]) =>
    counts.reduce((one, other) => (other === undefined ? one : Math.max(one ?? 0, other)), undefined)
  if (others.length === 0) return first!
  return {
    ...first!,
    seeds: most(answers.map(answer => answer.seeds)),
    leeches: most(answers.map(answer => answer.leeches)),
    peers: answers.flatMap(answer => answer.peers),
  }
}
