import type { HonoRequest } from 'hono'

/** Headers by which a proxy says that others ask. */
const proxys = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'cf-connecting-ip',
]
const ownNames = /^(?:localhost|(?:[\w-]+\.)+localhost|127(?:\.\d{1,3}){3}|\[::1\])\.?(?::\d{1,5})?$/i

/**
 * Whether somebody of this machine may ask for themselves: no proxy says that it hands this on, and it is asked for by a name of this machine
 * alone. Behind a proxy or a tunnel everybody comes from here.
 */
export function isDirect(req: HonoRequest): boolean {
  return ownNames.test(req.header('host') ?? '') && !proxys.some(name => req.header(name) !== undefined)
}
