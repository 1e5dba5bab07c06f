import { Hono } from 'hono'
import type { HttpEnv } from '../../../http/index.ts'
import type { Site } from '../site.ts'
import { apiRoutes } from './api/api-routes.ts'
import { catalogDocumentRoutes } from './catalog-document.ts'
import { SiteMetrics } from './metrics.ts'
import { type ProbeInit, probeRoutes } from './probes.ts'
import { rssRoutes } from './rss.ts'
import { sitemapRoutes } from './sitemap.ts'
import { torrentFileRoutes } from './torrent-files.ts'
import { torznabRoutes } from './torznab/routes.ts'
import { trackerRoutes } from './tracker-routes.ts'

export interface MachineRoutesInit extends Partial<ProbeInit> {
  /** What Torznab searches have to give as `apikey`; without it, any is taken. */
  readonly torznabApiKey?: string | undefined
}

/**
 * Everything of a site that is for programs. To be mounted at `/`, behind what puts the address of the client into the
 * context.
 *
 * @param init `metrics` that observe the pages too, so that `/metrics` tells of all
 */
export function machineRoutes(site: Site, init: MachineRoutesInit = {}): Hono<HttpEnv> {
  const { metrics = new SiteMetrics(site), isSwarmUp, torznabApiKey } = init
  const app = new Hono<HttpEnv>()
  for (const routes of [
    apiRoutes(site),
    catalogDocumentRoutes(site),
    rssRoutes(site),
    torznabRoutes(site, { apiKey: torznabApiKey }),
    sitemapRoutes(site),
    torrentFileRoutes(site),
    probeRoutes(site, { metrics, isSwarmUp }),
    ...(site.tracker ? [trackerRoutes(site.tracker)] : []),
  ])
    app.route('/', routes as Hono<HttpEnv>)
  return app
}
