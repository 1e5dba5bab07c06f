import type { MiddlewareHandler } from 'hono'
import { HttpError } from './http-error.ts'
import { hasBearer } from './origin-guard.ts'

/**
 * Refuses what a browser fetches for a page of another site, reading it too: such a page could not see the answer, but make the
 * server work, and hold its connections. A person may follow a link.
 */
export function foreignPageGuard(): MiddlewareHandler {
  return async ({ req }, next) => {
    const site = req.header('sec-fetch-site')
    const isForeign = site === 'cross-site' || site === 'same-site'
    const isLink =
      req.method === 'GET' &&
      req.header('sec-fetch-mode') === 'navigate' &&
      req.header('sec-fetch-dest') === 'document'
    if (isForeign && !isLink && !hasBearer(req))
      throw new HttpError(403, 'This was asked for by a page of another web site.')
    await next()
  }
}
