import { BlockList, isIP } from 'node:net'

const maxUrlLength = 2048

/** Schemes of trackers: BEP 3, BEP 15, and WebTorrent's. */
export const trackerProtocols: ReadonlySet<string> = new Set(['http:', 'https:', 'udp:', 'ws:', 'wss:'])
/** Schemes of web seeds (BEP 19) and of torrent files. */
export const webProtocols: ReadonlySet<string> = new Set(['http:', 'https:'])

// The special-purpose ranges of IANA, where nothing public can be reached.
const privateV4 = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  privateV4.addSubnet(network, prefix, 'ipv4')

const globalV6 = new BlockList()
globalV6.addSubnet('2000::', 3, 'ipv6')
const privateV6 = new BlockList()
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['3fff::', 20],
] as const)
  privateV6.addSubnet(network, prefix, 'ipv6')

const localName = /(?:^|\.)(?:localhost|local|localdomain|internal|home\.arpa)$/

/**
 * A URL that can be used as it is, or `undefined`: of one of the schemes, with a host, at most 2,048 characters long.
 * White space around it is dropped, what has to be escaped is escaped.
 */
export function usableUrl(text: string, protocols: ReadonlySet<string>): string | undefined {
  const trimmed = text.trim()
  if (trimmed.length > maxUrlLength) return undefined
  const url = URL.parse(trimmed)
  if (!url || !protocols.has(url.protocol) || url.hostname === '') return undefined
  if (/^[\x21-\x7e]+$/.test(trimmed)) return trimmed
  return url.href.length <= maxUrlLength ? url.href : undefined
}

/** The address of a peer as `host:port`, or `undefined` where it is none. */
export function peerAddress(text: string): string | undefined {
  const [, host = '', port = ''] = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]{1,253}):(\d{1,5})$/i.exec(text.trim()) ?? []
  const isUsable = host.startsWith('[') ? isIP(host.slice(1, -1)) === 6 : host !== ''
  const number = Number(port)
  return isUsable && number > 0 && number <= 65535 ? `${host.toLowerCase()}:${number}` : undefined
}

/**
 * Whether a host may be contacted because somebody unknown named it. Addresses are judged however they are spelled
 * (`127.1`, `0x7f000001`, `[::ffff:10.0.0.1]`, NAT64): private, loopback, link-local, shared (CGNAT), multicast,
 * documentation and other special ranges are not public. Names for this machine and this network are not either;
 * any other name says nothing, so what it resolves to has to be judged too.
 */
export function isPublicAddress(host: string): boolean {
  const address = host.replace(/^\[(.*)\]$/, '$1')
  if (isIP(address) === 6) return isPublicV6(address)
  if (/[/\\?#@:\s]/.test(address)) return false
  const canonical = URL.parse(`http://${address}/`)?.hostname.replace(/\.$/, '')
  if (!canonical) return false
  return isIP(canonical) === 4 ? !privateV4.check(canonical, 'ipv4') : !localName.test(canonical)
}

function isPublicV6(address: string): boolean {
  if (address.includes('%')) return false
  const embedded = embeddedV4(groupsOf(address))
  if (embedded) return !privateV4.check(embedded, 'ipv4')
  return globalV6.check(address, 'ipv6') && !privateV6.check(address, 'ipv6')
}

/** The IPv4 address that a mapped, NAT64 (RFC 6052) or 6to4 (RFC 3056) one leads to. */
function embeddedV4(groups: readonly number[]): string | undefined {
  const [first, second, third] = groups
  const middle = groups.slice(2, 6)
  const isMapped = groups.slice(0, 5).every(group => group === 0) && groups[5] === 0xffff
  const isNat64 = first === 0x64 && second === 0xff9b && middle.every(group => group === 0)
  const is6to4 = first === 0x2002
  if (is6to4) return dotted(second!, third!)
  return isMapped || isNat64 ? dotted(groups[6]!, groups[7]!) : undefined
}

function dotted(high: number, low: number): string {
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.')
}

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): number[] {
  // URL writes all groups in hexadecimal, also those that were given as dotted decimals.
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1)
  const [before = '', after] = canonical.split('::')
  const head = before === '' ? [] : before.split(':')
  const tail = after ? after.split(':') : []
  const zeros = Array<string>(8 - head.length - tail.length).fill('0')
  return [...head, ...(after === undefined ? [] : zeros), ...tail].map(group => Number.parseInt(group, 16))
}
