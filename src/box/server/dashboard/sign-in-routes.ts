import { type Context, Hono } from 'hono'
import { setCookie } from 'hono/cookie'
import { bodyLimit, type HttpEnv, sameToken } from '../../../http/index.ts'
import { sessionCookie, sessionOf } from '../access-guard.ts'
import type { RequestCount } from '../request-limits.ts'
import type { SignInCodes } from '../sign-in-codes.ts'
import { signInPage } from './sign-in-page.ts'

export interface SignInInit {
  readonly token: string
  readonly count: RequestCount
  /** What links that sign in end with. */
  readonly codes: SignInCodes
  /** Whether browsers reach the box over https alone. */
  readonly isSecure: boolean
}

const lastsSeconds = 90 * 24 * 3_600
const formBytes = 2_000

/** How a browser comes by the cookie that opens the box: what they answer is open to everybody. */
export function signInRoutes({ token, count, codes, isSecure }: SignInInit): Hono<HttpEnv> {
  const flags = { path: '/', httpOnly: true, sameSite: 'Strict', secure: isSecure } as const
  const letIn = (context: Context<HttpEnv>) => {
    setCookie(context, sessionCookie, sessionOf(token), { ...flags, maxAge: lastsSeconds })
    return context.redirect('/', 303)
  }
  const refuse = (context: Context<HttpEnv>, problem: string) => {
    count('wrong', context.get('address'))
    return page(context, 403, problem)
  }
  return new Hono<HttpEnv>()
    .get('/sign-in', context => page(context, 200))
    .post('/sign-in', bodyLimit(formBytes), async context => {
      const shown = await readToken(context)
      if (!sameToken(shown.trim(), token)) return refuse(context, 'That is not the token of this box.')
      return letIn(context)
    })
    .get('/sign-in/:code', context =>
      codes.take(context.req.param('code'))
        ? letIn(context)
        : refuse(context, 'That link was used already, or is too old: p2pshare box status prints another.'),
    )
    .post('/sign-out', context => {
      setCookie(context, sessionCookie, '', { ...flags, maxAge: 0 })
      return context.redirect('/sign-in', 303)
    })
}

async function readToken(context: Context<HttpEnv>): Promise<string> {
  const form = await context.req.formData().catch(() => new FormData())
  const shown = form.get('token')
  return typeof shown === 'string' ? shown : ''
}

function page(context: Context<HttpEnv>, status: 200 | 403, problem?: string): Response | Promise<Response> {
  return context.html(signInPage(problem), status, { 'cache-control': 'no-store' })
}
