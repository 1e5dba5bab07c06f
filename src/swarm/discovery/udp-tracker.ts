import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:dgram'
import { raceAbort } from '../../core/index.ts'

/** What a connection to a tracker is asked for by (BEP 15), where everything else has its id. */
export const udpProtocolId = Buffer.from('0000041727101980', 'hex')
/** Actions of BEP 15. */
export const udpActions = { connect: 0, announce: 1, scrape: 2, error: 3 } as const

/** A datagram that got no answer is sent again after this. */
const resendMs = 3_000

/** One request to a tracker over UDP. */
export interface UdpTrackerRequest {
  /** 8 bytes: {@link udpProtocolId}, or what the tracker gave for the connection. */
  readonly id: Uint8Array
  readonly action: number
  /** What follows action and transaction. */
  readonly rest: Uint8Array
  /** How many times as long the wait is after each time that it is sent. */
  readonly growth: number
  /** Why an answer is no good, where it is not. */
  readonly refusal: (action: number, datagram: Buffer) => Error | undefined
}

/**
 * Sends a request on a connected socket until it is answered; what answers another one, or has another action and is not
 * refused, is passed over. Rejects with the refusal, an error of the socket, or the signal's reason.
 */
export async function askUdpTracker(
  socket: Socket,
  { id, action, rest, growth, refusal }: UdpTrackerRequest,
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
    const refused = refusal(said, datagram)
    if (refused) answered.reject(refused)
    else if (said === action) answered.resolve(datagram)
  }
  let resend: NodeJS.Timeout | undefined
  const send = (waitMs: number) => {
    socket.send(request, error => error && answered.reject(error))
    resend = setTimeout(send, waitMs, waitMs * growth)
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
