import { Hono } from 'hono'
import type { HttpEnv } from '../../../http/index.ts'
import type { SiteTracker } from '../tracker.ts'

/** The tracker of the site over HTTP. */
export function trackerRoutes(tracker: SiteTracker): Hono<HttpEnv> {
  return new Hono<HttpEnv>().on('GET', ['/announce', '/scrape'], c =>
    tracker.answer(c.req.raw, c.get('address')),
  )
}
