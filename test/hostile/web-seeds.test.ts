import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import test from 'ava'
import { loadNative } from '../kit/engines.ts'
import { watchMemory } from '../kit/hostile/memory.ts'
import { facts, startVictim } from '../kit/hostile/victim.ts'
import { startWebServer } from '../kit/hostile/web-server.ts'
import { waitUntil } from '../kit/wait-until.ts'

const native = await loadNative()
const mebibyte = 1024 * 1024

function rangeOf(request: IncomingMessage): [from: number, to: number] {
  const [, from = '0', to = '0'] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
  return [Number(from), Number(to)]
}

const partial = (
  response: ServerResponse,
  [from, to]: readonly [number, number],
  body: Uint8Array,
  total: number | '*' = '*',
) => void response.writeHead(206, { 'content-range': `bytes ${from}-${to}/${total}` }).end(body)

const endless = (response: ServerResponse) => {
  const more = () => {
    while (!response.destroyed && response.write(Buffer.alloc(65_536))) {}
    if (!response.destroyed) response.once('drain', more)
  }
  more()
}

const servers: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  'wrong bytes': (request, response) => {
    const [from, to] = rangeOf(request)
    partial(response, [from, to], randomBytes(to - from + 1))
  },
  'less than it said': (request, response) => {
    const [from, to] = rangeOf(request)
    partial(response, [from, to], randomBytes((to - from) >> 1))
  },
  'more than was asked for': (request, response) => {
    const [from, to] = rangeOf(request)
    partial(response, [from, to], randomBytes(to - from + 5_000))
  },
  'another range': (request, response) => {
    const [from, to] = rangeOf(request)
    partial(response, [from + 1, to + 1], randomBytes(to - from + 1))
  },
  'a range that is none': (_request, response) =>
    void response.writeHead(206, { 'content-range': 'bytes 5-2/-1' }).end('x'),
  'no range': (_request, response) => void response.writeHead(206).end('x'),
  'a body without end for a range': (request, response) => {
    const [from, to] = rangeOf(request)
    response.writeHead(206, { 'content-range': `bytes ${from}-${to}/*` })
    endless(response)
  },
  'a body without end for the whole': (_request, response) => {
    response.writeHead(200)
    endless(response)
  },
  'a web page': (_request, response) =>
    void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Hello'),
  'not found': (_request, response) => void response.writeHead(404).end(),
  'too busy': (_request, response) => void response.writeHead(503, { 'retry-after': '0' }).end(),
  'a redirect to itself': (_request, response) =>
    void response.writeHead(302, { location: '/clip.avi' }).end(),
  'a redirect to a file': (_request, response) =>
    void response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  nothing: () => {},
  'a head and no body': (request, response) => {
    const [from, to] = rangeOf(request)
    response
      .writeHead(206, { 'content-range': `bytes ${from}-${to}/*`, 'content-length': to - from + 1 })
      .flushHeaders()
  },
  'a broken connection': request => void request.socket.resetAndDestroy(),
}

for (const [what, server] of Object.entries(servers))
  test(`${native.name}: a web seed that answers ${what} does no harm`, async t => {
    let asked = 0
    const url = await startWebServer(t, (request, response) => {
      asked++
      server(request, response)
    })
    const victim = await startVictim(t, native.factory, { webSeeds: [`${url}clip.avi`] })
    await waitUntil('the web seed was asked', () => asked > 0, { state: () => facts(victim.torrent) })
    await victim.survives()
    t.true(asked < 60, `${asked} requests`)
  })

test.serial(`${native.name}: bodies without end cost little memory`, async t => {
  const url = await startWebServer(t, (request, response) => {
    const isRange = request.url === '/a/clip.avi'
    servers[isRange ? 'a body without end for a range' : 'a body without end for the whole']!(
      request,
      response,
    )
  })
  const memory = watchMemory()
  const victim = await startVictim(t, native.factory, { webSeeds: [`${url}a/clip.avi`, `${url}b/clip.avi`] })
  await victim.survives()
  const grown = memory.end()
  t.true(grown < 64 * mebibyte, `${grown} bytes`)
})

test(`${native.name}: a web seed that lies is given up after a few pieces`, async t => {
  let asked = 0
  const url = await startWebServer(t, (request, response) => {
    asked++
    servers['wrong bytes']!(request, response)
  })
  const victim = await startVictim(t, native.factory, { webSeeds: [`${url}clip.avi`], holds: () => false })
  const reasons: string[] = []
  victim.torrent.on('banned', (_address, reason) => reasons.push(reason))
  await waitUntil('it is given up', () => reasons.length > 0, { state: () => facts(victim.torrent) })
  t.is(victim.have.count, 0)
  t.true(
    victim.torrent.stats().wastedBytes <= 8 * 32_768,
    `${victim.torrent.stats().wastedBytes} bytes were wasted`,
  )
  const askedThen = asked
  await victim.survives()
  t.true(asked - askedThen <= 4, 'it is not asked any more')
})

test(`${native.name}: addresses of web seeds that are none are passed over`, async t => {
  const odd = [
    '',
    'http://',
    'clip.avi',
    'file:///etc/passwd',
    'ftp://127.0.0.1/clip.avi',
    'http://[::1',
    'http://127.0.0.1:1/',
  ]
  const victim = await startVictim(t, native.factory, { webSeeds: odd })
  await victim.survives()
})
