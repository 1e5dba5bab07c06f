import { createSocket, type Socket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { type Hex, isPublicAddress, P2pShareError, raceAbort } from '../../core/index.ts'
import { askUdpTracker, type UdpTrackerRequest, udpActions, udpProtocolId } from '../../swarm/index.ts'
import type { PeerCount } from './peer-counter.ts'
import { isCount, type ScrapeOptions } from './scrape-http.ts'

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
    const { connect, scrape } = udpActions
    const connected = await askUdpTracker(
      socket,
      request(udpProtocolId, connect, Buffer.alloc(0), 16),
      either,
    )
    const id = connected.subarray(8, 16)
    const asked = request(id, scrape, Buffer.from(infoHash, 'hex'), 20)
    const counts = await askUdpTracker(socket, asked, either)
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

/** Whatever is no answer of at least that length is a refusal. */
function request(id: Uint8Array, action: number, rest: Uint8Array, minLength: number): UdpTrackerRequest {
  const refusal = (said: number, { length }: Buffer) =>
    said === action && length >= minLength ? undefined : new Error('it refused')
  return { id, action, rest, growth: 1, refusal }
}
