import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import test, { type ExecutionContext } from 'ava'
import { Hono } from 'hono'
import {
  bodyLimit,
  type Fetch,
  httpErrorOf,
  type ListenOptions,
  listen,
  problemOf,
} from '../../src/http/index.ts'

async function serve(t: ExecutionContext, fetch: Fetch, options: Partial<ListenOptions> = {}) {
  const listening = await listen(fetch, { port: 0, ...options })
  t.teardown(() => listening.close())
  return listening
}

async function say(port: number, words: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(words)
  return socket
}

test('a port that is taken is an error that names it', async t => {
  const { port } = await serve(t, () => new Response('first'))
  const error = await t.throwsAsync(
    listen(() => new Response(), { port }),
    { code: 'ERR_PORT_TAKEN' },
  )
  t.true(error?.message.includes(String(port)))
  await t.throwsAsync(
    listen(() => new Response(), { host: '192.0.2.1', port: 0 }),
    { code: 'ERR_INVALID_ARGUMENT' },
  )
})

test('closing lets a request under way end, and closes idle connections at once', async t => {
  const asked = Promise.withResolvers<void>()
  const mayAnswer = Promise.withResolvers<void>()
  const listening = await serve(t, async () => {
    asked.resolve()
    await mayAnswer.promise
    return new Response('done')
  })
  const idle = await say(listening.port, '')
  const answer = fetch(listening.url)
  await asked.promise
  const closed = listening.close()
  t.is(listening.close(), closed)
  mayAnswer.resolve()
  t.is(await (await answer).text(), 'done')
  await closed
  if (!idle.closed) await once(idle, 'close')
  await t.throwsAsync(fetch(listening.url))
})

test('a request that never ends does not keep the server from closing', async t => {
  const asked = Promise.withResolvers<void>()
  const listening = await serve(
    t,
    () => {
      asked.resolve()
      return new Promise<Response>(() => {})
    },
    { closeTimeoutMs: 100 },
  )
  const socket = await say(listening.port, 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')
  socket.on('error', () => {})
  await asked.promise
  await listening.close()
  t.pass()
})

test('a head that trickles in is given up, and one that is too long is refused', async t => {
  const { port } = await serve(t, () => new Response('in'), { headersTimeoutMs: 100, idleTimeoutMs: 60_000 })
  const slow = await say(port, 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ')
  t.regex(await text(slow), /^HTTP\/1\.1 408 /)
  const long = await say(port, `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: ${'a'.repeat(20_000)}\r\n\r\n`)
  t.regex(await text(long), /^HTTP\/1\.1 431 /)
})

test('connections beyond the bound are closed', async t => {
  const { port } = await serve(t, () => new Response('in'), { maxConnections: 2 })
  const held = [await say(port, ''), await say(port, '')]
  const third = await say(port, '')
  await once(third, 'close')
  t.true(held.every(socket => !socket.closed))
  for (const socket of held) socket.destroy()
})

test('a body beyond the bound is refused, also where it does not say how long it is', async t => {
  const app = new Hono()
  app.use(bodyLimit(1_000))
  app.post('/', async context => context.text(String((await context.req.arrayBuffer()).byteLength)))
  app.onError(error => problemOf(httpErrorOf(error)))
  const { url } = await serve(t, request => app.fetch(request))
  const post = (body: Uint8Array<ArrayBuffer> | ReadableStream) =>
    fetch(url, { method: 'POST', body, duplex: 'half' } as RequestInit)
  const chunks = (count: number) =>
    new ReadableStream({
      start(controller) {
        for (let index = 0; index < count; index++) controller.enqueue(new Uint8Array(100))
        controller.close()
      },
    })
  t.is(await (await post(new Uint8Array(1_000))).text(), '1000')
  t.is(await (await post(chunks(10))).text(), '1000')
  for (const body of [new Uint8Array(1_001), chunks(50)]) {
    const answer = await post(body)
    t.is(answer.status, 413)
    t.is(answer.headers.get('content-type'), 'application/problem+json')
    t.is(((await answer.json()) as { status: number }).status, 413)
  }
})
