import { once } from 'node:events'
import { connect } from 'node:net'
import test, { type ExecutionContext } from 'ava'
import { Hono } from 'hono'
import { bodyDeadline, type HttpEnv, listen } from '../../src/http/index.ts'

async function serve(t: ExecutionContext, ms: number) {
  const app = new Hono<HttpEnv>().use(bodyDeadline(ms)).post('/', async c => c.text(await c.req.text()))
  app.onError(() => new Response(null, { status: 500 }))
  const listening = await listen((request, env) => app.fetch(request, env), { port: 0, requestTimeoutMs: 0 })
  t.teardown(() => listening.close())
  return listening
}

test('a body that takes too long ends its connection', async t => {
  const { port } = await serve(t, 50)
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc')
  await once(socket, 'close')
  t.pass()
})

test('a body that comes in time is answered, however long the answer waits', async t => {
  const { url } = await serve(t, 30_000)
  const answer = await fetch(url, { method: 'POST', body: 'all of it' })
  t.is(await answer.text(), 'all of it')
})
