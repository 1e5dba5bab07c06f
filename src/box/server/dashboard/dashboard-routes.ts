import { Hono } from 'hono'
import { getCookie } from 'hono/cookie'
import { type HttpEnv, HttpError } from '../../../http/index.ts'
import { sessionCookie } from '../access-guard.ts'
import { clientFiles } from './client-files.ts'
import { qrCode } from './qr-code.ts'
import { shellPage } from './shell-page.ts'

const forEver = 'public, max-age=31536000, immutable'

/** What the pages load. They hold nothing of the box, so that the page for signing in may load them too. */
export function clientRoutes(): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  for (const { path, contentType, body } of clientFiles().values())
    app.get(path, context =>
      context.body(body, 200, { 'content-type': contentType, 'cache-control': forEver }),
    )
  return app
}

/** What the dashboard itself has to know of a box; everything else its page asks the API for. */
export interface DashboardInit {
  readonly shelf: {
    find(reference: string): {
      readonly transfer: { readonly magnetLink: string } | undefined
      readonly entry: { readonly source: { readonly magnet: string } }
    }
  }
}

/** The dashboard: one page, which its modules fill by the API. */
export function dashboardRoutes({ shelf }: DashboardInit): Hono<HttpEnv> {
  return new Hono<HttpEnv>()
    .get('/', context =>
      context.html(shellPage({ canSignOut: getCookie(context, sessionCookie) !== undefined }), 200, {
        'cache-control': 'no-store',
      }),
    )
    .get('/transfers/:id/qr.svg', async context => {
      const { transfer, entry } = shelf.find(context.req.param('id'))
      const magnet = transfer?.magnetLink ?? entry.source.magnet
      if (magnet === '') throw new HttpError(404, 'This transfer has no magnet link yet.')
      return context.body(await qrCode(magnet), 200, {
        'content-type': 'image/svg+xml',
        'cache-control': 'no-cache',
      })
    })
}
