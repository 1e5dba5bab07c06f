import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { createMiddleware } from 'hono/factory'
import { type HttpEnv, HttpError } from '../../../http/index.ts'
import { isCsrf, type Session } from '../../moderation/moderators.ts'
import type { Site } from '../site.ts'
import { type Form, readForm } from './read-form.ts'

export interface ModeratorEnv extends HttpEnv {
  Variables: HttpEnv['Variables'] & { session: Session }
}

/** A name that a browser takes only where the cookie is sent over HTTPS alone. */
const cookieName = (isSecure: boolean) => (isSecure ? '__Host-session' : 'session')

export class Sessions {
  readonly #site: Pick<Site, 'moderators' | 'settings'>

  constructor(site: Pick<Site, 'moderators' | 'settings'>) {
    this.#site = site
  }

  /** The session of who asks. */
  async of(context: Context<HttpEnv>): Promise<Session | undefined> {
    const cookie = getCookie(context, cookieName(this.#isSecure))
    return cookie === undefined ? undefined : this.#site.moderators.session(cookie)
  }

  begin(context: Context<HttpEnv>, { cookie, expiresAt }: Session): void {
    this.#set(context, cookie, expiresAt)
  }

  async end(context: Context<HttpEnv>, { cookie }: Session): Promise<void> {
    await this.#site.moderators.signOut(cookie)
    this.#set(context, '', new Date(0))
  }

  /** Lets only moderators pass; others are sent to sign in. Nothing of what they see is kept by a cache. */
  get required() {
    return createMiddleware<ModeratorEnv>(async (context, next) => {
      const session = await this.of(context as unknown as Context<HttpEnv>)
      if (!session) {
        if (context.req.method === 'GET') return context.redirect('/sign-in', 303)
        throw new HttpError(401, 'Your session has ended. Sign in and do it again.')
      }
      context.set('session', session)
      await next()
      context.res.headers.set('cache-control', 'no-store')
    })
  }

  #set(context: Context<HttpEnv>, value: string, expires: Date): void {
    const secure = this.#isSecure
    const flags = { path: '/', httpOnly: true, sameSite: 'Strict', secure, expires } as const
    setCookie(context, cookieName(secure), value, flags)
  }

  get #isSecure(): boolean {
    return this.#site.settings.publicUrl?.startsWith('https:') ?? false
  }
}

/**
 * Reads a form of a moderator's page.
 * @throws {HttpError} 403 where it does not come from a page of this session
 */
export async function readSignedForm(context: Context<ModeratorEnv>): Promise<Form> {
  const form = await readForm(context.req)
  if (isCsrf(context.get('session'), form.text('csrf'))) return form
  throw new HttpError(403, 'This form is from another session. Open its page again.')
}
