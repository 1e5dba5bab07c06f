import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Server } from 'bittorrent-tracker'
import { encodeBencode, type Hex } from '../../core/index.ts'
import { RateLimiter } from '../../http/index.ts'
import { ListedCache } from './tracker/listed.ts'
import { readAnnounce, readScrape } from './tracker/query.ts'
import { TrackerRefusal } from './tracker/refusal.ts'
import { SocketDesk } from './tracker/socket-desk.ts'
import { maxMessageBytes } from './tracker/socket-message.ts'
import { SwarmTable } from './tracker/swarm-table.ts'
import { openUdp } from './tracker/udp-socket.ts'

export interface SiteTrackerInit {
  /** Whether a torrent may be announced, by its info-hash of 40 digits; without it every torrent may. */
  readonly isListed?: ((infoHash: Hex) => Promise<boolean>) | undefined
  /** Where datagrams are answered; without it there is no UDP. Port 0 takes any. */
  readonly udp?: { readonly host: string; readonly port: number } | undefined
  /** Whether WebTorrent peers are served. @default true */
  readonly webSockets?: boolean | undefined
  /** How often peers are told to announce; over WebSockets five times as often. @default 15 minutes */
  readonly intervalMs?: number | undefined
  /** @default 20_000 */
  readonly maxSwarms?: number | undefined
  /** Of all swarms together. @default 200_000 */
  readonly maxPeers?: number | undefined
}

/** A frozen snapshot. */
export interface SiteTrackerStats {
  readonly swarms: number
  readonly peers: number
  readonly sockets: number
}

const sweepMs = 60_000
const peersPerSwarm = 2_000

/**
 * A tracker within the site: announces and scrapes over HTTP and WebSocket on the site's own port, over UDP on one of its
 * own. What peers send is read by us before bittorrent-tracker keeps and answers it.
 */
export class SiteTracker {
  readonly #server: Server
  readonly #sockets: SocketDesk
  readonly #table: SwarmTable
  readonly #requests = new RateLimiter({ burst: 600, perSecond: 10 })
  readonly #servesSockets: boolean
  readonly #intervalMs: number
  readonly #timer: NodeJS.Timeout
  #udpPort: number | undefined
  #isStopped = false

  private constructor(server: Server, init: SiteTrackerInit & { intervalMs: number }) {
    this.#server = server
    this.#sockets = new SocketDesk(server)
    this.#servesSockets = init.webSockets ?? true
    this.#intervalMs = init.intervalMs
    const { maxSwarms = 20_000, maxPeers = 200_000 } = init
    this.#table = new SwarmTable(server.torrents, { maxSwarms, maxPeers })
    for (const event of ['start', 'update', 'complete', 'stop', 'pause'])
      server.on(event, (_, { info_hash }: { info_hash: Hex }) => this.#table.heard(info_hash))
    // Of bad requests; who sent them has been told already.
    for (const event of ['warning', 'error']) server.on(event, () => {})
    this.#timer = setInterval(() => {
      this.#table.sweep()
      this.#sockets.checkAlive()
    }, sweepMs)
    this.#timer.unref()
  }

  /** @throws {P2pShareError} `ERR_PORT_TAKEN` where the UDP port is taken */
  static async start(init: SiteTrackerInit = {}): Promise<SiteTracker> {
    const { Server } = await import('bittorrent-tracker')
    const { isListed, intervalMs = 15 * 60_000 } = init
    const listed = isListed && new ListedCache(isListed)
    const server = new Server({
      http: false,
      udp: false,
      stats: false,
      ws: { noServer: true, maxPayload: maxMessageBytes },
      interval: intervalMs,
      peersCacheLength: peersPerSwarm,
      peersCacheTtl: intervalMs * 2 + 60_000,
      filter: (infoHash, _, done) => {
        if (!listed) return done(null)
        listed.has(infoHash).then(
          has => done(has ? null : new Error('this tracker does not know the torrent')),
          () => done(new Error('the tracker cannot look the torrent up now')),
        )
      },
    })
    const tracker = new SiteTracker(server, { ...init, intervalMs })
    if (init.udp) {
      try {
        tracker.#udpPort = (await openUdp(server, init.udp)).address().port
      } catch (error) {
        await tracker.stop()
        throw error
      }
    }
    return tracker
  }

  /** What torrents name the tracker by, given the address of the site that it is part of. */
  announceUrls(siteUrl: string): readonly string[] {
    const { origin, hostname } = new URL(siteUrl)
    return [
      `${origin}/announce`,
      ...(this.#udpPort === undefined ? [] : [`udp://${hostname}:${this.#udpPort}/announce`]),
      ...(this.#servesSockets ? [`${origin.replace(/^http/, 'ws')}/announce`] : []),
    ]
  }

  /**
   * Answers `/announce` (BEP 3) and `/scrape` (BEP 48). Refusals are answers too, as their protocol wants it.
   *
   * @param address of the peer: of the connection, or what a trusted proxy says
   */
  async answer(request: Request, address: string): Promise<Response> {
    const { pathname, search } = new URL(request.url)
    const query = search.slice(1)
    try {
      if (this.#isStopped) throw new TrackerRefusal('the tracker is stopping')
      const peer = peerAddress(address)
      if (this.#requests.take(peer) > 0) throw new TrackerRefusal('too many requests')
      return plain(pathname === '/scrape' ? this.#scrape(query) : await this.#announce(query, peer))
    } catch (error) {
      if (!(error instanceof TrackerRefusal)) throw error
      return plain(encodeBencode({ 'failure reason': error.message }))
    }
  }

  /** Takes over a WebSocket of `/announce`; the socket is closed where the tracker serves none. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, address: string): void {
    try {
      if (this.#isStopped || !this.#servesSockets) throw new TrackerRefusal('no WebSockets here')
      this.#sockets.upgrade(request, socket, head, peerAddress(address))
    } catch (error) {
      if (!(error instanceof TrackerRefusal)) throw error
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n')
    }
  }

  /** Seeds and leeches that announce a torrent here now; `undefined` where nobody does. */
  counts(infoHash: Hex): { readonly seeds: number; readonly leeches: number } | undefined {
    const swarm = this.#server.torrents[infoHash]
    return swarm && { seeds: swarm.complete, leeches: swarm.incomplete }
  }

  stats(): SiteTrackerStats {
    const { swarmCount: swarms, peerCount: peers } = this.#table
    return Object.freeze({ swarms, peers, sockets: this.#sockets.count })
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return
    this.#isStopped = true
    clearInterval(this.#timer)
    this.#sockets.close()
    await new Promise<void>(resolve => this.#server.close(resolve))
  }

  #announce(query: string, address: string): Promise<Uint8Array> {
    const url = `/announce?${readAnnounce(query)}`
    const answered = Promise.withResolvers<Uint8Array>()
    this.#server.onHttpRequest(
      { url, headers: {}, connection: { remoteAddress: address } },
      { end: (body = new Uint8Array()) => answered.resolve(body) },
    )
    return answered.promise
  }

  /** The library's own answer writes info-hashes as UTF-8, which other clients cannot read. */
  #scrape(query: string): Uint8Array {
    const files = new Map(
      readScrape(query).map(infoHash => {
        const { complete = 0, incomplete = 0 } = this.#server.torrents[infoHash] ?? {}
        return [infoHash, { complete, downloaded: complete, incomplete }]
      }),
    )
    return encodeBencode({
      files: new Map([...files].map(([infoHash, counts]) => [Buffer.from(infoHash, 'hex'), counts])),
      flags: { min_request_interval: Math.ceil(this.#intervalMs / 1_000) },
    })
  }
}

function peerAddress(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  if (isIP(plain) === 0) throw new TrackerRefusal('your address is not known')
  return plain
}

function plain(body: Uint8Array): Response {
  return new Response(new Uint8Array(body), {
    headers: { 'content-type': 'text/plain', 'cache-control': 'no-store' },
  })
}
