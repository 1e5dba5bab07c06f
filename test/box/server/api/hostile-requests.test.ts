import { connect } from 'node:net'
import test, { type ExecutionContext } from 'ava'
import { startBox } from '../../../kit/box.ts'

const idHeader = 'x-transmission-session-id'

/** A box, and what it answers to bytes as they are: nothing that a client would put right on the way. */
async function open(t: ExecutionContext) {
  const started = await startBox(t)
  const { port } = new URL(started.box.url)
  const say = (text: string) =>
    new Promise<string>((resolve, reject) => {
      let answer = ''
      const socket = connect(Number(port), '127.0.0.1', () => socket.write(text))
      socket.setEncoding('latin1')
      socket.on('data', part => {
        answer += part
      })
      socket.on('close', () => resolve(answer))
      // A server that refuses need not read on.
      socket.on('error', error => (answer === '' ? reject(error) : resolve(answer)))
    })
  const token = `Authorization: Bearer ${started.box.token.value}`
  const usual = [`Host: 127.0.0.1:${port}`, 'Connection: close']
  /** The status of an answer, and all of it. */
  const send = async (line: string, headers: readonly string[] = [token], body = '', own = usual) => {
    const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]
    const answer = await say([`${line} HTTP/1.1`, ...own, ...headers, ...length, '', body].join('\r\n'))
    t.false(/\bat .*\.[jt]s:\d|node_modules|\/src\//.test(answer), `${line}: nothing leaks of what is within`)
    return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0), answer }
  }
  const rpc = async (body: string) => {
    const call = (id: string) =>
      started.ask('/transmission/rpc', { method: 'POST', body, headers: { [idHeader]: id } })
    const id = (await call('')).headers.get(idHeader)!
    return (await call(id)).text()
  }
  return { ...started, port, say, send, token, usual, rpc }
}

test('a way that goes not with a method is 405 and says what goes, whatever the method', async t => {
  const { send } = await open(t)
  for (const method of ['PUT', 'DELETE', 'TRACE', 'PROPFIND', 'POST']) {
    const { status, answer } = await send(`${method} /api/v1/status`)
    t.is(status, 405, method)
    t.regex(answer, /^allow: GET, HEAD, OPTIONS\r$/m)
  }
  const { status, answer } = await send('OPTIONS /api/v1/transfers')
  t.is(status, 204)
  t.regex(answer, /^allow: GET, HEAD, OPTIONS, POST\r$/m)
  t.false(/access-control/i.test(answer), 'no page of another origin is let in')
  t.is((await send('PUT /transmission/rpc')).status, 405)
  t.is((await send('HEAD /api/v1/transfers')).status, 200)
})

test('the name in a whole address counts as that in Host does', async t => {
  const { send, port, token } = await open(t)
  const own = (host: string) => [`Host: ${host}`, 'Connection: close']
  t.is((await send(`GET http://127.0.0.1:${port}/api/v1/status`)).status, 200)
  t.is((await send('GET http://evil.example/api/v1/status')).status, 421)
  t.is((await send(`GET http://127.0.0.1:${port}/healthz`, [token], '', own('evil.example'))).status, 421)
  for (const host of [
    'evil.example',
    `evil.example:${port}`,
    '127.0.0.1.evil.example',
    '0.0.0.0',
    '127.1',
    '',
  ])
    t.is((await send('GET /healthz', [token], '', own(host))).status, 421, host)
  for (const host of ['localhost', 'localhost.', `[::1]:${port}`, 'LOCALHOST:1'])
    t.is((await send('GET /healthz', [token], '', own(host))).status, 200, host)
  t.is((await send('GET /healthz', [token], '', ['Connection: close'])).status, 400, 'none at all')
})

test('a page of another site neither sends nor reads nor listens, but a person may follow a link', async t => {
  const { send, box, port } = await open(t)
  const fetched = ['Sec-Fetch-Mode: no-cors', 'Sec-Fetch-Dest: image']
  for (const site of ['cross-site', 'same-site'])
    for (const line of ['GET /api/v1/transfers', 'GET /api/v1/events', 'POST /api/v1/stop'])
      t.is((await send(line, [`Sec-Fetch-Site: ${site}`, ...fetched])).status, 403, `${line} ${site}`)
  t.is(box.desk.events.clientCount, 0)
  for (const origin of [
    'null',
    'http://evil.example',
    `http://127.0.0.1:${Number(port) + 1}`,
    'chrome-extension://a',
  ])
    t.is((await send('POST /api/v1/stop', [`Origin: ${origin}`])).status, 403, origin)
  const followed = ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document']
  t.is((await send('GET /api/v1/openapi.json', followed)).status, 200)
})

test('a form of another site is no call, of whatever type it says it is', async t => {
  const { send, token, usual } = await open(t)
  const paths = '{"paths":["/etc"]}'
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=a',
    'application/jsonp',
  ])
    t.is((await send('POST /api/v1/shares', [token, `Content-Type: ${type}`], paths)).status, 415, type)
  t.is((await send('POST /api/v1/shares', [token], paths)).status, 415)
  const call = '{"method":"torrent-remove"}'
  const plain = ['Content-Type: text/plain']
  t.is((await send('POST /transmission/rpc', [...plain, token], call)).status, 409, 'without the id')
  const foreign = ['Origin: null', 'Origin: http://evil.example', 'Sec-Fetch-Site: cross-site']
  for (const from of foreign)
    t.is((await send('POST /transmission/rpc', [...plain, from], call, usual)).status, 403, from)
})

test('JSON that is made to be dear is refused before it is read', async t => {
  const { rpc, send, token } = await open(t)
  const depth = 2_000_000
  const deep = '['.repeat(depth) + ']'.repeat(depth)
  const many = Array.from({ length: 600_000 }, (_, index) => `"key${index}":1`).join(',')
  const dear = [
    deep,
    '{"a":'.repeat(depth),
    `{"method":"session-set","arguments":{"units":${deep}}}`,
    `{"method":"session-set","arguments":{${many}}}`,
  ]
  for (const body of dear) {
    const startMs = performance.now()
    t.regex(await rpc(body), /Parse error/)
    t.true(performance.now() - startMs < 2000, body.slice(0, 40))
  }
  const keys = Object.fromEntries(Array.from({ length: 501 }, (_, index) => [`key${index}`, 1]))
  t.regex(await rpc(JSON.stringify({ method: 'session-set', arguments: keys })), /more than 500 arguments/)
  t.regex(await rpc(JSON.stringify({ method: 'aB'.repeat(3_000_000) })), /not recognized/)
  const json = [token, 'Content-Type: application/json']
  const { status, answer } = await send('POST /api/v1/transfers', json, '['.repeat(60_000))
  t.is(status, 400)
  t.regex(answer, /ERR_INVALID_JSON/)
  t.is((await send('POST /api/v1/transfers', json, '{"__proto__":{"id":"x"}}')).status, 400)
})

test('paths that try to lead elsewhere lead nowhere', async t => {
  const { send } = await open(t)
  const paths = [
    ...[
      '/%2e%2e/%2e%2e/etc/passwd',
      '//etc/passwd',
      '//evil.example/',
      '/..%2f..%2fetc/passwd',
      '/%00',
      '/client/..%5c',
    ],
    ...[
      '/api/v1//status',
      '/API/v1/status',
      '/api/v1/transfers/%00',
      '/api/v1/transfers/%',
      '/api/v1/transfers/%ff%fe',
    ],
    ...['/transmission/web/%2e%2e/%2e%2e/x', '/api/v1/transfers/__proto__', '/api/v1/works/%2e%2e%2f'],
  ]
  for (const path of paths) {
    const { status, answer } = await send(`GET ${path}`)
    t.true(status === 404 || status === 400, `${path} ${status}`)
    t.false(answer.includes('root:'), path)
  }
})

test('a head that is no HTTP, or too much of it, ends its connection alone', async t => {
  const { say, send, ask, usual } = await open(t)
  const heads = [
    'nonsense\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    '\x16\x03\x01\x00\xc8\x01\x00\x00\xc4\x03\x03\r\n\r\n',
    `POST /transmission/rpc HTTP/1.1\r\n${usual.join('\r\n')}\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n`,
    `GET /healthz HTTP/1.1\r\n${usual.join('\r\n')}\r\nX: a\n b\r\n\r\n`,
    `GET /heal\x01thz HTTP/1.1\r\n${usual.join('\r\n')}\r\n\r\n`,
  ]
  for (const head of heads) t.regex(await say(head), /^HTTP\/1\.1 400 /, JSON.stringify(head))
  t.is((await send('GET /healthz', [`X-A: ${'a'.repeat(20_000)}`])).status, 431)
  t.is(
    (
      await send(
        'GET /healthz',
        Array.from({ length: 3_000 }, (_, index) => `X-${index}: 1`),
      )
    ).status,
    431,
  )
  t.is((await ask('/healthz')).status, 200)
})

test('what comes one after the other on one connection is answered in its order', async t => {
  const { say, port, token } = await open(t)
  const get = (path: string, more = '') =>
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${token}\r\n${more}\r\n`
  const answer = await say(
    `${get('/healthz').repeat(10)}${get('/api/v1/nothing')}${get('/healthz', 'Connection: close\r\n')}`,
  )
  const statuses = [...answer.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => status)
  t.deepEqual(statuses, [...Array<string>(10).fill('200'), '404', '200'])
})

test('a body that is longer than allowed is refused, however it is sent', async t => {
  const { send, token, ask } = await open(t)
  t.is((await send('POST /transmission/rpc', [token, 'Content-Length: 99999999'])).status, 413)
  const json = [token, 'Content-Type: application/json', 'Transfer-Encoding: chunked']
  const chunk = `${(100_000).toString(16)}\r\n${'a'.repeat(100_000)}\r\n0\r\n\r\n`
  t.is((await send('PATCH /api/v1/limits', [...json, '', chunk])).status, 413)
  t.is((await ask('/healthz')).status, 200)
})
