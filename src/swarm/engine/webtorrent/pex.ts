import { isIP } from 'node:net'
import type { PexExtension, Wire } from 'webtorrent'

/** A first message soon, so that a newcomer need not wait; later ones at most once a minute (BEP 11). */
const firstMessageMs = 2_000
const messageEveryMs = 65_000
/** 100 peers of IPv6 with their flags, and as many of IPv4, come to half of this. */
const maxMessageBytes = 8_192

/**
 * Peer exchange (BEP 11), the telling half of it: webtorrent takes in what others tell and tells nothing itself. Each peer is
 * told of all others that can be connected to.
 */
export class PeerExchange {
  readonly #addresses = new Map<Wire, string>()
  readonly #timers = new Map<Wire, NodeJS.Timeout>()

  /** Where the connected peers can be connected to, known whether or not they are told of. */
  addresses(): string[] {
    return [...this.#addresses.values()]
  }

  /**
   * @param listening where the peer listens, `host:port`, if that is known because we connected to it; a peer that came to
   *   us tells its port in its extended handshake (BEP 10, `p`), or is not passed on
   */
  onWire(wire: Wire, listening: string | undefined): void {
    const pex = wire.ut_pex
    if (pex) {
      boundMessages(wire, pex)
      for (const address of this.#addresses.values()) tell(pex, address, 'added')
      this.#sendIn(firstMessageMs, wire, pex)
    }
    if (listening) this.#add(wire, listening)
    else wire.on('extended', () => this.#addFromHandshake(wire))
    wire.once('close', () => this.#remove(wire))
  }

  #sendIn(ms: number, wire: Wire, pex: PexExtension): void {
    const timer = setTimeout(() => {
      // To send to who does not speak it, or no longer, would throw.
      if (wire.peerExtendedMapping.ut_pex) pex._sendMessage()
      this.#sendIn(messageEveryMs, wire, pex)
    }, ms).unref()
    this.#timers.set(wire, timer)
  }

  #addFromHandshake(wire: Wire): void {
    const port = wire.peerExtendedHandshake?.p
    const host = wire.remoteAddress?.replace(/^::ffff:/, '')
    if (this.#addresses.has(wire) || !host || !Number.isInteger(port) || port! < 1 || port! > 65_535) return
    this.#add(wire, isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`)
  }

  #add(wire: Wire, address: string): void {
    if (familyOf(address) === 0) return
    this.#addresses.set(wire, address)
    for (const other of this.#timers.keys()) if (other !== wire) tell(other.ut_pex, address, 'added')
  }

  #remove(wire: Wire): void {
    clearTimeout(this.#timers.get(wire))
    this.#timers.delete(wire)
    const address = this.#addresses.get(wire)
    this.#addresses.delete(wire)
    if (address) for (const other of this.#timers.keys()) tell(other.ut_pex, address, 'dropped')
  }
}

function tell(pex: PexExtension | undefined, address: string, what: 'added' | 'dropped'): void {
  const isV6 = familyOf(address) === 6
  if (what === 'added') (isV6 ? pex?.addPeer6 : pex?.addPeer)?.call(pex, address, { isReachable: true })
  else (isV6 ? pex?.dropPeer6 : pex?.dropPeer)?.call(pex, address)
}

function familyOf(address: string): number {
  return isIP(address.slice(0, address.lastIndexOf(':')).replace(/^\[(.*)\]$/, '$1'))
}

function boundMessages(wire: Wire, pex: PexExtension): void {
  const onMessage = pex.onMessage.bind(pex)
  pex.onMessage = bytes => {
    if (bytes.length > maxMessageBytes) wire.destroy()
    else onMessage(bytes)
  }
}
