// What we use of bittorrent-tracker 11.2.3: its server behind our own checks, its client to ask other trackers, and both
// in tests. The version is pinned; test/catalog/server/tracker.test.ts fails if a seam moves.
declare module 'bittorrent-tracker' {
  import type { Socket } from 'node:dgram'
  import { EventEmitter } from 'node:events'
  import type { Server as HttpServer, IncomingMessage } from 'node:http'
  import type { Duplex } from 'node:stream'

  /** A socket of ws, with what the tracker keeps on it. */
  interface TrackerSocket extends EventEmitter {
    upgradeReq: TrackerRequest
    peerId: string | null
    infoHashes: string[] | null
    onMessageBound: ((message: string) => void) | null
    send(message: string, done?: (error?: Error) => void): void
    ping(): void
    terminate(): void
    close(code: number): void
  }

  /** As much of a request as the tracker looks at. */
  interface TrackerRequest {
    readonly url?: string
    readonly headers: Readonly<Record<string, string>>
    readonly connection: { readonly remoteAddress: string; readonly remotePort?: number }
  }

  interface TrackerPeer {
    readonly type: string
    readonly ip: string
    readonly socket: TrackerSocket | null | undefined
  }

  interface TrackerSwarm {
    readonly complete: number
    readonly incomplete: number
    readonly peers: {
      readonly length: number
      readonly keys: string[]
      peek(id: string): TrackerPeer | undefined
    }
    announce(params: { type: 'ws'; event: 'stopped'; numwant: 0; peer_id: string }): void
  }

  interface ServerOptions {
    http?: boolean
    udp?: boolean
    ws?: boolean | { noServer: true; maxPayload: number }
    stats?: boolean
    /** Milliseconds. */
    interval?: number
    peersCacheLength?: number
    /** Milliseconds. */
    peersCacheTtl?: number
    filter?: (infoHash: string, params: unknown, done: (error?: Error | null) => void) => void
  }

  export class Server extends EventEmitter {
    constructor(options?: ServerOptions)
    readonly http: HttpServer | null
    udp4: Socket | null
    readonly ws: {
      handleUpgrade(
        request: IncomingMessage,
        socket: Duplex,
        head: Buffer,
        done: (socket: TrackerSocket) => void,
      ): void
    } | null
    readonly torrents: Record<string, TrackerSwarm>
    listen(port: number, host: { http?: string; udp?: string; udp6?: string }, onListening?: () => void): void
    close(done?: () => void): void
    onHttpRequest(request: TrackerRequest, response: { end(body: Uint8Array): void }): void
    onUdpRequest(message: Buffer, from: { address: string; port: number; family: string }): void
    onWebSocketConnection(socket: TrackerSocket): void
  }

  interface ClientOptions {
    infoHash: string
    peerId: Uint8Array | string
    announce: string | string[]
    port: number
    wrtc?: object | false
  }

  export interface ScrapeAnswer {
    readonly announce: string
    readonly infoHash: string
    readonly complete?: unknown
    readonly incomplete?: unknown
  }

  export default class Client extends EventEmitter {
    constructor(options: ClientOptions)
    start(options?: { left?: number; numwant?: number }): void
    complete(options?: { left?: number }): void
    update(options?: { left?: number }): void
    stop(): void
    scrape(): void
    destroy(done?: () => void): void
  }

  export type { TrackerPeer, TrackerSocket, TrackerSwarm }
}
