import { RateLimiter, refuseBeyond } from '../../http/index.ts'

/**
 * Who asks: `known` has shown the right token or owns the box, `wrong` has shown another one, and `open` has shown nothing.
 */
type Standing = 'known' | 'open' | 'wrong'

/** @throws {HttpError} 429 where somebody of an address asks too much */
export type RequestCount = (standing: Standing, address: string) => void

const bounds = {
  // Thousands of photos are sent as fast as a disk takes them, 20,000 transfers are steered one by one.
  known: { burst: 20_000, perSecond: 1_000 },
  // A page loads some 40 files.
  open: { burst: 600, perSecond: 20 },
  wrong: { burst: 10, perSecond: 0.1 },
} as const

/**
 * Counts what is asked for, by address. An address may be many people, all users of this machine or of a proxy: so whoever shows what is
 * right is never refused for what others ask.
 */
export function requestCount(now?: () => number): RequestCount {
  const limiters: Readonly<Record<Standing, RateLimiter>> = {
    known: new RateLimiter({ ...bounds.known, now }),
    open: new RateLimiter({ ...bounds.open, now }),
    wrong: new RateLimiter({ ...bounds.wrong, now }),
  }
  return (standing, address) => refuseBeyond(limiters[standing], address)
}
