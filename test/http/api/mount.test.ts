import test from 'ava'
import { Hono } from 'hono'
import { z } from 'zod'
import { type HttpEnv, mount, type Operation, operationsFor, type SlowRun } from '../../../src/http/index.ts'

const operation = operationsFor<undefined>()
const answer = z.object({ id: z.string() })

/** What an API with two ways of one path answers. */
function api(begin?: (operation: Operation<undefined>, run: SlowRun) => Response) {
  const common = {
    tag: 'x',
    summary: 'x',
    success: { status: 200, description: 'x', schema: answer },
  } as const
  const operations = [
    operation({
      ...common,
      id: 'get',
      method: 'get',
      path: '/things/{id}',
      handle: async () => ({ id: 'got' }),
    }),
    operation({
      ...common,
      id: 'make',
      method: 'post',
      path: '/things/{id}',
      bodySchema: z.object({ name: z.string() }),
      isSlow: true,
      handle: async ({ body, onProgress }) => {
        onProgress?.({ doneBytes: 1, totalBytes: 2 })
        return { id: body.name, secret: 'is left out' }
      },
    }),
  ]
  const app = new Hono<HttpEnv>()
  mount(app, operations, { identify: () => undefined, ...(begin && { begin }) })
  return (method: string, path = '/things/1', headers: Record<string, string> = {}, body?: string) =>
    app.request(path, { method, headers, ...(body !== undefined && { body }) })
}

const json = { 'content-type': 'application/json' }

test('what goes with a path is told where something else is asked of it', async t => {
  const ask = api()
  t.deepEqual(await (await ask('GET')).json(), { id: 'got' })
  const refused = await ask('DELETE')
  t.is(refused.status, 405)
  t.is(refused.headers.get('content-type'), 'application/problem+json')
  t.is(refused.headers.get('allow'), 'GET, HEAD, OPTIONS, POST')
  t.is((await ask('OPTIONS')).status, 204)
  t.is((await ask('DELETE', '/others')).status, 404)
})

test('what takes long is begun where a client does not wait and the API can, else waited for', async t => {
  const prefer = { ...json, prefer: 'respond-async' }
  const waited = await api()('POST', '/things/1', prefer, '{"name":"a"}')
  t.deepEqual(await waited.json(), { id: 'a' })
  const begun: unknown[] = []
  const ask = api(({ id }, run) => {
    begun.push(id)
    const result = run(progress => begun.push(progress))
    begun.push(result)
    return new Response(null, { status: 202 })
  })
  t.is((await ask('POST', '/things/1', json, '{"name":"a"}')).status, 200)
  t.is((await ask('POST', '/things/1', prefer, '{"name":1}')).status, 400, 'what is wrong is told at once')
  t.deepEqual(begun, [])
  t.is((await ask('POST', '/things/1', prefer, '{"name":"b"}')).status, 202)
  const [name, progress, result] = begun
  t.is(name, 'make')
  t.deepEqual(progress, { doneBytes: 1, totalBytes: 2 })
  t.deepEqual(await result, { id: 'b' })
})
