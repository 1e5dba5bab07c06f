import type { IncomingMessage, Server } from 'node:http'
import { createServer } from 'node:http'
import { type AddressInfo, isIPv6, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { HttpBindings } from '@hono/node-server'
import { P2pShareError } from '../core/index.ts'

export interface ListenOptions {
  /** Name or address. @default 127.0.0.1 */
  readonly host?: string | undefined
  /** 0 takes any free one. */
  readonly port: number
  /** For the head of a request, in milliseconds. @default 15_000 */
  readonly headersTimeoutMs?: number | undefined
  /** For a whole request. @default 60_000 */
  readonly requestTimeoutMs?: number | undefined
  /** How long a connection may be silent, a request under way or not. @default 30_000 */
  readonly idleTimeoutMs?: number | undefined
  /** How long a connection is kept for the next request. @default 10_000 */
  readonly keepAliveTimeoutMs?: number | undefined
  /** @default 16_384 */
  readonly maxHeaderBytes?: number | undefined
  /** Those beyond are closed at once. @default 1_000 */
  readonly maxConnections?: number | undefined
  /** How long closing waits for requests under way. @default 5_000 */
  readonly closeTimeoutMs?: number | undefined
  /** Takes over connections that ask for another protocol, such as WebSocket; without it they are closed. */
  readonly onUpgrade?: ((request: IncomingMessage, socket: Duplex, head: Buffer) => void) | undefined
}

export interface Listening {
  /** Where it can be reached from this machine, without a slash at its end. */
  readonly url: string
  readonly host: string
  readonly port: number
  /** Ends after the requests under way, at most `closeTimeoutMs` later. May be called again. */
  close(): Promise<void>
}

/** Answers a request; `incoming` and `outgoing` are Node's own sides of it. */
export type Fetch = (request: Request, env: HttpBindings) => Response | Promise<Response>

/**
 * Serves HTTP with every timeout and bound set.
 *
 * @throws {P2pShareError} `ERR_PORT_TAKEN`; `ERR_INVALID_ARGUMENT` where the address is none of this machine
 */
export async function listen(fetch: Fetch, options: ListenOptions): Promise<Listening> {
  const { getRequestListener } = await import('@hono/node-server')
  const { host = '127.0.0.1', maxHeaderBytes = 16_384, closeTimeoutMs = 5_000, onUpgrade } = options
  const server = createServer({
    maxHeaderSize: maxHeaderBytes,
    headersTimeout: options.headersTimeoutMs ?? 15_000,
    requestTimeout: options.requestTimeoutMs ?? 60_000,
    keepAliveTimeout: options.keepAliveTimeoutMs ?? 10_000,
    connectionsCheckingInterval: 2_000,
  })
  const answer = getRequestListener((request, env) => fetch(request, env as HttpBindings), {
    hostname: host,
    overrideGlobalObjects: false,
  })
  server.timeout = options.idleTimeoutMs ?? 30_000
  server.maxConnections = options.maxConnections ?? 1_000
  server.maxHeadersCount = 100
  server.on('upgrade', (request, socket, head) => {
    // Node leaves the errors of such a socket to whoever takes it.
    socket.on('error', () => socket.destroy())
    if (onUpgrade) onUpgrade(request, socket, head)
    else socket.destroy()
  })
  const sockets = new Set<Socket>()
  const heard = new WeakSet<Socket>()
  server.on('request', (incoming, outgoing) => {
    heard.add(incoming.socket)
    void answer(incoming, outgoing)
  })
  server.on('connection', socket => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  const port = await bind(server, host, options.port)
  let closing: Promise<void> | undefined
  return {
    url: `http://${reachable(host)}:${port}`,
    host,
    port,
    close() {
      // To Node a connection without a request so far is not idle.
      for (const socket of sockets) if (!heard.has(socket)) socket.destroy()
      closing ??= close(server, sockets, closeTimeoutMs)
      return closing
    },
  }
}

function bind(server: Server, host: string, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  server.once('error', (error: NodeJS.ErrnoException) => reject(bindError(error, host, port)))
  server.listen({ host, port, exclusive: true }, () => resolve((server.address() as AddressInfo).port))
  return promise
}

function bindError(error: NodeJS.ErrnoException, host: string, port: number): P2pShareError {
  const cause = { cause: error }
  switch (error.code) {
    case 'EADDRINUSE':
      return new P2pShareError('ERR_PORT_TAKEN', `Port ${port} of ${host} is taken: choose another`, cause)
    case 'EACCES':
      return new P2pShareError(
        'ERR_PORT_TAKEN',
        `Port ${port} needs more rights: choose one above 1023`,
        cause,
      )
    default:
      return new P2pShareError('ERR_INVALID_ARGUMENT', `Cannot listen on ${host}: ${error.message}`, cause)
  }
}

async function close(server: Server, sockets: ReadonlySet<Socket>, timeoutMs: number): Promise<void> {
  const closed = Promise.withResolvers<void>()
  server.close(() => closed.resolve())
  // A connection whose request ends only now would be kept for the next one.
  const sweep = setInterval(() => server.closeIdleConnections(), 50)
  const give = setTimeout(() => {
    for (const socket of sockets) socket.destroy()
  }, timeoutMs)
  await closed.promise
  clearInterval(sweep)
  clearTimeout(give)
}

function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return isIPv6(host) ? `[${host}]` : host
}
