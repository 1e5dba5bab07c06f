import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Server, TrackerPeer, TrackerSocket } from 'bittorrent-tracker'
import type { Hex } from '../../../core/index.ts'
import { RateLimiter } from '../../../http/index.ts'
import { TrackerRefusal } from './refusal.ts'
import { readSocketMessage, type SocketMessage } from './socket-message.ts'

const maxSockets = 5_000
const maxSocketsPerAddress = 100
const maxAnnouncedPerSocket = 1_000

interface Held {
  readonly address: string
  /** What was announced here: info-hash and peer id, with a space between. */
  readonly announced: Set<string>
  isAlive: boolean
}

/** The WebSockets of a tracker: taken in, counted, and listened to before the library is. */
export class SocketDesk {
  readonly #server: Server
  readonly #held = new Map<TrackerSocket, Held>()
  readonly #byAddress = new Map<string, number>()
  readonly #messages = new RateLimiter({ burst: 100, perSecond: 10 })

  constructor(server: Server) {
    this.#server = server
  }

  get count(): number {
    return this.#held.size
  }

  /** Takes an upgrade over; `address` is the peer's, as far as it is believed. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, address: string): void {
    const isFull =
      this.#held.size >= maxSockets || (this.#byAddress.get(address) ?? 0) >= maxSocketsPerAddress
    if (isFull) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n')
      return
    }
    const { remotePort } = request.socket
    this.#server.ws!.handleUpgrade(request, socket, head, opened => {
      opened.upgradeReq = {
        headers: {},
        connection: { remoteAddress: address, ...(remotePort === undefined ? {} : { remotePort }) },
      }
      this.#hold(opened, address)
    })
  }

  /** Asks every socket whether it is still there; closes those that did not answer the last time. */
  checkAlive(): void {
    for (const [socket, held] of this.#held) {
      if (!held.isAlive) socket.terminate()
      held.isAlive = false
      socket.ping()
    }
  }

  close(): void {
    for (const socket of this.#held.keys()) socket.terminate()
  }

  #hold(socket: TrackerSocket, address: string): void {
    const held: Held = { address, announced: new Set(), isAlive: true }
    this.#held.set(socket, held)
    this.#byAddress.set(address, (this.#byAddress.get(address) ?? 0) + 1)
    this.#server.onWebSocketConnection(socket)
    // What the library would read by itself passes our own reader first.
    const deliver = socket.onMessageBound!
    socket.off('message', deliver)
    socket.on('message', (data: Buffer) => this.#receive(socket, held, data.toString(), deliver))
    socket.on('pong', () => {
      held.isAlive = true
    })
    socket.once('close', () => this.#release(socket, held))
  }

  /** The library forgets the first peer of a connection only; clients of one program share one. */
  #release(socket: TrackerSocket, { address, announced }: Held): void {
    if (!this.#held.delete(socket)) return
    const left = this.#byAddress.get(address)! - 1
    if (left > 0) this.#byAddress.set(address, left)
    else this.#byAddress.delete(address)
    for (const pair of announced) {
      const [infoHash = '', peerId = ''] = pair.split(' ')
      if (this.#peerOf(infoHash, peerId)?.socket === socket) this.#forget(infoHash, peerId)
    }
  }

  #receive(socket: TrackerSocket, held: Held, text: string, deliver: (message: string) => void): void {
    if (!socket.onMessageBound) return
    held.isAlive = true
    let message: SocketMessage | undefined
    try {
      if (this.#messages.take(held.address) > 0) throw new TrackerRefusal('too many requests')
      message = readSocketMessage(text)
      if (message.action === 'announce') this.#admit(socket, held, message)
      deliver(JSON.stringify(message))
    } catch (error) {
      if (!(error instanceof TrackerRefusal)) throw error
      const { action, info_hash } = message ?? {}
      socket.send(JSON.stringify({ action, info_hash, 'failure reason': error.message }), () => {})
    }
  }

  /** Lets nobody speak in the name of another's peer. */
  #admit(
    socket: TrackerSocket,
    { address, announced }: Held,
    { peer_id, info_hash }: Extract<SocketMessage, { action: 'announce' }>,
  ): void {
    const [infoHash, peerId] = [hexOf(info_hash), hexOf(peer_id)]
    const pair = `${infoHash} ${peerId}`
    if (announced.size >= maxAnnouncedPerSocket && !announced.has(pair))
      throw new TrackerRefusal(`more than ${maxAnnouncedPerSocket} torrents on one connection`)
    const known = this.#peerOf(infoHash, peerId)
    if (known?.socket && known.socket !== socket) {
      if (known.ip !== address) throw new TrackerRefusal('the peer_id is in use')
      // Its own earlier connection, which has not been found dead yet.
      this.#forget(infoHash, peerId)
    }
    announced.add(pair)
  }

  #peerOf(infoHash: Hex, peerId: Hex): TrackerPeer | undefined {
    return this.#server.torrents[infoHash]?.peers.peek(peerId)
  }

  #forget(infoHash: Hex, peerId: Hex): void {
    this.#server.torrents[infoHash]?.announce({ type: 'ws', event: 'stopped', numwant: 0, peer_id: peerId })
  }
}

function hexOf(bytes: string): Hex {
  return Buffer.from(bytes, 'latin1').toString('hex')
}
