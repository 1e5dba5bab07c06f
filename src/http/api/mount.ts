import type { Context, Hono } from 'hono'
import type { z } from 'zod'
import { P2pShareError } from '../../core/index.ts'
import { bodyLimit } from '../body-limit.ts'
import { requirePace } from '../body-pace.ts'
import { parseBoundedJson } from '../bounded-json.ts'
import type { HttpEnv } from '../client-address.ts'
import { errorCodeOf, HttpError, httpErrorOf } from '../http-error.ts'
import { problem } from '../problem.ts'
import type { Operation, WorkProgress } from './operation.ts'
import { readPreferences } from './preferences.ts'

type ApiContext = Context<HttpEnv>

/** What differs between our APIs. */
export interface MountInit<Caller> {
  /**
   * Who calls; asked of every operation, for those that need a token it is to throw where there is none.
   * @throws {HttpError} 401
   */
  identify(context: ApiContext, operation: Operation<Caller>): Caller | Promise<Caller>
  /**
   * Begins an operation that takes long for a client that does not wait (`Prefer: respond-async`), and answers how to look after it.
   * Without it every client waits.
   */
  begin?(operation: Operation<Caller>, run: SlowRun): Response
  /** Answers with JSON that was made, where it is not to be answered as usual. */
  answer?(context: ApiContext, operation: Operation<Caller>, json: string): Response | undefined
  /** Headers that problem documents of an operation have too. */
  problemHeaders?(operation: Operation<Caller>): Readonly<Record<string, string>>
  /** The problem document of an error that has one of its own. */
  problemOf?(error: unknown, headers: Readonly<Record<string, string>>): Response | undefined
}

/** Does an operation; gives what it answers as JSON. */
export type SlowRun = (onProgress: (progress: WorkProgress) => void) => Promise<unknown>

/** Of the lists of a form; their schemas take fewer. */
const maxWords = 1_000

/** Routes operations: checks what comes, and answers in JSON or with a problem document (RFC 9457). */
export function mount<Caller>(
  app: Hono<HttpEnv>,
  operations: readonly Operation<Caller>[],
  init: MountInit<Caller>,
): void {
  const told = (error: unknown, one: Operation<Caller>) => {
    if (!(error instanceof HttpError || error instanceof P2pShareError)) throw error
    const headers = init.problemHeaders?.(one) ?? {}
    return init.problemOf?.(error, headers) ?? problemFor(error, headers)
  }
  for (const one of operations)
    app.on(one.method.toUpperCase(), routeOf(one), c => answer(c, one, init).catch(error => told(error, one)))
  for (const [route, [one, ...others]] of Map.groupBy(operations, routeOf)) {
    const allow = allowed([one!, ...others].map(({ method }) => method.toUpperCase()))
    app.all(route, c => {
      if (c.req.method === 'OPTIONS') return c.body(null, 204, { allow })
      return told(new HttpError(405, `This takes ${allow}.`, { allow }), one!)
    })
  }
}

function routeOf({ path }: Pick<Operation, 'path'>): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1')
}

function allowed(methods: readonly string[]): string {
  return [...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS', ...methods].sort().join(', ')
}

async function answer<Caller>(
  c: ApiContext,
  one: Operation<Caller>,
  init: MountInit<Caller>,
): Promise<Response> {
  const caller = await init.identify(c, one)
  const incoming = c.env?.incoming
  if (one.takesBytes && incoming) requirePace(incoming)
  const input = {
    path: checked(one.pathSchema, c.req.param(), 'path'),
    query: checked(one.querySchema, c.req.query(), 'query'),
    body: one.bodySchema && checked(one.bodySchema, await readBody(c, one), 'body'),
    address: c.get('address'),
    caller,
    request: c.req.raw,
  }
  const { status, schema } = one.success
  const run = async (onProgress?: (progress: WorkProgress) => void) => {
    const result = await one.handle({ ...input, onProgress } as Parameters<Operation<Caller>['handle']>[0])
    return result instanceof Response ? result : schema?.parse(result)
  }
  if (one.isSlow) {
    if (init.begin && readPreferences(c.req.header('prefer')).respondsAsync) return init.begin(one, run)
    incoming?.socket.setTimeout(0)
  }
  const answered = await run()
  if (answered instanceof Response) return answered
  const headers = { 'cache-control': 'no-store' }
  if (!schema) return new Response(null, { status, headers })
  const json = `${JSON.stringify(answered)}\n`
  const usual = { ...headers, 'content-type': 'application/json; charset=utf-8' }
  return init.answer?.(c, one, json) ?? new Response(json, { status, headers: usual })
}

async function readBody<Caller>(
  c: ApiContext,
  { formFiles, formLists, maxBodyBytes = 65_536 }: Operation<Caller>,
): Promise<unknown> {
  await bodyLimit(maxBodyBytes)(c, async () => {})
  const contentType = c.req.header('content-type') ?? ''
  if (formFiles && contentType.startsWith('multipart/form-data'))
    return readForm(c, formFiles, formLists ?? [])
  if (!/^application\/(?:[\w.+-]+\+)?json\b/.test(contentType))
    throw new HttpError(415, `Send application/json${formFiles ? ' or multipart/form-data' : ''}.`)
  try {
    return parseBoundedJson(await c.req.text())
  } catch (error) {
    if (error instanceof HttpError || error instanceof P2pShareError) throw error
    throw new HttpError(400, 'The body cannot be read.')
  }
}

/** Files become base64, as JSON has them. */
async function readForm(
  c: ApiContext,
  files: readonly string[],
  lists: readonly string[],
): Promise<Record<string, unknown>> {
  const form = await c.req.formData().catch(error => {
    if (error instanceof HttpError) throw error
    throw new HttpError(400, 'The form cannot be read.')
  })
  const fields: Record<string, unknown> = {}
  const listed = new Map<string, string[]>()
  for (const [name, value] of form) {
    if (typeof value !== 'string') {
      if (value.size > 0 && files.includes(name))
        fields[name] = Buffer.from(await value.arrayBuffer()).toString('base64')
    } else if (lists.includes(name)) listed.set(name, [...(listed.get(name) ?? []), value])
    else if (value !== '') fields[name] = value
  }
  for (const [name, values] of listed) {
    const words = values.join(',').split(',', maxWords)
    fields[name] = words.map(word => word.trim()).filter(Boolean)
  }
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

function problemFor(error: HttpError | P2pShareError, more: Readonly<Record<string, string>>): Response {
  const { status, detail, headers } = httpErrorOf(error)
  return problem(status, errorCodeOf(error), detail, { ...headers, ...more })
}
