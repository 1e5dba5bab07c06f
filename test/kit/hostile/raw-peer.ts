import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Hex } from '../../../src/core/index.ts'
import type { Owner } from '../owner.ts'
import { helloLength, isHello, numbers } from './speech.ts'

/** An address on this machine that is not the one where honest peers are, so that a ban by address meets the right one. */
export const hostileHost = '127.0.0.66'

const messagesKept = 10_000

export interface RawMessage {
  readonly id: number
  readonly body: Buffer
}

/** What the other side's handshake said. */
export interface TheirHello {
  readonly infoHash: Hex
  readonly peerId: Buffer
  readonly reserved: Buffer
}

/** A connection to a peer that says whatever a test wants, and understands enough to be rude at the right moment. */
export class RawPeer {
  readonly socket: Socket
  /** Resolves when the connection has ended, whoever ended it. */
  readonly ended: Promise<void>
  /** Their handshake; rejects where the connection ends before, or where it begins with something else. */
  readonly hello: Promise<TheirHello>
  readonly #hello = Promise.withResolvers<TheirHello>()
  readonly #heard: RawMessage[] = []
  readonly #waiting: { id: number; found: PromiseWithResolvers<Buffer> }[] = []
  #onMessage: ((message: RawMessage) => void) | undefined
  #buffer: Buffer = Buffer.alloc(0)
  #hasHello = false
  #bytesHeard = 0

  constructor(socket: Socket) {
    this.socket = socket
    this.hello = this.#hello.promise
    this.hello.catch(() => {})
    socket.on('error', () => {})
    socket.on('data', chunk => this.#take(chunk))
    this.ended = new Promise(resolve => {
      socket.once('close', () => {
        const reason = new Error('The connection has ended')
        this.#hello.reject(reason)
        for (const { found } of this.#waiting) found.reject(reason)
        resolve()
      })
    })
  }

  /** Connects to `host:port` from an address of its own on this machine. */
  static async dial(owner: Owner, address: string, from = hostileHost): Promise<RawPeer> {
    const [host, port] = address.split(':')
    const socket = connect({ host: host!, port: Number(port), localAddress: from })
    owner.teardown(() => void socket.destroy())
    const peer = new RawPeer(socket)
    await once(socket, 'connect')
    return peer
  }

  /** Whether nothing can be said any more. */
  get isOver(): boolean {
    return this.socket.destroyed
  }

  get bytesHeard(): number {
    return this.#bytesHeard
  }

  say(...parts: readonly Uint8Array[]): void {
    if (!this.isOver) this.socket.write(parts.length === 1 ? parts[0]! : Buffer.concat(parts))
  }

  /** Says it, and waits until the system took it or the connection ended. */
  async sayAll(bytes: Uint8Array): Promise<void> {
    if (this.isOver) return
    await Promise.race([this.ended, new Promise(resolve => this.socket.write(bytes, resolve))])
  }

  /** The body of the next message of a kind, one heard already counted. Rejects when the connection ends. */
  next(id: number): Promise<Buffer> {
    const at = this.#heard.findIndex(heard => heard.id === id)
    if (at >= 0) return Promise.resolve(this.#heard.splice(at, 1)[0]!.body)
    const found = Promise.withResolvers<Buffer>()
    if (this.isOver) found.reject(new Error('The connection has ended'))
    else this.#waiting.push({ id, found })
    return found.promise
  }

  /** Has every message given to `onMessage`, what was heard already first. */
  listen(onMessage: (message: RawMessage) => void): void {
    this.#onMessage = onMessage
    for (const heard of this.#heard.splice(0)) onMessage(heard)
  }

  destroy(): void {
    this.socket.destroy()
  }

  #take(chunk: Buffer): void {
    this.#bytesHeard += chunk.length
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk])
    if (!this.#hasHello && !this.#takeHello()) return
    for (;;) {
      if (this.#buffer.length < 4) return
      const length = this.#buffer.readUInt32BE(0)
      if (this.#buffer.length < 4 + length) return
      const bytes = this.#buffer.subarray(4, 4 + length)
      this.#buffer = this.#buffer.subarray(4 + length)
      if (length > 0) this.#hear({ id: bytes[0]!, body: Buffer.from(bytes.subarray(1)) })
    }
  }

  /** Whoever begins with anything but a plain handshake, an encrypted one say, is hung up on. */
  #takeHello(): boolean {
    const bytes = this.#buffer
    if (bytes.length >= 20 && !isHello(bytes)) this.socket.destroy()
    if (bytes.length < helloLength || this.isOver) return false
    this.#hasHello = true
    this.#buffer = bytes.subarray(helloLength)
    this.#hello.resolve({
      infoHash: bytes.subarray(28, 48).toString('hex'),
      peerId: Buffer.from(bytes.subarray(48, helloLength)),
      reserved: Buffer.from(bytes.subarray(20, 28)),
    })
    return true
  }

  #hear(heard: RawMessage): void {
    const at = this.#waiting.findIndex(({ id }) => id === heard.id)
    if (at >= 0) this.#waiting.splice(at, 1)[0]!.found.resolve(heard.body)
    else if (this.#onMessage) this.#onMessage(heard)
    else if (this.#heard.length < messagesKept) this.#heard.push(heard)
  }
}

/** Listens for peers on a host of this machine. Answers the address; who connects is given to `onPeer`. */
export async function listenRaw(
  owner: Owner,
  onPeer: (peer: RawPeer) => void,
  host = hostileHost,
): Promise<string> {
  const open = new Set<Socket>()
  const server = createServer(socket => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    onPeer(new RawPeer(socket))
  }).listen(0, host)
  await once(server, 'listening')
  owner.teardown(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  return `${host}:${(server.address() as AddressInfo).port}`
}

/** What a request names. */
export function readRequest(body: Buffer): { piece: number; begin: number; length: number } | undefined {
  if (body.length !== numbers(0, 0, 0).length) return undefined
  return { piece: body.readUInt32BE(0), begin: body.readUInt32BE(4), length: body.readUInt32BE(8) }
}
