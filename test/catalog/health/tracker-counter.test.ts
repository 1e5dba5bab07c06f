import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import test, { type ExecutionContext } from 'ava'
import { trackerCounter } from '../../../src/catalog/health/tracker-counter.ts'
import { encodeBencode } from '../../../src/core/index.ts'
import { startSiteTracker } from '../../kit/site-tracker.ts'
import { startTracker } from '../../kit/tracker.ts'

const infoHash = 'c12fe1c06bba254a9dc9f519b335aa7c1367a88a'
const udp = { host: '127.0.0.1', port: 0 }

async function announce(url: string, port: number, left: number): Promise<void> {
  const hash = infoHash.replace(/../g, pair => `%${pair}`)
  await fetch(`${url}/announce?info_hash=${hash}&peer_id=${'a'.repeat(20)}&port=${port}&left=${left}`)
}

/** A tracker that answers scrapes with what it is given. */
async function startFake(t: ExecutionContext, answer: () => Uint8Array | undefined) {
  let asked = 0
  const server = createServer((_, response) => {
    asked++
    const body = answer()
    if (body) response.end(body)
    else response.socket?.destroy()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/announce?key=1`,
    asked: () => asked,
  }
}

for (const kind of ['http', 'udp'])
  test(`The seeds and leeches of a torrent are those that its ${kind} tracker tells`, async t => {
    const { url, announceUrls } = await startSiteTracker(t, { udp })
    for (const [port, left] of [
      [1, 0],
      [2, 0],
      [3, 9],
    ] as const)
      await announce(url, port, left)
    const trackers = announceUrls.filter(address => address.startsWith(kind))
    const count = await trackerCounter({ allowPrivateAddresses: true })({ infoHash, trackers }, {})
    t.deepEqual(count, { seeds: 2, leeches: 1 })
  })

test('A tracker that spoils info-hashes is understood', async t => {
  const { announce: url } = await startTracker(t, 'http')
  await announce(url.replace('/announce', ''), 1, 0)
  const count = trackerCounter({ allowPrivateAddresses: true })
  t.deepEqual(await count({ infoHash, trackers: [url] }, {}), { seeds: 1, leeches: 0 })
})

test('Trackers at private addresses are not asked unless that is allowed', async t => {
  const { url, asked } = await startFake(t, () => encodeBencode({ files: {} }))
  const socket = createSocket('udp4')
  await new Promise<void>(resolve => socket.bind(0, '127.0.0.1', resolve))
  t.teardown(() => socket.close())
  socket.on('message', () => t.fail('asked over UDP'))
  const trackers = [url, url.replace('127.0.0.1', 'localhost'), `udp://localhost:${socket.address().port}`]
  t.is(await trackerCounter()({ infoHash, trackers }, {}), undefined)
  t.is(asked(), 0)
})

test('A tracker that fails is left alone for a while, longer each time', async t => {
  let now = 0
  const { url, asked } = await startFake(t, () => undefined)
  const count = trackerCounter({ allowPrivateAddresses: true, now: () => now })
  const askedAt = async (ms: number) => {
    now = ms
    const before = asked()
    t.is(await count({ infoHash, trackers: [url] }, {}), undefined)
    return asked() > before
  }
  t.true(await askedAt(0))
  t.false(await askedAt(59_000))
  t.true(await askedAt(61_000))
  t.false(await askedAt(150_000))
  t.true(await askedAt(190_000))
})

test('What a tracker answers is bounded and checked', async t => {
  const counts = (complete: unknown, incomplete: unknown) =>
    encodeBencode({ files: new Map([[Buffer.from(infoHash, 'hex'), { complete, incomplete } as never]]) })
  const answers = [
    Buffer.from('nonsense'),
    Buffer.from('i5e'),
    encodeBencode({ 'failure reason': 'no' }),
    counts(-1, 0),
    counts('many', 0),
    counts(2 ** 40, 0),
    Buffer.alloc(100_000, 'x'),
    Buffer.from(`${'l'.repeat(5_000)}`),
  ]
  for (const answer of answers) {
    const { url } = await startFake(t, () => answer)
    const count = trackerCounter({ allowPrivateAddresses: true })
    t.is(await count({ infoHash, trackers: [url] }, {}), undefined, answer.subarray(0, 80).toString('latin1'))
  }
  const { url } = await startFake(t, () => encodeBencode({ files: {} }))
  const known = await trackerCounter({ allowPrivateAddresses: true })({ infoHash, trackers: [url] }, {})
  t.deepEqual(known, { seeds: 0, leeches: 0 }, 'a torrent that it does not know')
})

test('Aborting ends a scrape that has no answer', async t => {
  const socket = createSocket('udp4')
  await new Promise<void>(resolve => socket.bind(0, '127.0.0.1', resolve))
  t.teardown(() => socket.close())
  const abort = new AbortController()
  socket.once('message', () => abort.abort(new Error('enough')))
  const trackers = [`udp://127.0.0.1:${socket.address().port}`]
  const counting = trackerCounter({ allowPrivateAddresses: true })(
    { infoHash, trackers },
    { signal: abort.signal },
  )
  await t.throwsAsync(async () => counting, { message: 'enough' })
})
