import type { HonoRequest, MiddlewareHandler } from 'hono'
import { HttpError } from './http-error.ts'

const harmless = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses requests that change something and come from a page of another origin. A browser always says where they come
 * from (`Sec-Fetch-Site`, `Origin`); programs that are no browsers send neither and are let through, and so is what carries
 * a bearer token, which no browser adds by itself.
 *
 * @param publicUrl where the server is reached through a proxy that changes `Host`
 */
export function originGuard({ publicUrl }: { publicUrl?: string | undefined } = {}): MiddlewareHandler {
  const publicOrigin = publicUrl && new URL(publicUrl).origin
  return async (context, next) => {
    const { req } = context
    if (!harmless.has(req.method) && !hasBearer(req)) {
      const site = req.header('sec-fetch-site')
      const origin = req.header('origin')
      const isOwn =
        origin === undefined ||
        origin === publicOrigin ||
        hostOf(origin) === (req.header('host') ?? hostOf(req.url))
      if (!isOwn || (site !== undefined && site !== 'same-origin' && site !== 'none'))
        throw new HttpError(403, 'This was sent from another web site. Open the page here and send it again.')
    }
    await next()
  }
}

/** Whether it carries a token that no browser adds by itself. */
export function hasBearer(req: HonoRequest): boolean {
  return /^bearer /i.test(req.header('authorization') ?? '')
}

function hostOf(url: string): string | undefined {
  return URL.parse(url)?.host
}
