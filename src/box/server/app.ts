import { Hono, type MiddlewareHandler } from 'hono'
import { P2pShareError } from '../../core/index.ts'
import {
  addressReader,
  allowedHosts,
  bodyDeadline,
  bodyLimit,
  clientAddress,
  type HttpEnv,
  HttpError,
  hostGuard,
  httpErrorOf,
  originGuard,
  problemOf,
  securityHeaders,
} from '../../http/index.ts'
import type { BoxConfig } from '../config/box-config.ts'
import { accessGuard } from './access-guard.ts'
import { apiRoutes } from './api/api-routes.ts'
import { clientRoutes, dashboardRoutes } from './dashboard/dashboard-routes.ts'
import { signInRoutes } from './dashboard/sign-in-routes.ts'
import { ownerCheck } from './owner/owner-check.ts'
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
  app.use(clientAddress(addressReader([])))
  app.use(unlessUpload(bodyDeadline(bodyMs)))
  app.use(hostGuard(host => isOwnName(host) || names.has(host.replace(/:\d+$/, '').toLowerCase())))
  app.use(originGuard({ publicUrl }))
  const codes = new SignInCodes()
  const isOwnMachines = loopback.test(listenHost) && publicUrl === undefined
  app.route('/', probeRoutes(box, accessGuard({ token })))
  app.route('/', clientRoutes())
  app.route('/', signInRoutes({ token, codes, isSecure: publicUrl?.startsWith('https:') ?? false }))
  app.use(accessGuard({ token, isOwner: isOwnMachines ? ownerCheck() : undefined }))
  app.use(unlessUpload(bodyLimit(bodyBytes)))
  app.route('/', dashboardRoutes(box))
  app.route('/', apiRoutes(box, codes))
  app.route('/transmission', transmissionRoutes(box))
  app.notFound(() => problemOf(new HttpError(404, 'There is nothing here.')))
  app.onError(error => problemOf(httpErrorOf(error), error instanceof P2pShareError ? error.code : undefined))
  return app
}

/** An upload is bounded by the room on the disk, and by the silence of its connection. */
function unlessUpload(guard: MiddlewareHandler<HttpEnv>): MiddlewareHandler<HttpEnv> {
  return (c, next) => {
    const isUpload = c.req.method === 'PUT' && c.req.path.startsWith('/api/v1/uploads/')
    return isUpload ? next() : guard(c, next)
  }
}
