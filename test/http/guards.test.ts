import test from 'ava'
import { Hono } from 'hono'
import {
  allowedHosts,
  hostGuard,
  httpErrorOf,
  originGuard,
  problemOf,
  securityHeaders,
} from '../../src/http/index.ts'

function guarded(listenHost = '127.0.0.1', publicUrl: string | undefined = 'https://zoo.example.org') {
  const app = new Hono()
  app.use(securityHeaders({ csp: { 'img-src': "'self'" } }))
  app.use(hostGuard(allowedHosts({ listenHost, publicUrl })))
  app.use(originGuard({ publicUrl }))
  app.all('/', context => context.text('in'))
  app.onError(error => problemOf(httpErrorOf(error)))
  return async (host: string, init: RequestInit & { headers?: Record<string, string> } = {}) =>
    (await app.request('http://x/', { ...init, headers: { host, ...init.headers } })).status
}

test('a request under a name that is not ours is refused, as DNS rebinding would send it', async t => {
  const ask = guarded()
  for (const host of [
    '127.0.0.1:8480',
    'localhost',
    'zoo.localhost:1',
    'zoo.example.org',
    'ZOO.example.org:443',
    '[::1]:8480',
  ])
    t.is(await ask(host), 200, host)
  for (const host of [
    'evil.example',
    'zoo.example.org.evil.example',
    '192.168.1.7',
    '127.0.0.1.evil.example',
    'localhost@evil',
    '',
  ])
    t.is(await ask(host), 421, host)
})

test('a server that listens everywhere answers to addresses, but to no names', async t => {
  const ask = guarded('0.0.0.0')
  t.is(await ask('192.168.1.7:8480'), 200)
  t.is(await ask('[2001:db8::1]'), 200)
  t.is(await ask('evil.example'), 421)
})

test('a form of another web site is refused, that of a program or of a page of ours is not', async t => {
  const ask = guarded()
  const post = (headers: Record<string, string>) => ask('zoo.example.org', { method: 'POST', headers })
  t.is(await post({}), 200)
  t.is(await post({ origin: 'https://zoo.example.org', 'sec-fetch-site': 'same-origin' }), 200)
  t.is(await post({ origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }), 403)
  t.is(await post({ origin: 'https://evil.example' }), 403)
  t.is(await post({ origin: 'null' }), 403)
  t.is(await post({ 'sec-fetch-site': 'same-site' }), 403)
  t.is(await post({ origin: 'https://evil.example', authorization: 'Bearer abc' }), 200)
  t.is(
    await ask('zoo.example.org', { headers: { 'sec-fetch-site': 'cross-site' } }),
    200,
    'a link may be followed',
  )
})

test('every answer carries the headers that keep a page to itself, errors too', async t => {
  const app = new Hono()
  app.use(securityHeaders({ csp: { 'img-src': "'self'" } }))
  app.get('/own', context => context.body('', 200, { 'referrer-policy': 'no-referrer' }))
  for (const path of ['/nothing', '/own']) {
    const { headers } = await app.request(path)
    t.regex(
      headers.get('content-security-policy') ?? '',
      /default-src 'none'.*frame-ancestors 'none'.*img-src 'self'/,
    )
    t.is(headers.get('x-content-type-options'), 'nosniff')
    t.is(headers.get('cross-origin-opener-policy'), 'same-origin')
    t.is(headers.get('referrer-policy'), path === '/own' ? 'no-referrer' : 'same-origin')
  }
})
