// The parts of untyped packages that only the tests use.

declare module 'bittorrent-tracker' {
  import type { Socket } from 'node:dgram'
  import { EventEmitter } from 'node:events'
  import type { Server as HttpServer } from 'node:http'

  export class Server extends EventEmitter {
    constructor(options?: { http?: boolean; udp?: boolean; ws?: boolean; stats?: boolean; interval?: number })
    readonly http: HttpServer | null
    readonly udp4: Socket | null
    listen(port: number, host: { http?: string; udp?: string; udp6?: string }, onListening?: () => void): void
    close(done?: () => void): void
  }
}

declare module 'bittorrent-dht' {
  import { EventEmitter } from 'node:events'

  export default class DHT extends EventEmitter {
    constructor(options?: { bootstrap?: boolean | string[] })
    listen(port: number, host: string, onListening?: () => void): void
    address(): { address: string; port: number }
    destroy(done?: () => void): void
  }
}
