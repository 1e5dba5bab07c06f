import { createSocket, type Socket } from 'node:dgram'
import { isIP } from 'node:net'
import type { Server } from 'bittorrent-tracker'
import { P2pShareError } from '../../../core/index.ts'
import { RateLimiter } from '../../../http/index.ts'
import { DatagramGate } from './datagram.ts'

/**
 * Answers UDP trackers' datagrams (BEP 15). Over IPv4 only: the library answers IPv6 in a form that no client reads.
 *
 * @throws {P2pShareError} `ERR_PORT_TAKEN`, or `ERR_INVALID_ARGUMENT` for an IPv6 address
 */
export async function openUdp(
  server: Server,
  { host, port }: { host: string; port: number },
): Promise<Socket> {
  if (isIP(host) === 6 && host !== '::')
    throw new P2pShareError(
      'ERR_INVALID_ARGUMENT',
      `The UDP tracker takes an IPv4 address, not ${host}: switch it off, or choose one`,
    )
  const socket = createSocket({ type: 'udp4' })
  const bound = Promise.withResolvers<void>()
  socket.once('error', bound.reject)
  socket.bind({ port, address: host === '::' ? '0.0.0.0' : host, exclusive: true }, bound.resolve)
  try {
    await bound.promise
  } catch (error) {
    const message = `The tracker cannot listen on UDP port ${port} of ${host}: ${(error as Error).message}`
    throw new P2pShareError('ERR_PORT_TAKEN', message, { cause: error })
  }
  socket.off('error', bound.reject)
  // An ICMP error of a peer that went away.
  socket.on('error', () => {})
  const gate = new DatagramGate()
  const rate = new RateLimiter({ burst: 600, perSecond: 10 })
  socket.on('message', (datagram, from) => {
    if (rate.take(from.address) > 0) return
    const answer = gate.receive(datagram, from)
    if (!answer) return
    if ('reply' in answer) socket.send(answer.reply, from.port, from.address, () => {})
    else server.onUdpRequest(answer.accepted, from)
  })
  server.udp4 = socket
  return socket
}
