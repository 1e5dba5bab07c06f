import { randomBytes } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { type Hex, isPublicAddress, P2pShareError, raceAbort } from '../../core/index.ts'
import type { PeerCount } from './peer-counter.ts'
import { isCount, type ScrapeOptions } from './scrape-http.ts'

const protocolId = Buffer.from('0000041727101980', 'hex')
const actions = { connect: 0, scrape: 2 }
/** A datagram that got no answer is sent again after this. */
const resendMs = 3_000

/**
 * Asks a tracker over UDP (BEP 15).
 *
 * @throws {P2pShareError} `ERR_FETCH_FAILED`, `ERR_ADDRESS_NOT_ALLOWED`; aborting rejects with the signal's reason
 */
export async function scrapeUdp(
  announceUrl: string,
  infoHash: Hex,
  { allowPrivateAddresses, timeoutMs, signal }: ScrapeOptions,
): Promise<PeerCount> {
  const { hostname, port } = new URL(announceUrl.replace(/^udp:/, 'http:'))
  const limit = AbortSignal.timeout(timeoutMs)
  const either = signal ? AbortSignal.any([signal, limit]) : limit
  let socket: Socket | undefined
  try {
    const found = await raceAbort(resolve(hostname, allowPrivateAddresses), either)
    socket = createSocket(found.family === 6 ? 'udp6' : 'udp4')
    socket.connect(Number(port || 80), found.address)
    await once(socket, 'connect', { signal: either })
    const connected = await ask(socket, protocolId, actions.connect, Buffer.alloc(0), 16, either)
    const id = connected.subarray(8, 16)
    const counts = await ask(socket, id, actions.scrape, Buffer.from(infoHash, 'hex'), 20, either)
    const [seeds, leeches] = [counts.readUInt32BE(8), counts.readUInt32BE(16)]
    if (!isCount(seeds) || !isCount(leeches)) throw new Error('its counts make no sense')
    return { seeds, leeches }
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    if (error instanceof P2pShareError) throw error
    const why = limit.aborted ? `nothing within ${timeoutMs / 1_000} s` : (error as Error).message
    throw new P2pShareError('ERR_FETCH_FAILED', `The tracker ${announceUrl} has no answer: ${why}`, {
      cause: error,
    })
  } finally {
    // Closing fails on a socket that was never bound; nothing is left of that either.
    socket?.on('error', () => {})
    socket?.close()
  }
}

async function resolve(
  hostname: string,
  allowPrivate: boolean,
): Promise<{ address: string; family: number }> {
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  const addresses = await lookup(host, { all: true })
  const allowed = addresses.find(({ address }) => allowPrivate || isPublicAddress(address))
  if (allowed) return allowed
  throw new P2pShareError('ERR_ADDRESS_NOT_ALLOWED', `The tracker ${host} is at a private address: not asked`)
}

/** Sends a request until it is answered; what answers another one is passed over. */
async function ask(
  socket: Socket,
  id: Uint8Array,
  action: number,
  rest: Uint8Array,
  minLength: number,
  signal: AbortSignal,
): Promise<Buffer> {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(action)
  randomBytes(4).copy(head, 4)
  const request = Buffer.concat([id, head, rest])
  const answered = Promise.withResolvers<Buffer>()
  const onMessage = (datagram: Buffer) => {
    if (datagram.length < 8 || !datagram.subarray(4, 8).equals(head.subarray(4))) return
    if (datagram.readUInt32BE(0) === action && datagram.length >= minLength) answered.resolve(datagram)
    else answered.reject(new Error('it refused'))
  }
  socket.on('message', onMessage)
  socket.on('error', answered.reject)
  const send = () => socket.send(request, error => error && answered.reject(error))
  const resend = setInterval(send, resendMs)
  try {
    send()
    return await raceAbort(answered.promise, signal)
  } finally {
    clearInterval(resend)
    socket.off('message', onMessage)
    socket.off('error', answered.reject)
  }
}
