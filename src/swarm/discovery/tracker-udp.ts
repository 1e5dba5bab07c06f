import { createSocket } from 'node:dgram'
import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { isPublicAddress, P2pShareError, raceAbort } from '../../core/index.ts'
import { failed, readUdpAnswer, reasonOf, type TrackerAnswer } from './tracker-answer.ts'
import type { TrackerAskOptions, TrackerRequest } from './tracker-request.ts'
import { askUdpTracker, udpActions, udpProtocolId } from './udp-tracker.ts'

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
  { allowPrivate, timeoutMs, signal }: TrackerAskOptions,
): Promise<TrackerAnswer> {
  const { hostname, port, pathname, search } = new URL(url.replace(/^udp:/i, 'http:'))
  const limit = AbortSignal.timeout(timeoutMs)
  const grace = new AbortController()
  const end = AbortSignal.any([limit, grace.signal, ...(signal ? [signal] : [])])
  let timer: NodeJS.Timeout | undefined
  try {
    const addresses = await raceAbort(resolve(hostname, allowPrivate), end)
    const body = announceBody(request, pathname === '/' ? search : pathname + search)
    const answers = await Promise.allSettled(
      addresses.map(async address => {
        const answer = await converse(address, Number(port || 80), body, end)
        timer ??= setTimeout(() => grace.abort(), graceMs)
        return answer
      }),
    )
    const good = answers.filter(answer => answer.status === 'fulfilled').map(({ value }) => value)
    if (good.length > 0) return merged(good)
    throw answers.find(answer => answer.status === 'rejected')!.reason
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    if (error instanceof P2pShareError) throw error
    throw failed(limit.aborted ? `no answer within ${timeoutMs / 1_000} s` : (error as Error).message, error)
  } finally {
    clearTimeout(timer)
  }
}

/** One address of each family. */
async function resolve(hostname: string, allowPrivate: boolean): Promise<LookupAddress[]> {
  const found = await lookup(hostname.replace(/^\[(.*)\]$/, '$1'), { all: true })
  const allowed = found.filter(({ address }) => allowPrivate || isPublicAddress(address))
  if (allowed.length === 0)
    throw new P2pShareError('ERR_ADDRESS_NOT_ALLOWED', `${hostname} is at a private address: not contacted`)
  return [4, 6].flatMap(family => allowed.find(address => address.family === family) ?? [])
}

async function converse(
  { address, family }: LookupAddress,
  port: number,
  body: Buffer,
  signal: AbortSignal,
): Promise<TrackerAnswer> {
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4')
  socket.unref()
  try {
    // A connected socket hears nobody else.
    socket.connect(port, address)
    await once(socket, 'connect', { signal })
    const { connect, announce } = udpActions
    const said = { growth: 2, refusal }
    const connecting = { ...said, id: udpProtocolId, action: connect, rest: Buffer.alloc(0) }
    const connected = await askUdpTracker(socket, connecting, signal)
    if (connected.length < 16) throw failed('its answer is too short')
    const announcing = { ...said, id: connected.subarray(8, 16), action: announce, rest: body }
    const answer = await askUdpTracker(socket, announcing, signal)
    return readUdpAnswer(answer, family === 6 ? 16 : 4)
  } finally {
    socket.on('error', () => {})
    socket.close()
  }
}

function refusal(action: number, datagram: Buffer): Error | undefined {
  return action === udpActions.error ? failed(reasonOf(datagram.subarray(8))) : undefined
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
