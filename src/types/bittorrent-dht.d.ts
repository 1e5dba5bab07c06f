// What is used of bittorrent-dht 11.0.12, beyond its public documentation where our own rules stand in front of its
// store. The version is pinned; test/swarm/discovery/dht.test.ts fails if a seam moves.
declare module 'bittorrent-dht' {
  import { EventEmitter } from 'node:events'
  import type { AddressInfo } from 'node:net'

  interface DatagramSocket extends EventEmitter {
    bind(port: number, host: string): void
    address(): AddressInfo
    send(
      bytes: Uint8Array,
      offset: number,
      length: number,
      port: number,
      host: string,
      done: (error: Error | null) => void,
    ): void
    close(): void
  }

  type Verify = (signature: Uint8Array, signed: Uint8Array, publicKey: Uint8Array) => boolean

  interface StoredItem {
    readonly v: Uint8Array
    readonly k?: Uint8Array
    readonly sig?: Uint8Array
    readonly seq?: number
  }

  interface MutablePut {
    readonly k: Buffer
    readonly salt?: Buffer
    readonly seq: number
    readonly v: Buffer
    readonly sig: Buffer
  }

  interface KnownNode {
    readonly id: Uint8Array
    readonly host: string
    readonly port: number
    /** When it was last heard of, milliseconds since 1970. */
    readonly seen?: number
  }

  type PeerHeard = (
    peer: { host: string; port: number },
    infoHash: Buffer,
    from: { address: string } | null,
  ) => void

  export default class DHT extends EventEmitter {
    constructor(options?: {
      bootstrap?: boolean | readonly string[]
      socket?: DatagramSocket
      verify?: Verify
      nodeId?: Buffer
    })
    readonly ready: boolean
    readonly nodeId: Buffer
    readonly nodes: { count(): number; toArray(): KnownNode[] }
    readonly _tables: { remove(target: string): void }
    readonly _values: {
      peek(target: string): StoredItem | undefined
      set(target: string, item: StoredItem): void
      remove(target: string): void
    }
    listen(port: number, host: string, onListening?: () => void): void
    address(): { address: string; port: number }
    get(
      target: Buffer,
      options: { cache: false; salt?: Buffer; verify: Verify },
      done: (error: Error | null, item?: StoredItem | null) => void,
    ): void
    addNode(node: { id?: Buffer; host: string; port: number }): void
    announce(infoHash: Buffer, port: number, done: (error: Error | null, count?: number) => void): void
    on(event: 'peer', listener: PeerHeard): this
    on(event: string, listener: () => void): this
    lookup(infoHash: Buffer, done: (error: Error | null) => void): () => void
    put(item: MutablePut, done: (error: Error | null, target?: Buffer, count?: number) => void): void
    _put(item: MutablePut, done: (error: Error | null, target?: Buffer, count?: number) => void): void
    destroy(done?: () => void): void
  }

  export type { StoredItem, Verify }
}
