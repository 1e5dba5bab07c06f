import type { EncryptionPolicy } from '../../../engine.ts'
import { type Negotiated, NegotiationError, negotiateOutgoing } from './negotiate.ts'
import { PeerSocket } from './peer-socket.ts'

/** What is said to a peer that is dialled. */
export interface OurHandshake {
  readonly bytes: Buffer
  /** The info-hash in it. */
  readonly infoHash: Uint8Array
  /** The v2 hash beside it, by which a peer may answer (BEP 52). */
  readonly upgraded: Uint8Array | undefined
}

/** Whoever has peers to be connected to: one torrent. */
export interface DialClient<T> {
  /** The next peer to try; `undefined` where there is none at the moment. */
  next():
    | { readonly host: string; readonly port: number; readonly candidate: T; readonly isPlain: boolean }
    | undefined
  /** Our handshake. */
  handshake(): OurHandshake
  onConnected(candidate: T, negotiated: Negotiated): void
  /** `isEncryptionRefused`: it hung up on an encrypted handshake, and may take a plain one. */
  onFailed(candidate: T, reason: string, isEncryptionRefused: boolean): void
}

/** Connections being made, over all torrents. */
const maxHalfOpen = 64
const connectMs = 10_000
const handshakeMs = 10_000

/** Makes the connections of all torrents in turn, so that one with a thousand addresses does not keep others waiting. */
export class Dialer {
  readonly #policy: EncryptionPolicy
  // biome-ignore lint/suspicious/noExplicitAny: each client's candidates are handed back to it alone
  readonly #waiting = new Set<DialClient<any>>()
  readonly #halfOpen = new Set<PeerSocket>()
  #isStopped = false

  constructor(policy: EncryptionPolicy) {
    this.#policy = policy
  }

  /** Connections that are being made. */
  get halfOpen(): number {
    return this.#halfOpen.size
  }

  /** A client has somebody to try. */
  want<T>(client: DialClient<T>): void {
    if (this.#isStopped) return
    this.#waiting.add(client)
    this.#pump()
  }

  forget<T>(client: DialClient<T>): void {
    this.#waiting.delete(client)
  }

  stop(): void {
    this.#isStopped = true
    this.#waiting.clear()
    for (const socket of [...this.#halfOpen]) socket.destroy('stopped')
  }

  #pump(): void {
    for (const client of this.#waiting) {
      if (this.#halfOpen.size >= maxHalfOpen) return
      this.#waiting.delete(client)
      const found = client.next()
      if (!found) continue
      this.#waiting.add(client)
      void this.#dial(client, found)
    }
  }

  async #dial<T>(
    client: DialClient<T>,
    found: NonNullable<ReturnType<DialClient<T>['next']>>,
  ): Promise<void> {
    const { host, port, candidate } = found
    const isPlain = this.#policy === 'off' || (this.#policy === 'prefer' && found.isPlain)
    const connected = Promise.withResolvers<void>()
    const socket = PeerSocket.dial(host, port, connected.resolve)
    this.#halfOpen.add(socket)
    const timer = setTimeout(() => socket.destroy('no connection in time'), connectMs)
    timer.unref()
    socket.whenClosed(reason => connected.reject(new Error(reason)))
    let hasConnected = false
    try {
      await connected.promise
      hasConnected = true
      clearTimeout(timer)
      const { bytes, infoHash, upgraded } = client.handshake()
      const encryption = isPlain ? 'plain' : this.#policy === 'require' ? 'rc4' : 'plain-or-rc4'
      const negotiated = await negotiateOutgoing(socket, {
        ours: bytes,
        infoHash,
        upgraded,
        encryption,
        timeoutMs: handshakeMs,
      })
      client.onConnected(candidate, negotiated)
    } catch (error) {
      const isSilent = error instanceof NegotiationError && !error.hasHeard
      const isEncryptionRefused = hasConnected && !isPlain && this.#policy === 'prefer' && isSilent
      client.onFailed(candidate, String(error), isEncryptionRefused)
    } finally {
      clearTimeout(timer)
      this.#halfOpen.delete(socket)
      this.#pump()
    }
  }
}
