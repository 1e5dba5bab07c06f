import { Hono, type MiddlewareHandler } from 'hono'
import { P2pShareError } from '../../core/index.ts'
import {
  type AddressReader,
  bodyLimit,
  clientAddress,
  type HostCheck,
  type HttpEnv,
  HttpError,
  hostGuard,
  httpErrorOf,
  originGuard,
  prefersHtml,
  problemOf,
  RateLimiter,
  type RateLimitInit,
  rateLimit,
  securityHeaders,
} from '../../http/index.ts'
import { errorPage } from './pages/error-page.ts'
import { moderatorRoutes } from './pages/moderator-routes.ts'
import { publicRoutes } from './pages/public-routes.ts'
import { submissionRoutes } from './pages/submission-routes.ts'
import type { Site } from './site.ts'

export interface SiteAppInit {
  /** Routes for machines: feeds, the API, the tracker. */
  readonly machine: Hono<HttpEnv>
  /** Sees every request. */
  readonly observe?: MiddlewareHandler | undefined
  readonly isAllowedHost: HostCheck
  readonly readAddress: AddressReader
  /** How much one address may ask for; `false` sets no limit. @default 600 requests at once, 60 a second */
  readonly rateLimit?: RateLimitInit | false | undefined
  /** How long a page may be kept, in milliseconds. @default 5_000 */
  readonly keepPagesMs?: number | undefined
  /** Called with what went wrong here, not with what clients did wrong. */
  readonly onError?: ((error: unknown, path: string) => void) | undefined
}

/** A .torrent of 10 MB, in the base64 of JSON too. */
const torrentBodyBytes = 13_500_000
const otherBodyBytes = 128_000
/** What is sent here is read, checked and stored: that is more work than a page. */
const tokensOfPost = 10
/** What answers peers has limits of its own; what watches the site must get through. */
const unlimited = new Set(['/announce', '/scrape', '/healthz', '/metrics'])

/** Everything that a site answers. */
export function siteApp(site: Site, init: SiteAppInit): Hono<HttpEnv> {
  const { machine, isAllowedHost, readAddress, keepPagesMs = 5_000 } = init
  const app = new Hono<HttpEnv>()
  if (init.observe) app.use(init.observe)
  app.use(
    securityHeaders({
      csp: { 'img-src': "'self'", 'style-src': "'self'", 'script-src': "'self'" },
    }),
  )
  app.use(clientAddress(readAddress))
  const guardHost = hostGuard(isAllowedHost)
  app.use((context, next) => (context.req.path === '/healthz' ? next() : guardHost(context, next)))
  app.use(originGuard({ publicUrl: site.settings.publicUrl }))
  if (init.rateLimit !== false) {
    const limit = rateLimit(new RateLimiter(init.rateLimit ?? { burst: 600, perSecond: 60 }), ({ req }) =>
      req.method === 'POST' ? tokensOfPost : 1,
    )
    app.use((context, next) => (unlimited.has(context.req.path) ? next() : limit(context, next)))
  }
  const [limitTorrent, limitOther] = [bodyLimit(torrentBodyBytes), bodyLimit(otherBodyBytes)]
  app.use((context, next) =>
    (/^\/(submit|api\/.*|review\/\d+\/accept)$/.test(context.req.path) ? limitTorrent : limitOther)(
      context,
      next,
    ),
  )
  app.route('/', publicRoutes(site, { keepPagesMs }))
  app.route('/', submissionRoutes(site))
  app.route('/', moderatorRoutes(site))
  app.route('/', machine)
  app.notFound(({ req }) => answerError(site, new HttpError(404, 'The page was moved, or never was.'), req))
  app.onError((error, { req }) => {
    const answer = httpErrorOf(error)
    if (answer.status >= 500) init.onError?.(error, req.path)
    return answerError(site, answer, req, error instanceof P2pShareError ? error.code : undefined)
  })
  return app
}

/** Errors are pages to browsers, and problem documents (RFC 9457) to programs. */
async function answerError(
  site: Site,
  error: HttpError,
  req: { header(name: string): string | undefined },
  code?: string,
): Promise<Response> {
  if (!prefersHtml(req.header('accept'))) return problemOf(error, code)
  const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }
  return new Response(String(await errorPage(site, error)), {
    status: error.status,
    headers: { ...error.headers, ...headers },
  })
}
