import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hostname } from 'node:os'
import test, { type ExecutionContext } from 'ava'
import { isPublicAddress } from '../../src/core/index.ts'
import { HttpAnswerError, openHttp } from '../../src/swarm/http-open.ts'

const { signal } = new AbortController()

async function serve(t: ExecutionContext, handler: RequestListener, address = '127.0.0.1'): Promise<number> {
  const server = createServer(handler).listen(0, address)
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of response) text += chunk
  return text
}

test('a connection that was kept open and is closed just then costs no request', async t => {
  const seen = new WeakSet<object>()
  const port = await serve(t, ({ socket }, response) => {
    if (seen.has(socket)) return void socket.resetAndDestroy()
    seen.add(socket)
    response.end('here')
  })
  for (let count = 0; count < 4; count++)
    t.is(await textOf(await openHttp(`http://127.0.0.1:${port}/`, { trust: 'all', signal })), 'here')
})

test('a connection that was made with trust does not carry a request without it', async t => {
  const name = hostname()
  const found = await lookup(name, { family: 4 }).catch(() => undefined)
  const isFit = found !== undefined && isPublicAddress(name) && !isPublicAddress(found.address)
  // Some machines are known by a public address, or not at all.
  if (!isFit) return t.pass()
  const port = await serve(t, (_, response) => response.end('here'), '0.0.0.0')
  const url = `http://${name}:${port}/`
  t.is(await textOf(await openHttp(url, { trust: 'all', signal })), 'here')
  await t.throwsAsync(openHttp(url, { trust: 'public', signal }), { code: 'ERR_ADDRESS_NOT_ALLOWED' })
})

test('a server that sends no more is given up, before its answer and within it', async t => {
  const port = await serve(t, ({ url }, response) => {
    if (url === '/begins') response.writeHead(200).write('begins')
  })
  const options = { trust: 'all', signal, idleMs: 50 } as const
  await t.throwsAsync(openHttp(`http://127.0.0.1:${port}/silent`, options), {
    message: /nothing came for 0.05 s/,
  })
  const response = await openHttp(`http://127.0.0.1:${port}/begins`, options)
  await t.throwsAsync(textOf(response), { message: /nothing came for 0.05 s/ })
})

for (const [said, understood] of [
  ['120', 120_000],
  ['999999', 3_600_000],
  ['-1', undefined],
  ['Wed, 21 Oct 2026 07:28:00 GMT', undefined],
] as const)
  test(`"Retry-After: ${said}" is ${understood ?? 'not'} understood`, async t => {
    const port = await serve(t, (_, response) => response.writeHead(503, { 'retry-after': said }).end())
    const error = await t.throwsAsync(openHttp(`http://127.0.0.1:${port}/`, { trust: 'all', signal }))
    t.true(error instanceof HttpAnswerError)
    t.like(error, { status: 503, retryAfterMs: understood })
  })

test('what redirects elsewhere than to HTTP is not followed', async t => {
  const port = await serve(t, (_, response) =>
    response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  )
  await t.throwsAsync(openHttp(`http://127.0.0.1:${port}/`, { trust: 'all', signal }), {
    message: /not HTTP/,
  })
})
