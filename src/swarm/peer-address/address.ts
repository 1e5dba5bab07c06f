import { isIP, SocketAddress } from 'node:net'

/** Where a peer listens. */
export interface PeerAddress {
  /** Without brackets. */
  readonly host: string
  readonly port: number
}

const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/

/**
 * Reads `1.2.3.4:6881` or `[2001:db8::1]:6881`; `undefined` for anything else. Names are none: peers are told of by number.
 * Each host has one spelling here, and IPv4 within IPv6 is IPv4, so that nobody is known, or escapes a ban, under two.
 */
export function parseAddress(text: string): PeerAddress | undefined {
  const parts = /^(?:\[([0-9a-f:.]{2,45})\]|([0-9.]{7,15})):(\d{1,5})$/i.exec(text)
  if (!parts) return undefined
  const host = (parts[1] ?? parts[2]!).toLowerCase()
  const port = Number(parts[3])
  const isFamily = isIP(host) === (parts[1] === undefined ? 4 : 6)
  return isFamily && port > 0 && port <= 65_535 ? { host: canonicalHost(host), port } : undefined
}

export function formatAddress({ host, port }: PeerAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** The one spelling of an IP address; of IPv4 within IPv6 that of IPv4. */
export function canonicalHost(host: string): string {
  if (!host.includes(':')) return host
  const { address } = new SocketAddress({ address: host, family: 'ipv6' })
  return mapped.exec(address)?.[1] ?? address
}

/** The host of an address, whatever its port; the address itself where it is none. */
export function hostOf(address: string): string {
  const colon = address.lastIndexOf(':')
  return colon < 0 ? address : address.slice(0, colon).replace(/^\[|\]$/g, '')
}
