import type { MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { HttpEnv } from '../../../http/index.ts'
import { type Section, sections } from '../../listing/fields.ts'
import type { Site } from '../site.ts'

/** Where a search is asked, by the route that asks it. */
const searchRoutes: Readonly<Record<string, string>> = {
  '/search': 'page',
  '/api/v1/search': 'api',
  '/torznab/api': 'torznab',
  '/rss/search': 'rss',
}
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PATCH', 'DELETE', 'OPTIONS'])

/** What a site counts, in a registry of its own, as Prometheus reads it. */
export class SiteMetrics {
  readonly #registry = new Registry()
  readonly #requests = new Counter({
    name: 'p2pshare_http_requests_total',
    help: 'Requests answered',
    labelNames: ['method', 'route', 'status'] as const,
    registers: [this.#registry],
  })
  readonly #durations = new Histogram({
    name: 'p2pshare_http_request_duration_seconds',
    help: 'From the head of a request to the head of its answer',
    labelNames: ['route'] as const,
    buckets: [0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [this.#registry],
  })
  readonly #searches = new Counter({
    name: 'p2pshare_searches_total',
    help: 'Searches, by what asked for them',
    labelNames: ['via'] as const,
    registers: [this.#registry],
  })

  constructor(site: Pick<Site, 'store' | 'desk' | 'tracker'>) {
    const registers = [this.#registry]
    collectDefaultMetrics({ register: this.#registry })
    new Gauge({
      name: 'p2pshare_listings',
      help: 'Listings by section',
      labelNames: ['section'] as const,
      registers,
      async collect() {
        const { bySection } = await site.store.counts()
        for (const section of sections) this.set({ section }, bySection[section as Section])
      },
    })
    new Gauge({
      name: 'p2pshare_submissions',
      help: 'Submissions by state',
      labelNames: ['state'] as const,
      registers,
      async collect() {
        for (const [state, count] of Object.entries(await site.desk.counts())) this.set({ state }, count)
      },
    })
    for (const [name, help] of [
      ['swarms', 'Torrents that are announced to the tracker of the site'],
      ['peers', 'Peers that announce to it'],
      ['sockets', 'WebSockets that are open to it'],
    ] as const)
      new Gauge({
        name: `p2pshare_tracker_${name}`,
        help,
        registers,
        collect() {
          this.set(site.tracker?.stats()[name] ?? 0)
        },
      })
  }

  /** Counts every request that comes after it in an app, by the pattern of its route and not by its path. */
  readonly observe: MiddlewareHandler<HttpEnv> = async (c, next) => {
    const startMs = performance.now()
    await next()
    const pattern = routePath(c, -1)
    // What nothing answers has met middleware only.
    const route = pattern.endsWith('/*') ? 'none' : pattern
    const method = methods.has(c.req.method) ? c.req.method : 'other'
    this.#requests.inc({ method, route, status: c.res.status })
    this.#durations.observe({ route }, (performance.now() - startMs) / 1_000)
    const via = searchRoutes[route]
    if (via) this.#searches.inc({ via })
  }

  /** Everything, in Prometheus' text format. */
  async text(): Promise<{ contentType: string; body: string }> {
    return { contentType: this.#registry.contentType, body: await this.#registry.metrics() }
  }
}
