import type { Socket } from 'node:net'
import type { Hex } from '../../../../core/index.ts'
import type { EncryptionPolicy } from '../../../engine.ts'
import { formatAddress } from '../../../peer-address/address.ts'
import { obfuscatedHash } from '../encryption/mse.ts'
import { type Negotiated, negotiateIncoming } from './negotiate.ts'
import { PeerSocket } from './peer-socket.ts'

export interface ReceptionHooks<T> {
  /** Our handshake to whoever asks by that hash; `hasV2`: it may be answered by the v2 hash. */
  readonly handshake: (torrent: T, hash: Hex, hasV2: boolean) => Buffer
  readonly onConnected: (torrent: T, negotiated: Negotiated, address: string) => void
  readonly isBanned: (address: string) => boolean
}

const handshakeMs = 10_000
/** Connections that have not said what they want; of one host. */
const maxUndecided = 256
const maxUndecidedAHost = 64

/** Receives peers that come to us, and leads each to the torrent that it asks for. */
export class Reception<T> {
  readonly #hooks: ReceptionHooks<T>
  readonly #accepts: { plain: boolean; encrypted: false | 'plain-or-rc4' | 'rc4' }
  readonly #torrents = new Map<Hex, T>()
  /** Info-hashes by the hash that an encrypted handshake names them by. */
  readonly #obfuscated = new Map<Hex, Hex>()
  readonly #undecided = new Set<PeerSocket>()
  readonly #perHost = new Map<string, number>()

  constructor(policy: EncryptionPolicy, hooks: ReceptionHooks<T>) {
    this.#hooks = hooks
    const encrypted = { prefer: 'plain-or-rc4', require: 'rc4', off: false } as const
    this.#accepts = { plain: policy !== 'require', encrypted: encrypted[policy] }
  }

  /** Peers that ask for one of the hashes, 40 digits each, belong to the torrent from now on. */
  add(torrent: T, hashes: Iterable<Hex>): void {
    for (const hash of hashes) {
      this.#torrents.set(hash, torrent)
      if (this.#accepts.encrypted === false) continue
      this.#obfuscated.set(obfuscatedHash(Buffer.from(hash, 'hex')), hash)
    }
  }

  remove(torrent: T, hashes: Iterable<Hex>): void {
    for (const hash of hashes) {
      if (this.#torrents.get(hash) !== torrent) continue
      this.#torrents.delete(hash)
      if (this.#accepts.encrypted !== false) this.#obfuscated.delete(obfuscatedHash(Buffer.from(hash, 'hex')))
    }
  }

  receive(accepted: Socket): void {
    const host = plainHost(accepted.remoteAddress)
    const address = formatAddress({ host, port: accepted.remotePort ?? 0 })
    const fromHost = this.#perHost.get(host) ?? 0
    const isTooMany = this.#undecided.size >= maxUndecided || fromHost >= maxUndecidedAHost
    if (host === '' || isTooMany || this.#hooks.isBanned(address)) {
      accepted.on('error', () => {})
      accepted.destroy()
      return
    }
    void this.#negotiate(PeerSocket.accepted(accepted), host, address)
  }

  stop(): void {
    for (const socket of [...this.#undecided]) socket.destroy('stopped')
  }

  async #negotiate(socket: PeerSocket, host: string, address: string): Promise<void> {
    this.#undecided.add(socket)
    this.#perHost.set(host, (this.#perHost.get(host) ?? 0) + 1)
    try {
      const negotiated = await negotiateIncoming(socket, {
        accepts: this.#accepts,
        findInfoHash: obfuscated => {
          const hash = this.#obfuscated.get(obfuscated)
          return hash === undefined ? undefined : Buffer.from(hash, 'hex')
        },
        answer: ({ infoHash, hasV2 }) => {
          const hash = Buffer.from(infoHash).toString('hex')
          const torrent = this.#torrents.get(hash)
          return torrent && this.#hooks.handshake(torrent, hash, hasV2)
        },
        timeoutMs: handshakeMs,
      })
      const torrent = this.#torrents.get(Buffer.from(negotiated.handshake.infoHash).toString('hex'))
      if (torrent) this.#hooks.onConnected(torrent, negotiated, address)
      else socket.destroy('its torrent has left')
    } catch {
      // The connection is closed already; there is nobody to tell.
    } finally {
      this.#undecided.delete(socket)
      const left = this.#perHost.get(host)! - 1
      if (left > 0) this.#perHost.set(host, left)
      else this.#perHost.delete(host)
    }
  }
}

/** IPv4 peers of a socket that takes both families come as `::ffff:1.2.3.4`. */
function plainHost(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '')
}
