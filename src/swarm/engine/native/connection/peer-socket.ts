import { connect, type Socket } from 'node:net'
import { platform } from 'node:os'

/** Takes bytes as they arrive; they are only lent, and overwritten after the call. */
export type BytesSink = (chunk: Buffer, length: number) => void

const receiveBufferLength = 256 * 1024
/**
 * Read and consumed within one turn of the loop, so that all connections of a process share one buffer; where the system fills
 * buffers ahead of time each has its own.
 */
let sharedBuffer: Buffer | undefined

function receiveBuffer(): Buffer {
  if (platform() === 'win32') return Buffer.allocUnsafeSlow(64 * 1024)
  sharedBuffer ??= Buffer.allocUnsafeSlow(receiveBufferLength)
  return sharedBuffer
}

/** A TCP connection to a peer: bytes to whoever reads at the moment, and an end that is told of once. */
export class PeerSocket {
  readonly socket: Socket
  readonly isIncoming: boolean
  #sink: BytesSink | undefined
  #onClose: ((reason: string) => void) | undefined
  #closed: string | undefined
  /** What arrived before anybody read: at most one read's worth, since the socket is paused then. */
  #early: Buffer | undefined
  #isPaused = false
  receivedBytes = 0
  /** When it was last begun to be read from. */
  resumedAtMs = performance.now()

  private constructor(socket: Socket, isIncoming: boolean) {
    this.socket = socket
    this.isIncoming = isIncoming
    // Requests go out in batches already; waiting for more costs 40 ms before a block.
    socket.setNoDelay(true)
    socket.on('error', error => this.#end(error.message))
    socket.on('end', () => this.#end('the peer hung up'))
    socket.on('close', () => this.#end('closed'))
  }

  static dial(host: string, port: number, onConnect: () => void): PeerSocket {
    const buffer = receiveBuffer()
    const callback = (length: number): boolean => {
      wrapped.#take(buffer, length)
      return !wrapped.#isPaused
    }
    const socket: Socket = connect({ host, port, onread: { buffer, callback } }, onConnect)
    const wrapped: PeerSocket = new PeerSocket(socket, false)
    return wrapped
  }

  static accepted(socket: Socket): PeerSocket {
    const wrapped = new PeerSocket(socket, true)
    socket.on('data', (chunk: Buffer) => wrapped.#take(chunk, chunk.length))
    return wrapped
  }

  /** Whether it is not read from, so that silence is not the peer's. */
  get isPaused(): boolean {
    return this.#isPaused
  }

  get isClosed(): boolean {
    return this.#closed !== undefined
  }

  /** Has all that arrives from now on given to `sink`; what arrived meanwhile comes first. */
  read(sink: BytesSink): void {
    this.#sink = sink
    const early = this.#early
    this.#early = undefined
    // First of all: the sink may pause it again.
    if (!this.isClosed) this.resume()
    if (early && !this.isClosed) sink(early, early.length)
  }

  /** Calls back once when the connection has ended, whoever ended it. */
  whenClosed(onClose: (reason: string) => void): void {
    this.#onClose = onClose
    if (this.#closed !== undefined) queueMicrotask(() => onClose(this.#closed!))
  }

  pause(): void {
    if (this.#isPaused) return
    this.#isPaused = true
    this.socket.pause()
  }

  resume(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.resumedAtMs = performance.now()
    this.socket.resume()
  }

  write(bytes: Uint8Array, onFlushed?: () => void): void {
    if (this.isClosed) onFlushed?.()
    else this.socket.write(bytes, onFlushed && (() => onFlushed()))
  }

  /** Ends the connection; `reason` is what {@link whenClosed} hears. */
  destroy(reason: string): void {
    this.#end(reason)
  }

  #take(chunk: Buffer, length: number): void {
    if (this.isClosed) return
    this.receivedBytes += length
    if (this.#sink) {
      this.#sink(chunk, length)
      return
    }
    this.#early = Buffer.concat([this.#early ?? Buffer.alloc(0), chunk.subarray(0, length)])
    this.pause()
  }

  #end(reason: string): void {
    if (this.#closed !== undefined) return
    this.#closed = reason
    this.#sink = undefined
    this.socket.destroy()
    this.#onClose?.(reason)
  }
}
