import { randomInt } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { raceAbort } from '../../core/index.ts'
import { failed, reasonOf } from './tracker-answer.ts'

/** Actions of BEP 15 that are asked for. */
export const udpActions = { announce: 1, scrape: 2 } as const

export interface UdpTrackerInit {
  readonly address: string
  readonly family: number
  readonly port: number
  /** Told once nobody has asked anything for a minute and its socket is closed. */
  readonly onIdle?: (() => void) | undefined
}

export interface UdpQuestion {
  /** One of {@link udpActions}. */
  readonly action: number
  /** What follows action and transaction. */
  readonly body: Uint8Array
  readonly timeoutMs: number
  /** Aborting rejects with its reason. */
  readonly signal?: AbortSignal | undefined
}

interface Connection {
  readonly id: Uint8Array
  /** Monotonic, as it was given. */
  readonly fromMs: number
}

interface Exchange extends Omit<UdpQuestion, 'timeoutMs'> {
  readonly waitMs: number
}

interface Waiting {
  readonly action: number
  readonly resolve: (datagram: Buffer | undefined) => void
  readonly reject: (error: Error) => void
}

/** What a connection is asked for by, where everything else has its id. */
const protocolId = Buffer.from('0000041727101980', 'hex')
const connectAction = 0
const errorAction = 3
const connectLength = 16
/** A datagram that got no answer is sent again after this, and after twice as long each time that follows. */
const resendMs = 3_000
/** For how long a connection may be used. */
const connectionMs = 60_000
const idleMs = 60_000

/**
 * A tracker that is asked over UDP (BEP 15), at one address: one socket and one connection serve everything that it is asked.
 * Its socket keeps no process alive.
 */
export class UdpTracker {
  readonly #init: UdpTrackerInit
  readonly #waiting = new Map<number, Waiting>()
  #socket: Promise<Socket> | undefined
  #connecting: Promise<Connection | undefined> | undefined
  #known: Connection | undefined
  #heardMs = 0
  #idle: NodeJS.Timeout | undefined

  constructor(init: UdpTrackerInit) {
    this.#init = init
  }

  /** 4 or 6. */
  get family(): number {
    return this.#init.family
  }

  get isBusy(): boolean {
    return this.#waiting.size > 0
  }

  /**
   * Sends a question until it is answered: the whole datagram is the answer. What answers nothing that was asked is passed over.
   *
   * @throws {P2pShareError} `ERR_FETCH_FAILED` with the reason alone, that of the tracker where it gave one; errors of the socket
   */
  async ask({ action, body, timeoutMs, signal }: UdpQuestion): Promise<Buffer> {
    const beganMs = performance.now()
    const endMs = beganMs + timeoutMs
    for (let waitMs = resendMs; ; waitMs *= 2) {
      const leftMs = endMs - performance.now()
      if (leftMs <= 0) throw failed(`no answer within ${timeoutMs / 1_000} s`)
      const connection = await raceAbort(this.#connection(Math.min(waitMs, leftMs)), signal)
      if (!connection) continue
      const boundMs = Math.min(waitMs, endMs - performance.now())
      const answer = await this.#exchange(connection.id, { action, body, waitMs: boundMs, signal })
      if (answer?.readUInt32BE(0) === action) return answer
      // A tracker that was started anew knows nothing of a connection of before.
      const isOwn = connection.fromMs >= beganMs
      if (answer && isOwn) throw failed(reasonOf(answer.subarray(8)))
      if (this.#known === connection) this.#known = undefined
    }
  }

  close(): void {
    clearTimeout(this.#idle)
    this.#idle = undefined
    this.#known = undefined
    const socket = this.#socket
    this.#socket = undefined
    void socket?.then(
      open => open.close(),
      () => {},
    )
    for (const { resolve } of this.#waiting.values()) resolve(undefined)
  }

  /** `undefined` where the tracker said nothing for so long. Who asks meanwhile waits for the same. */
  async #connection(waitMs: number): Promise<Connection | undefined> {
    if (this.#known && performance.now() < this.#known.fromMs + connectionMs) return this.#known
    this.#connecting ??= this.#connect(waitMs).finally(() => {
      this.#connecting = undefined
    })
    return this.#connecting
  }

  async #connect(waitMs: number): Promise<Connection | undefined> {
    const answer = await this.#exchange(protocolId, { action: connectAction, body: new Uint8Array(), waitMs })
    if (!answer) return undefined
    if (answer.readUInt32BE(0) === errorAction) throw failed(reasonOf(answer.subarray(8)))
    if (answer.length < connectLength) throw failed('its answer is too short')
    this.#known = { id: answer.subarray(8, connectLength), fromMs: performance.now() }
    return this.#known
  }

  async #exchange(id: Uint8Array, { action, body, waitMs, signal }: Exchange): Promise<Buffer | undefined> {
    const opening = this.#open()
    const socket = await raceAbort(opening, signal)
    const { promise, resolve, reject } = Promise.withResolvers<Buffer | undefined>()
    let transaction: number
    do transaction = randomInt(2 ** 32)
    while (this.#waiting.has(transaction))
    const head = Buffer.allocUnsafe(8)
    head.writeUInt32BE(action, 0)
    head.writeUInt32BE(transaction, 4)
    const sentMs = performance.now()
    const timer = setTimeout(resolve, waitMs, undefined)
    this.#waiting.set(transaction, { action, resolve, reject })
    try {
      if (this.#socket === opening) socket.send([id, head, body], error => error && reject(error))
      else resolve(undefined)
      const answer = await raceAbort(promise, signal)
      // A socket that hears nothing at all may be of an address that this machine no longer has.
      if (!answer && this.#heardMs < sentMs && this.#socket === opening) this.close()
      return answer
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(transaction)
    }
  }

  #open(): Promise<Socket> {
    this.#idle ??= setTimeout(() => this.#rest(), idleMs).unref()
    this.#idle.refresh()
    this.#socket ??= this.#connectSocket()
    return this.#socket
  }

  async #connectSocket(): Promise<Socket> {
    const { address, family, port } = this.#init
    const socket = createSocket(family === 6 ? 'udp6' : 'udp4')
    socket.unref()
    try {
      // A connected socket hears nobody else.
      socket.connect(port, address)
      await once(socket, 'connect')
    } catch (error) {
      this.#socket = undefined
      // Closing fails on a socket that was never bound; nothing is left of that either.
      socket.on('error', () => {})
      socket.close()
      throw error
    }
    socket.on('message', datagram => this.#hear(datagram))
    socket.on('error', error => {
      for (const { reject } of this.#waiting.values()) reject(error)
    })
    return socket
  }

  #hear(datagram: Buffer): void {
    if (datagram.length < 8) return
    const waiting = this.#waiting.get(datagram.readUInt32BE(4))
    const action = datagram.readUInt32BE(0)
    if (!waiting || (action !== waiting.action && action !== errorAction)) return
    this.#heardMs = performance.now()
    waiting.resolve(datagram)
  }

  #rest(): void {
    if (this.isBusy) return void this.#idle?.refresh()
    this.close()
    this.#init.onIdle?.()
  }
}
