import { Hono, type MiddlewareHandler } from 'hono'
import {
  addressReader,
  allowedHosts,
  bodyDeadline,
  bodyLimit,
  clientAddress,
  type HttpEnv,
  HttpError,
  hostGuard,
  originGuard,
  problemOf,
  securityHeaders,
} from '../../http/index.ts'
import type { BoxConfig } from '../config/box-config.ts'
import { accessGuard } from './access-guard.ts'
import { apiRoutes } from './api/api-routes.ts'
import { clientRoutes, dashboardRoutes } from './dashboard/dashboard-routes.ts'
import { signInRoutes } from './dashboard/sign-in-routes.ts'
import { answerFault } from './faults.ts'
import { ownerCheck } from './owner/owner-check.ts'
import { type RequestCount, requestCount } from './request-limits.ts'
import { SignInCodes } from './sign-in-codes.ts'
import type { SteeredBox } from './steered-box.ts'
import { transmissionRoutes } from './transmission/transmission-routes.ts'
import { probeRoutes } from './upkeep/probe-routes.ts'

export interface BoxAppInit {
  readonly server: BoxConfig['server']
  readonly listenHost: string
  readonly token: string
}

/** A .torrent of 10 MB in the base64 of JSON. */
const bodyBytes = 13_500_000
const bodyMs = 60_000
const loopback = /^(?:127\.|::1$|localhost$)/

/** Everything that a box answers. */
export function boxApp(box: SteeredBox, { server, listenHost, token }: BoxAppInit): Hono<HttpEnv> {
  const publicUrl = server.public_url || undefined
  const isOwnName = allowedHosts({ listenHost, publicUrl })
  const names = new Set(server.hosts.map(host => host.toLowerCase()))
  const app = new Hono<HttpEnv>()
  const own = "'self'"
  const csp = { 'img-src': own, 'style-src': own, 'script-src': own, 'connect-src': own }
  app.use(securityHeaders({ csp }))
  // Of a proxy on this machine everybody would be one: it says who asks.
  app.use(clientAddress(addressReader(publicUrl === undefined ? [] : ['127.0.0.0/8', '::1'])))
  app.use(unlessUpload(bodyDeadline(bodyMs)))
  app.use(hostGuard(host => isOwnName(host) || names.has(host.replace(/:\d+$/, '').toLowerCase())))
  app.use(originGuard({ publicUrl }))
  const codes = new SignInCodes()
  const count = requestCount()
  const isOwnMachines = loopback.test(listenHost) && publicUrl === undefined
  for (const path of openPaths) app.use(path, countOpen(count))
  app.route('/', probeRoutes(box, accessGuard({ token, count })))
  app.route('/', clientRoutes())
  app.route('/', signInRoutes({ token, count, codes, isSecure: publicUrl?.startsWith('https:') ?? false }))
  app.use(accessGuard({ token, count, isOwner: isOwnMachines ? ownerCheck() : undefined }))
  app.use(unlessUpload(bodyLimit(bodyBytes)))
  app.route('/', dashboardRoutes(box))
  app.route('/', apiRoutes(box, codes))
  app.route('/transmission', transmissionRoutes(box))
  app.notFound(() => problemOf(new HttpError(404, 'There is nothing here.')))
  app.onError((error, context) => answerFault(error, context, box.desk))
  return app
}

/** What is answered to whoever shows nothing; `/healthz` is looked at once in two seconds, however often it is asked for. */
const openPaths = ['/metrics', '/assets/*', '/sign-in/*', '/sign-out']

function countOpen(count: RequestCount): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    count('open', c.get('address'))
    await next()
  }
}

/** An upload is bounded by the room on the disk, and by the silence of its connection. */
function unlessUpload(guard: MiddlewareHandler<HttpEnv>): MiddlewareHandler<HttpEnv> {
  return (c, next) => {
    const isUpload = c.req.method === 'PUT' && c.req.path.startsWith('/api/v1/uploads/')
    return isUpload ? next() : guard(c, next)
  }
}
