import { connect, type OnReadOpts, Socket, type SocketConstructorOpts } from 'node:net'
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
  #isCorked = false
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
    return PeerSocket.#reading(false, onread => connect({ host, port, onread }, onConnect))
  }

  static accepted(socket: Socket): PeerSocket {
    const lent = PeerSocket.#reading(true, onread => withReadBuffer(socket, onread))
    if (lent) return lent
    const wrapped = new PeerSocket(socket, true)
    socket.on('data', (chunk: Buffer) => wrapped.#take(chunk, chunk.length))
    return wrapped
  }

  static #reading<S extends Socket | undefined>(isIncoming: boolean, open: (onread: OnReadOpts) => S) {
    const buffer = receiveBuffer()
    let wrapped: PeerSocket
    const callback = (length: number): boolean => {
      wrapped.#take(buffer, length)
      return !wrapped.#isPaused
    }
    const socket = open({ buffer, callback })
    if (socket) wrapped = new PeerSocket(socket, isIncoming)
    return wrapped!
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

  /** Whatever is written in one turn goes out together at its end: most messages are small, and each call to the system costs more. */
  write(bytes: Uint8Array, onFlushed?: () => void): void {
    if (this.isClosed) {
      onFlushed?.()
      return
    }
    if (!this.#isCorked) {
      this.#isCorked = true
      this.socket.cork()
      queueMicrotask(this.#uncork)
    }
    this.socket.write(bytes, onFlushed && (() => onFlushed()))
  }

  readonly #uncork = () => {
    this.#isCorked = false
    this.socket.uncork()
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

/**
 * The same connection as a socket that reads into a buffer of ours. Node offers that for sockets that it dials (`onread`), and
 * allocates 64 KiB for each read of those that it accepts: among many peers most of what the garbage collector does. `undefined`
 * where a version of Node keeps the handle elsewhere.
 */
function withReadBuffer(accepted: Socket, onread: OnReadOpts): Socket | undefined {
  const owner = accepted as unknown as { _handle?: object | null }
  const handle = owner._handle
  if (!handle || !('useUserBuffer' in handle)) return undefined
  owner._handle = null
  const socket = new Socket({ handle, onread, allowHalfOpen: false } as unknown as SocketConstructorOpts)
  accepted.destroy()
  return socket
}
