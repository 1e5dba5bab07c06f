import type { Negotiated } from '../../src/swarm/engine/native/connection/negotiate.ts'
import type { BytesSink, PeerSocket } from '../../src/swarm/engine/native/connection/peer-socket.ts'
import { Peer } from '../../src/swarm/engine/native/torrent/peer.ts'

/** A message as it went out. */
export interface Said {
  readonly id: number
  /** The numbers of its body: a piece, or piece, offset and length. */
  readonly numbers: readonly number[]
  readonly body: Buffer
}

export interface StubPeerInit {
  readonly id?: number
  readonly address?: string
  readonly hasFast?: boolean
  readonly isIncoming?: boolean
  readonly peerId?: Uint8Array
  readonly isObfuscated?: boolean
}

/** A peer of the native engine whose connection is a list of what was written to it. */
export class StubPeer {
  readonly peer: Peer
  /** The same connection before anybody took it over. */
  readonly negotiated: Negotiated
  readonly flushes: (() => void)[] = []
  /** Bytes that wait to go out, as the engine sees it. */
  waitingBytes = 0
  closedFor: string | undefined
  #written: Buffer[] = []
  #sink: BytesSink | undefined
  #onClose: (() => void) | undefined

  constructor(init: StubPeerInit = {}) {
    const { id = 1, address = `10.0.0.${id}:6881`, hasFast = true, isIncoming = false } = init
    const stub = this
    const socket = {
      isIncoming,
      isPaused: false,
      resumedAtMs: Number.NEGATIVE_INFINITY,
      get isClosed() {
        return stub.closedFor !== undefined
      },
      socket: {
        get writableLength() {
          return stub.waitingBytes
        },
      },
      write: (bytes: Uint8Array, onFlushed?: () => void) => {
        this.#written.push(Buffer.from(bytes))
        if (onFlushed) this.flushes.push(onFlushed)
      },
      destroy: (reason: string) => {
        if (this.closedFor !== undefined) return
        this.closedFor = reason
        this.#onClose?.()
      },
      whenClosed: (onClose: () => void) => {
        this.#onClose = onClose
      },
      read: (sink: BytesSink) => {
        this.#sink = sink
      },
    }
    this.negotiated = {
      socket: socket as unknown as PeerSocket,
      handshake: {
        infoHash: new Uint8Array(20),
        peerId: init.peerId ?? new Uint8Array(20).fill(id),
        hasFast,
        hasExtensions: true,
        hasV2: false,
      },
      infoHash: new Uint8Array(20),
      encrypt: undefined,
      decrypt: undefined,
      isObfuscated: init.isObfuscated ?? false,
      rest: Buffer.alloc(0),
    }
    this.peer = new Peer({ id, address, source: 'manual', negotiated: this.negotiated })
  }

  /** How many writes there were since the last {@link said}. */
  get writes(): number {
    return this.#written.length
  }

  /** What was written since this was asked last. */
  said(): Said[] {
    const bytes = Buffer.concat(this.#written)
    this.#written = []
    const messages: Said[] = []
    for (let at = 0; at < bytes.length; ) {
      const length = bytes.readUInt32BE(at)
      const body = bytes.subarray(at + 5, at + 4 + length)
      const numbers = Array.from({ length: Math.min(body.length >> 2, 3) }, (_, index) =>
        body.readUInt32BE(index * 4),
      )
      if (length > 0) messages.push({ id: bytes[at + 4]!, numbers, body })
      at += 4 + length
    }
    return messages
  }

  /** Bytes come from the peer, once its reader was opened. */
  receive(...parts: readonly Uint8Array[]): void {
    const bytes = Buffer.concat(parts)
    if (this.closedFor === undefined) this.#sink?.(bytes, bytes.length)
  }

  /** All that waits has gone out. */
  flush(): void {
    this.waitingBytes = 0
    for (const onFlushed of this.flushes.splice(0)) onFlushed()
  }
}
