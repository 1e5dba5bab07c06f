import type { MiddlewareHandler } from 'hono'
import type { HttpEnv } from './client-address.ts'

/**
 * Ends a connection whose body takes longer to come. For servers that take uploads of any length elsewhere, so that `listen` cannot
 * hold a bound over all requests.
 */
export function bodyDeadline(ms: number): MiddlewareHandler<HttpEnv> {
  return async (context, next) => {
    const incoming = context.env?.incoming
    if (incoming && !incoming.complete) {
      const timer = setTimeout(() => incoming.destroy(), ms)
      timer.unref()
      for (const event of ['end', 'close']) incoming.once(event, () => clearTimeout(timer))
    }
    await next()
  }
}
