import type { Context } from 'hono'
import { type HttpEnv, HttpError } from '../../../../http/index.ts'
import type { Moderator, Moderators } from '../../../moderation/moderators.ts'
import type { ApiCaller, Operation } from './operation.ts'

const nobody: ApiCaller = { name: '' }

/** The moderator whose token a request carries, if it does. */
export async function moderatorOf(
  c: Pick<Context<HttpEnv>, 'req'>,
  moderators: Moderators,
): Promise<Moderator | undefined> {
  const [, token] = /^Bearer +([\w~+/.-]{1,200}=*)$/i.exec(c.req.header('authorization') ?? '') ?? []
  return token ? moderators.identify(token) : undefined
}

/** Who calls an operation. @throws {HttpError} 401 where it takes a token and none is right */
export async function callerOf(
  c: Pick<Context<HttpEnv>, 'req'>,
  { needsToken }: Operation,
  moderators: Moderators,
): Promise<ApiCaller> {
  if (!needsToken) return nobody
  const moderator = await moderatorOf(c, moderators)
  if (moderator) return moderator
  throw new HttpError(401, 'This takes a moderator’s token: Authorization: Bearer …', {
    'www-authenticate': 'Bearer',
  })
}
