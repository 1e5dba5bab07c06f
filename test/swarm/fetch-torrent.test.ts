import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import test, { type ExecutionContext } from 'ava'
import { fetchTorrent } from '../../src/swarm/fetch-torrent.ts'

async function serve(t: ExecutionContext, listener: RequestListener, host = '127.0.0.1'): Promise<string> {
  const server = createServer(listener).listen(0, host)
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://${host}:${(server.address() as AddressInfo).port}/`
}

test('a body comes as it is, over redirects within the host', async t => {
  const url = await serve(t, (request, response) => {
    if (request.url === '/') response.writeHead(302, { location: '/next' }).end()
    else response.end('d4:infode')
  })
  t.is(Buffer.from(await fetchTorrent(url, { trust: 'host' })).toString(), 'd4:infode')
})

test('a private address is not contacted unless its host was named by a person', async t => {
  let contacts = 0
  const url = await serve(t, (_, response) => {
    contacts++
    response.end('x')
  })
  await t.throwsAsync(fetchTorrent(url, { trust: 'public' }), { code: 'ERR_ADDRESS_NOT_ALLOWED' })
  const named = url.replace('127.0.0.1', 'localhost')
  await t.throwsAsync(fetchTorrent(named, { trust: 'public' }), { code: 'ERR_ADDRESS_NOT_ALLOWED' })
  t.is(contacts, 0)
  await fetchTorrent(url, { trust: 'host' })
  t.is(contacts, 1)
})

test('a redirect to another private address is not followed', async t => {
  let contacts = 0
  const inner = await serve(t, () => contacts++)
  const url = await serve(t, (_, response) => response.writeHead(301, { location: inner }).end())
  await t.throwsAsync(fetchTorrent(url, { trust: 'host' }), { code: 'ERR_ADDRESS_NOT_ALLOWED' })
  t.is(contacts, 0)
})

test('redirects in a circle, to another protocol or to nowhere end with an error', async t => {
  for (const location of ['/', 'file:///etc/passwd', 'ftp://127.0.0.1/', 'http://']) {
    const url = await serve(t, (_, response) => response.writeHead(302, { location }).end())
    const error = await t.throwsAsync(fetchTorrent(url, { trust: 'host' }))
    t.regex((error as { code?: string }).code ?? '', /^ERR_(FETCH_FAILED|ADDRESS_NOT_ALLOWED)$/, location)
  }
})

test('a body of more than 10 MB is given up, whatever its header says', async t => {
  const url = await serve(t, (_, response) => {
    response.writeHead(200)
    const chunk = Buffer.alloc(1 << 20)
    const more = () => {
      while (!response.destroyed && response.write(chunk));
      if (!response.destroyed) response.once('drain', more)
    }
    more()
  })
  await t.throwsAsync(fetchTorrent(url, { trust: 'host' }), {
    code: 'ERR_FETCH_FAILED',
    message: /longer than/,
  })
})

test('what the server answers instead of a torrent is named', async t => {
  const url = await serve(t, (_, response) => response.writeHead(404).end('gone'))
  await t.throwsAsync(fetchTorrent(url, { trust: 'host' }), { code: 'ERR_FETCH_FAILED', message: /404/ })
  const nobody = await serve(t, () => {})
  await t.throwsAsync(fetchTorrent(nobody.replace(/\d+\/$/, '1/'), { trust: 'host' }), {
    code: 'ERR_FETCH_FAILED',
    message: /127\.0\.0\.1:1/,
  })
})

test('aborting ends the request with the reason', async t => {
  const controller = new AbortController()
  const reason = new Error('enough')
  const url = await serve(t, () => controller.abort(reason))
  await t.throwsAsync(fetchTorrent(url, { trust: 'host', signal: controller.signal }), { is: reason })
})
