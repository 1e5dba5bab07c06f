import { Hono } from 'hono'
import { sql } from 'kysely'
import { raceAbort } from '../../../core/index.ts'
import { type HttpEnv, HttpError, isDirect } from '../../../http/index.ts'
import type { Site } from '../site.ts'
import { moderatorOf } from './api/api-caller.ts'
import type { SiteMetrics } from './metrics.ts'

const databaseTimeoutMs = 2_000
const loopback = /^(?:127\.|::1$)/

export interface ProbeInit {
  readonly metrics: SiteMetrics
  /** Without it the site has no swarm. */
  readonly isSwarmUp?: (() => boolean) | undefined
}

/** `/healthz` for whoever keeps the site running, and `/metrics` for who watches it. */
export function probeRoutes(site: Site, { metrics, isSwarmUp }: ProbeInit): Hono<HttpEnv> {
  return new Hono<HttpEnv>()
    .get('/healthz', async c => {
      const database = await isReachable(site)
      const swarm = isSwarmUp?.()
      const isOk = database && swarm !== false
      return c.json({ status: isOk ? 'ok' : 'failing', database, swarm }, isOk ? 200 : 503, {
        'cache-control': 'no-store',
      })
    })
    .get('/metrics', async c => {
      const isLocal = loopback.test(c.get('address')) && isDirect(c.req)
      if (!isLocal && !(await moderatorOf(c, site.moderators)))
        throw new HttpError(403, 'Metrics are for this machine, or for a moderator’s token.')
      const { contentType, body } = await metrics.text()
      return c.body(body, 200, { 'content-type': contentType, 'cache-control': 'no-store' })
    })
}

async function isReachable({ catalog }: Site): Promise<boolean> {
  const asked = sql`select 1`.execute(catalog.database.db)
  try {
    await raceAbort(asked, AbortSignal.timeout(databaseTimeoutMs))
    return true
  } catch {
    return false
  }
}
