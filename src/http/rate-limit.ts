import { isIPv6 } from 'node:net'
import type { Context, MiddlewareHandler } from 'hono'
import type { HttpEnv } from './client-address.ts'
import { HttpError } from './http-error.ts'

export interface RateLimitInit {
  /** Requests that may come at once. */
  readonly burst: number
  readonly perSecond: number
  /** Clients that are remembered; of more, those not heard of for longest are forgotten. @default 10_000 */
  readonly maxClients?: number | undefined
  /** Monotonic milliseconds. @default performance.now */
  readonly now?: (() => number) | undefined
}

interface Bucket {
  tokens: number
  filledMs: number
}

/** Counts what each client asks for: a bucket of tokens per address, refilled all the time. IPv6 counts by its /64. */
export class RateLimiter {
  readonly #buckets = new Map<string, Bucket>()
  readonly #burst: number
  readonly #perSecond: number
  readonly #maxClients: number
  readonly #now: () => number

  constructor({ burst, perSecond, maxClients = 10_000, now = () => performance.now() }: RateLimitInit) {
    this.#burst = burst
    this.#perSecond = perSecond
    this.#maxClients = maxClients
    this.#now = now
  }

  /** Clients that are remembered. */
  get size(): number {
    return this.#buckets.size
  }

  /** Takes tokens of a client: 0, or the seconds until it has as many again. */
  take(address: string, count = 1): number {
    const key = clientOf(address)
    const now = this.#now()
    const bucket = this.#buckets.get(key) ?? { tokens: this.#burst, filledMs: now }
    this.#buckets.delete(key)
    this.#buckets.set(key, bucket)
    if (this.#buckets.size > this.#maxClients) this.#buckets.delete(this.#buckets.keys().next().value!)
    const filled = bucket.tokens + ((now - bucket.filledMs) / 1_000) * this.#perSecond
    bucket.tokens = Math.min(this.#burst, filled)
    bucket.filledMs = now
    if (bucket.tokens < count) return (count - bucket.tokens) / this.#perSecond
    bucket.tokens -= count
    return 0
  }
}

/**
 * Refuses requests of clients that have used up their tokens, with `Retry-After`.
 *
 * @param costOf tokens that a request takes @default 1
 */
export function rateLimit(
  limiter: RateLimiter,
  costOf: (context: Context<HttpEnv>) => number = () => 1,
): MiddlewareHandler<HttpEnv> {
  return async (context, next) => {
    refuseBeyond(limiter, context.get('address'), costOf(context))
    await next()
  }
}

/**
 * Takes tokens of a client.
 *
 * @throws {HttpError} 429 with `Retry-After` where it has used them up
 */
export function refuseBeyond(limiter: RateLimiter, address: string, count = 1): void {
  const waitSeconds = Math.ceil(limiter.take(address, count))
  if (waitSeconds === 0) return
  const when = waitSeconds < 90 ? `${waitSeconds} seconds` : `${Math.ceil(waitSeconds / 60)} minutes`
  throw new HttpError(429, `That was too much at once. Try again in ${when}.`, {
    'retry-after': String(waitSeconds),
  })
}

/** What a client is counted by: whoever has one IPv6 address has its whole /64. */
export function clientOf(address: string): string {
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.toLowerCase().split('::')
  const groups = head === '' ? [] : head.split(':')
  const after = tail ? tail.split(':') : []
  const missing = tail === undefined ? 0 : 8 - groups.length - after.length
  return [...groups, ...Array.from({ length: Math.max(missing, 0) }, () => '0'), ...after]
    .slice(0, 4)
    .map(group => group.replace(/^0+(?=.)/, ''))
    .join(':')
}
