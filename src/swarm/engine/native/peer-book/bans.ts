import { isIP } from 'node:net'
import { parseAddress } from './address.ts'

const banMs = 60 * 60_000
const maxBans = 10_000

/**
 * Addresses that are not spoken to for an hour. A liar comes back from another port, so that its whole host is banned; on the
 * loopback interface, where one host is many programs, only the port it was met at.
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
  const isLoopback = isIP(host) === 4 ? host.startsWith('127.') : host === '::1'
  return isLoopback ? address : host
}
