import { Hono, type MiddlewareHandler } from 'hono'
import { type HttpEnv, isDirect } from '../../../http/index.ts'
import type { SteeredBox } from '../steered-box.ts'
import { BoxMetrics } from './metrics.ts'

const loopback = /^(?:127\.|::1$)/

/** `/healthz` for whoever keeps the box running, and `/metrics` for who watches it: from this machine without a token. */
export function probeRoutes(box: SteeredBox, guard: MiddlewareHandler<HttpEnv>): Hono<HttpEnv> {
  const metrics = new BoxMetrics(box)
  return new Hono<HttpEnv>()
    .get('/healthz', async c => {
      const { isOk, ...looked } = await box.upkeep.health.look()
      return c.json({ status: isOk ? 'ok' : 'failing', ...looked }, isOk ? 200 : 503, {
        'cache-control': 'no-store',
      })
    })
    .use('/metrics', (c, next) => {
      return loopback.test(c.get('address')) && isDirect(c.req) ? next() : guard(c, next)
    })
    .get('/metrics', async c => {
      const { contentType, body } = await metrics.text()
      return c.body(body, 200, { 'content-type': contentType, 'cache-control': 'no-store' })
    })
}
