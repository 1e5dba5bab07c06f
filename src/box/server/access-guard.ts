import type { HonoRequest, MiddlewareHandler } from 'hono'
import { getCookie } from 'hono/cookie'
import { type HttpEnv, HttpError, hashToken, prefersHtml, sameToken } from '../../http/index.ts'
import type { OwnerCheck } from './owner/owner-check.ts'
import type { RequestCount } from './request-limits.ts'

/** The name of the RPC's user; the password is the token. */
const rpcUser = 'p2pshare'
export const sessionCookie = 'p2pshare-box'

export interface AccessInit {
  readonly token: string
  readonly count: RequestCount
  /** Who is let in without showing anything; what is shown all the same has to be right. @default nobody */
  readonly isOwner?: OwnerCheck | undefined
}

const whereTokenIs = 'The box printed it at its first start, and keeps it in the file api-token of its home.'
const refusal = `Show the token of this box. ${whereTokenIs}`
const refusalOfOthers = `Only the user whom this box belongs to needs no token, and you are not known to be that one. ${refusal}`

/**
 * Lets through who shows the token: as a bearer, as the password of the user `p2pshare`, or in the cookie of a browser that signed
 * in; and the owner, where the box listens for its own machine alone.
 */
export function accessGuard({ token, count, isOwner }: AccessInit): MiddlewareHandler<HttpEnv> {
  const session = sessionOf(token)
  return async (context, next) => {
    const shown = context.req.header('authorization')
    const cookie = getCookie(context, sessionCookie)
    const isRight =
      shown === undefined ? cookie !== undefined && sameToken(cookie, session) : isToken(shown, token)
    const isKnown = isRight || (shown === undefined && ((await isOwner?.(context)) ?? false))
    const isWrong = !isKnown && (shown ?? cookie) !== undefined
    count(isKnown ? 'known' : isWrong ? 'wrong' : 'open', context.get('address'))
    if (!isKnown) {
      if (shown === undefined && isLookedAt(context.req)) return context.redirect('/sign-in', 303)
      throw new HttpError(
        401,
        isOwner && shown === undefined ? refusalOfOthers : refusal,
        isAskedByPage(context.req)
          ? {}
          : { 'www-authenticate': 'Basic realm="p2pshare box", charset="UTF-8"' },
      )
    }
    await next()
  }
}

/** A person's browser that goes to a page. */
function isLookedAt(req: HonoRequest): boolean {
  return req.method === 'GET' && prefersHtml(req.header('accept'))
}

/** The dashboard asks for the token itself: a browser must not put its own question for a password before that. */
function isAskedByPage(req: HonoRequest): boolean {
  return req.header('x-requested-with') !== undefined || req.header('accept') === 'text/event-stream'
}

/** What a browser keeps instead of the token: it opens the box, and nothing else can be made of it. */
export function sessionOf(token: string): string {
  return hashToken(`session ${token}`)
}

function isToken(authorization: string, token: string): boolean {
  const [, scheme = '', value = ''] = /^(\w+) +(\S+)\s*$/.exec(authorization) ?? []
  if (scheme.toLowerCase() === 'bearer') return sameToken(value, token)
  if (scheme.toLowerCase() !== 'basic') return false
  const [user = '', ...password] = Buffer.from(value, 'base64').toString('utf8').split(':')
  return user === rpcUser && sameToken(password.join(':'), token)
}
