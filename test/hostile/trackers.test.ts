import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { createServer } from 'node:net'
import test, { type ExecutionContext } from 'ava'
import { type Bencodable, encodeBencode } from '../../src/core/index.ts'
import { loadNative } from '../kit/engines.ts'
import { watchMemory } from '../kit/hostile/memory.ts'
import { numbers } from '../kit/hostile/speech.ts'
import { startVictim } from '../kit/hostile/victim.ts'
import { startWebServer } from '../kit/hostile/web-server.ts'
import { startTracker } from '../kit/tracker.ts'
import { waitUntil } from '../kit/wait-until.ts'

const native = await loadNative()
const mebibyte = 1024 * 1024
const text = (bencoded: string) => Buffer.from(bencoded, 'latin1')

/** What a tracker answers instead of what BEP 3, 7 and 23 have it say. */
const replies: Record<string, Bencodable> = {
  'nothing at all': Buffer.alloc(0),
  'a web page': text('<!doctype html><title>Not found</title>'),
  'a list': [],
  'half a dictionary': text('d8:intervali1800e5:peers'),
  'a string longer than the answer': text('d5:peers99999999999:x'),
  'lists within lists': text(`d5:peers${'l'.repeat(100_000)}${'e'.repeat(100_000)}e`),
  'peers that are a number': { interval: 1800, peers: 7 },
  'peers that are half an address': { interval: 1800, peers: Buffer.alloc(7, 1) },
  'peers of wrong types': {
    interval: 1800,
    peers: [1, 'x', [], {}, { ip: 5, port: 'a' }, { ip: 'x'.repeat(10_000), port: 1 }],
  },
  'peers at ports that are none': {
    interval: 1800,
    peers: [0, -1, 65_536, 2 ** 40].map(port => ({ ip: '127.0.0.66', port })),
  },
  'peers at names with control characters': { interval: 1800, peers: [{ ip: '\u0000\n../..', port: 80 }] },
  'a hundred thousand peers': { interval: 1800, peers: Buffer.alloc(600_000, 0x7f) },
  'peers of IPv6 cut short': { interval: 1800, peers: '', peers6: Buffer.alloc(17, 0x20) },
  'an interval of minus one': { interval: -1, 'min interval': -1, peers: '' },
  'an interval of nothing': { interval: 0, 'min interval': 0, peers: '' },
  'an interval of ten thousand years': { interval: 2 ** 52, peers: '' },
  'an interval that is a word': { interval: 'soon', complete: 'many', incomplete: [], peers: '' },
  'seeds below nothing': { interval: 1800, complete: -5, incomplete: 2 ** 53 - 1, peers: '' },
  'a failure of a megabyte': { 'failure reason': 'x'.repeat(900_000) },
  'a failure that is a list': { 'failure reason': [1, 2, 3] },
  'a warning with escapes': { interval: 1800, peers: '', 'warning message': '\u001B[2J\u0007' },
  'a tracker id of a megabyte': { interval: 1800, peers: '', 'tracker id': 'x'.repeat(900_000) },
}

const rude: Record<string, (response: ServerResponse) => void> = {
  'an answer without end': response => {
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536, 0x6c))) {}
      if (!response.destroyed) response.once('drain', more)
    }
    more()
  },
  'no answer': () => {},
  'half an answer': response => void response.writeHead(200, { 'content-length': 500 }).write('d8:inter'),
  'an error': response => void response.writeHead(500).end('x'.repeat(10_000)),
  'a redirect to itself': response => void response.writeHead(302, { location: '/announce' }).end(),
  'a redirect to a file': response => void response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  'a redirect to nowhere': response => void response.writeHead(302, { location: 'http://[' }).end(),
  'gzip that is none': response =>
    void response.writeHead(200, { 'content-encoding': 'gzip' }).end('d5:peers0:e'),
}

async function startBadTracker(t: ExecutionContext, answer: (response: ServerResponse) => void) {
  let announces = 0
  const base = await startWebServer(t, (_request, response) => {
    announces++
    answer(response)
  })
  return { url: `${base}announce`, announces: () => announces }
}

const answers = new Map([
  ...Object.entries(replies).map(
    ([what, reply]) =>
      [
        what,
        (response: ServerResponse) =>
          void response.end(reply instanceof Uint8Array ? reply : encodeBencode(reply)),
      ] as const,
  ),
  ...Object.entries(rude),
])

for (const [what, answer] of answers)
  test(`${native.name}: a tracker that answers ${what} does no harm`, async t => {
    const tracker = await startBadTracker(t, answer)
    const victim = await startVictim(t, native.factory, { trackers: [tracker.url] })
    await waitUntil('the tracker was asked', () => tracker.announces() > 0)
    await victim.survives()
    const [seen] = victim.torrent.trackers()
    t.is(seen?.url, tracker.url)
    for (const count of [seen?.seeds ?? 0, seen?.leeches ?? 0])
      t.true(Number.isSafeInteger(count) && count >= 0)
    t.true((seen?.message ?? '').length <= 1_000, 'what a tracker says is cut')
    // Once at the start, and once when all is there; to follow redirects is not to ask again.
    if (!what.startsWith('a redirect')) t.true(tracker.announces() <= 3, `${tracker.announces()} announces`)
  })

test.serial(`${native.name}: a good tracker is heard among bad ones`, async t => {
  const good = await startTracker(t, 'http')
  const bad = await Promise.all([...answers.values()].map(answer => startBadTracker(t, answer)))
  const closed = 'http://127.0.0.1:9/announce'
  const odd = [
    '',
    'http://',
    'udp://127.0.0.1',
    'udp://127.0.0.1:99999/',
    'ftp://127.0.0.1/announce',
    'http://[::1',
    'x'.repeat(5_000),
  ]
  const memory = watchMemory()
  const victim = await startVictim(t, native.factory, {
    trackers: [...bad.map(({ url }) => url), closed, ...odd, good.announce],
  })
  await waitUntil('the good one was asked', () => good.announces() > 0)
  await waitUntil('and is seen to work', () =>
    victim.torrent.trackers().some(({ url, status }) => url === good.announce && status === 'working'),
  )
  await victim.survives()
  const grown = memory.end()
  t.true(grown < 64 * mebibyte, `${grown} bytes`)
})

const datagrams: Record<string, (asked: Buffer) => readonly Uint8Array[]> = {
  nothing: () => [],
  noise: () => [Buffer.alloc(100, 0xff)],
  'empty datagrams': () => [Buffer.alloc(0), Buffer.alloc(3)],
  'half an answer': asked => [Buffer.concat([numbers(0), asked.subarray(12, 16), numbers(1)])],
  'answers to somebody else': () => [numbers(0, 1, 2, 3, 4), numbers(1, 1, 2, 3, 4, 5), numbers(3, 1)],
  'an error of 60 kB': asked => [
    Buffer.concat([numbers(3), asked.subarray(12, 16), Buffer.alloc(60_000, 0x78)]),
  ],
  'a thousand answers to one question': asked =>
    Array.from({ length: 1_000 }, () => Buffer.concat([numbers(0), asked.subarray(12, 16), numbers(1, 2)])),
  'a connection and then noise': asked =>
    asked.readUInt32BE(8) === 0
      ? [Buffer.concat([numbers(0), asked.subarray(12, 16), numbers(1, 2)])]
      : [
          Buffer.concat([
            numbers(1),
            asked.subarray(12, 16),
            numbers(0xffffffff, 0xffffffff, 0xffffffff),
            Buffer.alloc(7, 0x7f),
          ]),
        ],
}

for (const [what, answer] of Object.entries(datagrams))
  test(`${native.name}: a UDP tracker that answers ${what} does no harm`, async t => {
    const socket = createSocket('udp4')
    let asked = 0
    socket.on('message', (bytes, from) => {
      asked++
      if (bytes.length >= 16)
        for (const datagram of answer(bytes)) socket.send(datagram, from.port, from.address)
    })
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    t.teardown(() => void socket.close())
    const url = `udp://127.0.0.1:${socket.address().port}/announce`
    const victim = await startVictim(t, native.factory, { trackers: [url] })
    await waitUntil('the tracker was asked', () => asked > 0)
    await victim.survives()
    t.is(victim.torrent.trackers()[0]?.url, url)
    t.true(asked < 20, `${asked} datagrams`)
  })

test(`${native.name}: it stops within five seconds though no tracker answers`, async t => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  t.teardown(() => void silent.close())
  const { port } = silent.address() as { port: number }
  const urls = Array.from({ length: 60 }, (_, index) => `http://127.0.0.1:${port}/${index}/announce`)
  const victim = await startVictim(t, native.factory, { trackers: urls })
  const started = performance.now()
  await victim.engine.stop()
  t.true(performance.now() - started < 5_000)
})
