import { isIPv4, isIPv6 } from 'node:net'
import { canonicalHost, formatAddress } from './address.ts'

/** Bytes of a compact peer (BEP 23, BEP 7): an address and a port. */
export const compactV4Length = 6
export const compactV6Length = 18

const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i

/** The 4 or 16 bytes of an IP address; an IPv4 address within IPv6 has 4. `undefined` where it is none. */
export function hostBytes(host: string): Buffer | undefined {
  const plain = mapped.exec(host)?.[1] ?? host
  if (isIPv4(plain)) return Buffer.from(plain.split('.').map(Number))
  return isIPv6(plain) && !plain.includes('%') ? v6Bytes(plain) : undefined
}

/** The address that 4 or 16 bytes are, as people write it; `undefined` for another length. */
export function hostOfBytes(bytes: Uint8Array): string | undefined {
  if (bytes.length === 4) return bytes.join('.')
  if (bytes.length !== 16) return undefined
  const groups: string[] = []
  for (let at = 0; at < 16; at += 2) groups.push(((bytes[at]! << 8) | bytes[at + 1]!).toString(16))
  return canonicalHost(groups.join(':'))
}

/** A peer's address, `1.2.3.4:6881` or `[2001:db8::1]:6881`, as 6 or 18 bytes. */
export function writeCompactAddress(address: string): Buffer | undefined {
  const colon = address.lastIndexOf(':')
  const port = Number(address.slice(colon + 1))
  const host = hostBytes(address.slice(0, colon).replace(/^\[(.*)\]$/, '$1'))
  if (!host || !Number.isInteger(port) || port < 1 || port > 65_535) return undefined
  return Buffer.concat([host, Buffer.of(port >> 8, port & 0xff)])
}

/** Reads one compact peer; `undefined` for port 0 and for addresses that nobody can be connected to at. */
export function readCompactAddress(bytes: Uint8Array): string | undefined {
  const port = (bytes.at(-2)! << 8) | bytes.at(-1)!
  const host = hostOfBytes(bytes.subarray(0, -2))
  if (port === 0 || host === undefined || isUnusable(host)) return undefined
  return formatAddress({ host, port })
}

/** Unspecified, multicast, broadcast, and link-local IPv6, which means nothing without an interface. */
function isUnusable(host: string): boolean {
  if (host.includes(':')) return /^(?:::$|ff|fe[89ab])/.test(host)
  const first = Number(host.slice(0, host.indexOf('.')))
  return first === 0 || first >= 224
}

function v6Bytes(host: string): Buffer {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(host)
  const hexadecimal = dotted
    ? `${dotted[1]}${pair(dotted[2]!, dotted[3]!)}:${pair(dotted[4]!, dotted[5]!)}`
    : host
  const [before = '', after] = hexadecimal.split('::')
  const head = before === '' ? [] : before.split(':')
  const tail = after ? after.split(':') : []
  const zeros = after === undefined ? [] : Array<string>(8 - head.length - tail.length).fill('0')
  const bytes = Buffer.alloc(16)
  for (const [index, group] of [...head, ...zeros, ...tail].entries())
    bytes.writeUInt16BE(Number.parseInt(group, 16), index * 2)
  return bytes
}

function pair(high: string, low: string): string {
  return ((Number(high) << 8) | Number(low)).toString(16)
}
