import { randomBytes } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { isPublicAddress, P2pShareError, raceAbort } from '../../core/index.ts'
import { failed, readUdpAnswer, reasonOf, type TrackerAnswer } from './tracker-answer.ts'
import type { TrackerAskOptions, TrackerRequest } from './tracker-request.ts'

const protocolId = Buffer.from('0000041727101980', 'hex')
const actions = { connect: 0, announce: 1, error: 3 }
const eventNumbers = { completed: 1, started: 2, stopped: 3 }
/** A datagram that got no answer is sent again after this, and twice as long after each time. */
const resendMs = 3_000
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
    const connected = await ask(socket, protocolId, actions.connect, Buffer.alloc(0), signal)
    if (connected.length < 16) throw failed('its answer is too short')
    const answer = await ask(socket, connected.subarray(8, 16), actions.announce, body, signal)
    return readUdpAnswer(answer, family === 6 ? 16 : 4)
  } finally {
    socket.on('error', () => {})
    socket.close()
  }
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

/** Sends a request until it is answered; what answers another one is passed over. */
async function ask(
  socket: Socket,
  id: Uint8Array,
  action: number,
  rest: Uint8Array,
  signal: AbortSignal,
): Promise<Buffer> {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(action)
  randomBytes(4).copy(head, 4)
  const request = Buffer.concat([id, head, rest])
  const answered = Promise.withResolvers<Buffer>()
  const onMessage = (datagram: Buffer) => {
    if (datagram.length < 8 || !datagram.subarray(4, 8).equals(head.subarray(4))) return
    const said = datagram.readUInt32BE(0)
    if (said === action) answered.resolve(datagram)
    else if (said === actions.error) answered.reject(failed(reasonOf(datagram.subarray(8))))
  }
  let resend: NodeJS.Timeout | undefined
  const send = (waitMs: number) => {
    socket.send(request, error => error && answered.reject(error))
    resend = setTimeout(send, waitMs, waitMs * 2)
  }
  socket.on('message', onMessage)
  socket.on('error', answered.reject)
  try {
    send(resendMs)
    return await raceAbort(answered.promise, signal)
  } finally {
    clearTimeout(resend)
    socket.off('message', onMessage)
    socket.off('error', answered.reject)
  }
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
