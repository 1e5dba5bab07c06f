import { lookup } from 'node:dns'
import type { Agent, IncomingMessage } from 'node:http'
import type { LookupFunction } from 'node:net'
import { isPublicAddress, P2pShareError } from '../core/index.ts'

/**
 * Which addresses may be contacted. `public`: none that is private or loopback. `host`: as for a URL that a person typed: its
 * own host may be at any address, what it redirects to must be public. `all`: private addresses are asked for.
 */
export type HttpTrust = 'public' | 'host' | 'all'

export interface HttpOpenOptions {
  readonly trust: HttpTrust
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Ends the request, and the answer while it is read. */
  readonly signal: AbortSignal
  /** A connection on which nothing moves for so long is ended. @default never */
  readonly idleMs?: number | undefined
}

/** An answer that is of no use. */
export class HttpAnswerError extends Error {
  readonly status: number
  /** When the server wants to be asked again, if it says so; an hour at most. */
  readonly retryAfterMs: number | undefined

  constructor(status: number, message: string, retryAfterMs?: number) {
    super(message)
    this.status = status
    this.retryAfterMs = retryAfterMs
  }
}

const maxRedirects = 5
const maxRetryAfterSeconds = 3_600
/** As Node's own agent has it. */
const keptOpenMs = 5_000
/** Connections kept open to one server while nothing is asked. */
const maxKeptOpen = 4

/**
 * Connections stay open for the next request, those that may lead to private addresses apart from the others: a name that was
 * checked for one request must not lead another, for which it was not, past its check.
 */
const agents = new Map<string, Agent>()

/**
 * Sends a GET over HTTP or HTTPS and hands out the answer, of status 200 or 206, when its headers are there; its body is still to
 * be read. Each redirect, and each address that a host name resolves to, is checked before it is contacted.
 *
 * @throws {P2pShareError} `ERR_ADDRESS_NOT_ALLOWED`
 * @throws {HttpAnswerError} for every other status; and errors of the network as they are
 */
export async function openHttp(url: string, options: HttpOpenOptions): Promise<IncomingMessage> {
  const { trust } = options
  let next = url
  for (let count = 0; count <= maxRedirects; count++) {
    const isTrusted = trust === 'all' || (trust === 'host' && hostOf(next) === hostOf(url))
    const response = await request(next, isTrusted, options)
    const { statusCode: status = 0 } = response
    if (status === 200 || status === 206) return response
    response.destroy()
    const { location } = response.headers
    if (status < 300 || status >= 400 || !location)
      throw new HttpAnswerError(status, `the server answered ${status}`, retryAfterMs(response))
    next = new URL(location, next).href
  }
  throw new Error(`more than ${maxRedirects} redirects`)
}

async function request(
  url: string,
  allowPrivate: boolean,
  options: HttpOpenOptions,
): Promise<IncomingMessage> {
  const { protocol, hostname } = new URL(url)
  if (protocol !== 'http:' && protocol !== 'https:') throw new Error(`${protocol} is not HTTP`)
  if (!allowPrivate && !isPublicAddress(hostname)) throw notAllowed(url)
  const { get, Agent: ProtocolAgent } =
    protocol === 'https:' ? await import('node:https') : await import('node:http')
  const key = `${protocol}${allowPrivate}`
  let agent = agents.get(key)
  if (!agent) {
    agent = new ProtocolAgent({
      keepAlive: true,
      scheduling: 'lifo',
      timeout: keptOpenMs,
      maxFreeSockets: maxKeptOpen,
    })
    agents.set(key, agent)
  }
  const { signal, headers, idleMs } = options
  const send = (over: Agent | false): Promise<IncomingMessage> => {
    const answered = Promise.withResolvers<IncomingMessage>()
    let received: IncomingMessage | undefined
    const sent = get(
      url,
      {
        signal,
        agent: over,
        headers: { 'user-agent': 'p2pshare', ...headers },
        lookup: allowPrivate ? lookup : publicLookup(url),
        ...(idleMs === undefined ? {} : { timeout: idleMs }),
      },
      response => {
        received = response
        answered.resolve(response)
      },
    )
    sent.on('timeout', () => {
      if (idleMs === undefined) return
      const stream = received ?? sent
      stream.destroy(new Error(`nothing came for ${idleMs / 1000} s`))
    })
    sent.on('error', (error: NodeJS.ErrnoException) => {
      // The server closed a connection that was kept open just as it was used again.
      const isStale = sent.reusedSocket && error.code === 'ECONNRESET' && !signal.aborted
      if (isStale && over !== false) send(false).then(answered.resolve, answered.reject)
      else answered.reject(error)
    })
    return answered.promise
  }
  return send(agent)
}

function retryAfterMs({ headers }: IncomingMessage): number | undefined {
  const seconds = /^\d{1,9}$/.exec(headers['retry-after'] ?? '')?.[0]
  return seconds === undefined ? undefined : Math.min(Number(seconds), maxRetryAfterSeconds) * 1000
}

function hostOf(url: string): string {
  return new URL(url).host
}

/** Resolves a name as usual, but hands on no address that is not public, so that a name cannot stand in for one. */
function publicLookup(url: string): LookupFunction {
  return (hostname, options, done) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, '', 0)
      const found = addresses.filter(({ address }) => isPublicAddress(address))
      const [first] = found
      if (!first) return done(notAllowed(url), '', 0)
      if (options.all) done(null, found)
      else done(null, first.address, first.family)
    })
  }
}

function notAllowed(url: string): P2pShareError {
  const message = `${url} leads to a private address: not contacted unless private addresses are allowed`
  return new P2pShareError('ERR_ADDRESS_NOT_ALLOWED', message)
}
