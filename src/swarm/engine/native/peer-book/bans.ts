import { formatAddress, parseAddress } from '../../../peer-address/address.ts'

const banMs = 60 * 60_000
const maxBans = 10_000

/**
 * Addresses that are not spoken to for an hour. A liar comes back from another port, so that its whole host is banned, and of
 * a public IPv6 address its /64, of which every host has all; on the loopback interface, where one host is many programs,
 * only the port it was met at.
 */
export class Bans {
  readonly #now: () => number
  readonly #untilMs = new Map<string, number>()

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** `false` where it is banned already. */
  ban(address: string): boolean {
    if (this.isBanned(address)) return false
    const key = keyOf(address)
    this.#untilMs.delete(key)
    this.#untilMs.set(key, this.#now() + banMs)
    const [oldest] = this.#untilMs.keys()
    if (this.#untilMs.size > maxBans && oldest !== undefined) this.#untilMs.delete(oldest)
    return true
  }

  isBanned(address: string): boolean {
    if (this.#untilMs.size === 0) return false
    const untilMs = this.#untilMs.get(keyOf(address))
    return untilMs !== undefined && untilMs > this.#now()
  }
}

function keyOf(address: string): string {
  const parsed = parseAddress(address)
  if (!parsed) return address
  const { host } = parsed
  if (host === '127.0.0.1' || host === '::1') return formatAddress(parsed)
  return isPublicV6(host) ? network64(host) : host
}

/** 2000::/3; in a local network a /64 is everybody. */
function isPublicV6(host: string): boolean {
  return /^[23][0-9a-f]{3}:/.test(host)
}

/** The first four groups of an address in its canonical spelling. */
function network64(host: string): string {
  const [before = '', after] = host.split('::')
  const head = before.split(':')
  if (after === undefined) return head.slice(0, 4).join(':')
  const tail = after === '' ? [] : after.split(':')
  const zeros = Array<string>(8 - head.length - tail.length).fill('0')
  return [...head, ...zeros, ...tail].slice(0, 4).join(':')
}
