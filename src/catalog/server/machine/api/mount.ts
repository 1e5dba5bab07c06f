import type { Context, Hono } from 'hono'
import type { z } from 'zod'
import { type ErrorCode, P2pShareError } from '../../../../core/index.ts'
import { bodyLimit, type HttpEnv, HttpError, httpErrorOf, problem } from '../../../../http/index.ts'
import type { Moderator, Moderators } from '../../../moderation/moderators.ts'
import { SubmissionError } from '../../../submission/submission-problem.ts'
import { conditional } from '../conditional.ts'
import type { Operation } from './operation.ts'

/** What anybody may read, any page may: nothing in it depends on who asks. */
const anyOrigin = { 'access-control-allow-origin': '*' }

const nobody = { name: '' }
/** Of the tags of a form; the schema takes fewer. */
const maxWords = 1_000

type ApiContext = Context<HttpEnv>

/** Routes operations: checks what comes, and answers in JSON or with a problem document (RFC 9457). */
export function mount(app: Hono<HttpEnv>, operations: readonly Operation[], moderators: Moderators): void {
  for (const one of operations)
    app.on(one.method.toUpperCase(), one.path.replaceAll(/\{(\w+)\}/g, ':$1'), async c => {
      try {
        return await answer(c, one, moderators)
      } catch (error) {
        if (!(error instanceof HttpError || error instanceof P2pShareError)) throw error
        return problemFor(error, isPublic(one) ? anyOrigin : {})
      }
    })
}

/** Reading what everybody may, as opposed to what a secret or a token lets one read. */
function isPublic({ method, tag }: Operation): boolean {
  return method === 'get' && tag === 'catalog'
}

async function answer(c: ApiContext, one: Operation, moderators: Moderators): Promise<Response> {
  const moderator = one.needsModerator ? await identify(c, moderators) : nobody
  const input = {
    path: checked(one.pathSchema, c.req.param(), 'path'),
    query: checked(one.querySchema, c.req.query(), 'query'),
    body: one.bodySchema && checked(one.bodySchema, await readBody(c, one), 'body'),
    address: c.get('address'),
    moderator,
  }
  const result = await one.handle(input as Parameters<Operation['handle']>[0])
  const body = `${JSON.stringify(one.success.schema.parse(result))}\n`
  const contentType = 'application/json; charset=utf-8'
  if (isPublic(one)) return conditional(c, body, { contentType, headers: anyOrigin })
  const headers = { 'content-type': contentType, 'cache-control': 'no-store' }
  return new Response(body, { status: one.success.status, headers })
}

/** The moderator whose token a request carries, if it does. */
export async function moderatorOf(
  c: Pick<ApiContext, 'req'>,
  moderators: Moderators,
): Promise<Moderator | undefined> {
  const [, token] = /^Bearer +([\w~+/.-]{1,200}=*)$/i.exec(c.req.header('authorization') ?? '') ?? []
  return token ? moderators.identify(token) : undefined
}

async function identify(c: ApiContext, moderators: Moderators): Promise<{ readonly name: string }> {
  const moderator = await moderatorOf(c, moderators)
  if (moderator) return moderator
  throw new HttpError(401, 'This takes a moderator’s token: Authorization: Bearer …', {
    'www-authenticate': 'Bearer',
  })
}

async function readBody(c: ApiContext, { formFiles, maxBodyBytes = 65_536 }: Operation): Promise<unknown> {
  await bodyLimit(maxBodyBytes)(c, async () => {})
  const contentType = c.req.header('content-type') ?? ''
  if (formFiles && contentType.startsWith('multipart/form-data')) return readForm(c, formFiles)
  if (!/^application\/(?:[\w.+-]+\+)?json\b/.test(contentType))
    throw new HttpError(415, `Send application/json${formFiles ? ' or multipart/form-data' : ''}.`)
  try {
    return await c.req.json()
  } catch (error) {
    if (error instanceof HttpError) throw error
    throw new HttpError(400, 'The body is no JSON.')
  }
}

/** Files become base64, as JSON has them; `tags` is a list, of fields or with commas between. */
async function readForm(c: ApiContext, files: readonly string[]): Promise<Record<string, unknown>> {
  const form = await c.req.formData().catch(error => {
    if (error instanceof HttpError) throw error
    throw new HttpError(400, 'The form cannot be read.')
  })
  const fields: Record<string, unknown> = {}
  const tags: string[] = []
  for (const [name, value] of form) {
    if (typeof value !== 'string') {
      if (value.size > 0 && files.includes(name))
        fields[name] = Buffer.from(await value.arrayBuffer()).toString('base64')
    } else if (name === 'tags') tags.push(value)
    else if (value !== '') fields[name] = value
  }
  const words = tags.join(',').split(',', maxWords)
  if (tags.length > 0) fields.tags = words.map(tag => tag.trim()).filter(Boolean)
  return fields
}

function checked(schema: z.ZodType | undefined, value: unknown, where: string): unknown {
  if (!schema) return undefined
  const { data, error } = schema.safeParse(value)
  if (!error) return data
  const [issue] = error.issues
  const name = issue?.path.join('.') || where
  throw new P2pShareError('ERR_INVALID_ARGUMENT', `${name}: ${issue?.message ?? 'invalid'}`)
}

const codes: Readonly<Record<number, ErrorCode>> = {
  400: 'ERR_INVALID_ARGUMENT',
  401: 'ERR_NOT_AUTHORIZED',
  403: 'ERR_NOT_AUTHORIZED',
  413: 'ERR_INVALID_ARGUMENT',
  415: 'ERR_INVALID_ARGUMENT',
  429: 'ERR_RATE_LIMITED',
}

function problemFor(error: HttpError | P2pShareError, more: Readonly<Record<string, string>>): Response {
  const { status, detail, headers } = httpErrorOf(error)
  const code = error instanceof P2pShareError ? error.code : codes[status]
  if (!(error instanceof SubmissionError)) return problem(status, code, detail, { ...headers, ...more })
  return problem(422, code, detail, { ...headers, ...more }, { errors: error.problems })
}
