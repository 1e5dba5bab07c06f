import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import test, { type ExecutionContext } from 'ava'
import fc from 'fast-check'
import { encodeBencode } from '../../../src/core/index.ts'
import { announceHttp, announceUrl } from '../../../src/swarm/discovery/tracker-http.ts'
import type { TrackerRequest } from '../../../src/swarm/discovery/tracker-request.ts'

const request: TrackerRequest = {
  infoHash: Buffer.from('000102202580ff417e5f2d2e2b2f3f26233d207a'.slice(0, 40), 'hex'),
  peerId: Buffer.from('-PS0100-abcdefghijkl'),
  port: 6881,
  key: 10,
  uploaded: 1,
  downloaded: 2,
  left: 3,
  wanted: 4,
  event: undefined,
  trackerId: undefined,
}
const options = { allowPrivate: true, timeoutMs: 10_000 }

async function server(t: ExecutionContext, answer: RequestListener): Promise<string> {
  const made = createServer(answer)
  made.listen(0, '127.0.0.1')
  await once(made, 'listening')
  t.teardown(() => {
    made.close()
    made.closeAllConnections()
  })
  return `http://127.0.0.1:${(made.address() as { port: number }).port}/announce`
}

test('What a tracker’s URL asks for stays, and every byte of a hash arrives', t => {
  t.is(
    announceUrl('http://tracker.example/a?passkey=x#top', {
      ...request,
      event: 'completed',
      trackerId: Buffer.from('&='),
    }),
    'http://tracker.example/a?passkey=x&info_hash=%00%01%02%20%25%80%ffA~_-.%2b%2f%3f%26%23%3d%20z' +
      '&peer_id=-PS0100-abcdefghijkl&port=6881&uploaded=1&downloaded=2&left=3&compact=1&numwant=4' +
      '&key=0000000a&event=completed&trackerid=%26%3d',
  )
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), infoHash => {
      const escaped = /info_hash=([^&]*)/.exec(announceUrl('http://a/', { ...request, infoHash }))![1]!
      const read = escaped.replace(/%(..)/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
      t.deepEqual(Buffer.from(read, 'latin1'), Buffer.from(infoHash))
    }),
  )
})

test('An announce is answered', async t => {
  const url = await server(t, (_, response) => {
    response.end(encodeBencode({ interval: 60, peers: Buffer.from([192, 0, 2, 1, 0, 1]) }))
  })
  t.like(await announceHttp(url, request, options), { intervalMs: 60_000, peers: ['192.0.2.1:1'] })
})

test('What fails is said without the URL, which may hold a secret', async t => {
  const failing = async (answer: RequestListener, message: RegExp, timeoutMs = 10_000) => {
    const url = await server(t, answer)
    const error = await t.throwsAsync(
      announceHttp(`${url}?passkey=secret`, request, { ...options, timeoutMs }),
      {
        code: 'ERR_FETCH_FAILED',
        message,
      },
    )
    t.false(error!.message.includes('secret'))
  }
  await failing((_, response) => response.writeHead(503).end(), /^the server answered 503$/)
  await failing((_, response) => void response.end(Buffer.alloc(2_000_000)), /longer than 1000000 bytes/)
  await failing((_, response) => void response.end('<html>'), /no answer of a tracker/)
  await failing(({ socket }) => void socket.destroy(), /hang up/)
  await failing(() => {}, /^no answer within 0.1 s$/, 100)
  await failing((_, response) => void response.write('d'), /^no answer within 0.1 s$/, 100)
  await failing((_, response) => void response.end(encodeBencode({ 'failure reason': 'no' })), /^no$/)
  await failing((asked, response) => response.writeHead(302, { location: asked.url }).end(), /redirects/)
})

test('No redirect leads to another private address, and no private address is contacted unasked', async t => {
  const inside = await server(t, () => t.fail())
  const url = await server(t, (_, response) => response.writeHead(302, { location: inside }).end())
  await t.throwsAsync(announceHttp(url, request, options), { code: 'ERR_ADDRESS_NOT_ALLOWED' })
  await t.throwsAsync(announceHttp(inside, request, { ...options, allowPrivate: false }), {
    code: 'ERR_ADDRESS_NOT_ALLOWED',
  })
})

test('Aborting ends the request with the reason', async t => {
  const url = await server(t, () => aborter.abort(reason))
  const aborter = new AbortController()
  const reason = new Error('enough')
  t.is(await t.throwsAsync(announceHttp(url, request, { ...options, signal: aborter.signal })), reason)
})
