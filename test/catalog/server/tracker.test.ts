import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import test, { type ExecutionContext } from 'ava'
import Client, { type ScrapeAnswer } from 'bittorrent-tracker'
import fc from 'fast-check'
import { BencodeDict, decodeBencode } from '../../../src/core/index.ts'
import { startSiteTracker } from '../../kit/site-tracker.ts'
import { waitUntil } from '../../kit/wait-until.ts'

// Bytes above 0x7f, which a tracker that takes them for text gets wrong.
const listed = 'c12fe1c06bba254a9dc9f519b335aa7c1367a88a'
const unlisted = 'f'.repeat(40)
const udp = { host: '127.0.0.1', port: 0 }
const isListed = async (infoHash: string) => infoHash === listed

function startClient(t: ExecutionContext, announce: string, port: number, infoHash = listed): Client {
  const client = new Client({ infoHash, peerId: Buffer.alloc(20, `${port}-`), announce, port })
  const closed = () => new Promise<void>(resolve => client.destroy(resolve))
  client.on('error', () => {})
  t.teardown(closed)
  return client
}

const escaped = (hex: string) => hex.replace(/../g, pair => `%${pair}`)
const announceQuery = (port: number, infoHash = listed) =>
  `info_hash=${escaped(infoHash)}&peer_id=${'a'.repeat(20)}&port=${port}`

async function answerOf(url: string): Promise<BencodeDict> {
  const response = await fetch(url)
  const value = decodeBencode(new Uint8Array(await response.arrayBuffer()))
  if (!(value instanceof BencodeDict)) throw new Error('no dictionary')
  return value
}

const failureOf = (answer: BencodeDict) => {
  const reason = answer.get('failure reason')
  return reason instanceof Uint8Array ? Buffer.from(reason).toString() : undefined
}

for (const kind of ['http', 'udp', 'ws'] as const)
  test(`A peer announces over ${kind}, another after it, and both are counted by a scrape`, async t => {
    const { tracker, announceUrls } = await startSiteTracker(t, { udp, isListed })
    const url = announceUrls.find(address => address.startsWith(kind))!

    const seed = startClient(t, url, 7001)
    const [update] = await Promise.all([once(seed, 'update'), seed.start({ left: 0, numwant: 0 })])
    t.like(update[0], { complete: 1, incomplete: 0 })

    const leech = startClient(t, url, 7002)
    const heard = once(leech, kind === 'ws' ? 'update' : 'peer')
    leech.start({ left: 5, numwant: kind === 'ws' ? 0 : 50 })
    const [peer] = await heard
    if (kind !== 'ws') t.true(['127.0.0.1:7001', '127.0.0.1:7002'].includes(peer as string))

    const scraped = once(leech, 'scrape')
    leech.scrape()
    const [answer] = (await scraped) as [ScrapeAnswer]
    t.like(answer, { complete: 1, incomplete: 1 })
    t.deepEqual(tracker.counts(listed), { seeds: 1, leeches: 1 })
    t.like(tracker.stats(), { swarms: 1, peers: 2 })
  })

test('A scrape over HTTP names a torrent by its raw bytes', async t => {
  const { url } = await startSiteTracker(t)
  await answerOf(`${url}/announce?${announceQuery(7001)}&left=0`)
  const answer = await answerOf(`${url}/scrape?info_hash=${escaped(listed)}&info_hash=${escaped(unlisted)}`)
  const files = [...(answer.get('files') as BencodeDict).entries()]
  t.deepEqual(
    files.map(([key, counts]) => [Buffer.from(key).toString('hex'), (counts as BencodeDict).get('complete')]),
    [
      [listed, 1],
      [unlisted, 0],
    ],
  )
})

async function openSocket(t: ExecutionContext, url: string): Promise<WebSocket> {
  const socket = new WebSocket(url)
  await new Promise((resolve, reject) => {
    socket.onopen = resolve
    socket.onerror = reject
  })
  t.teardown(() => socket.close())
  return socket
}

const next = (socket: WebSocket) =>
  new Promise<Record<string, unknown>>(resolve => {
    socket.onmessage = ({ data }) => resolve(JSON.parse(data))
  })
const bytes = Buffer.from(listed, 'hex').toString('latin1')
const announce = (peer: string, more = {}) =>
  JSON.stringify({ action: 'announce', info_hash: bytes, peer_id: peer.repeat(20), left: 0, ...more })

test('An offer of one WebTorrent peer reaches the other, and its answer comes back', async t => {
  const { tracker, announceUrls } = await startSiteTracker(t, { isListed })
  const url = announceUrls.find(address => address.startsWith('ws'))!
  const [one, other] = [await openSocket(t, url), await openSocket(t, url)]
  const joined = next(one)
  one.send(announce('a'))
  t.like(await joined, { complete: 1 })

  const offered = next(one)
  const sdp = 'v=0\r\n'
  other.send(announce('b', { left: 5, offers: [{ offer: { type: 'offer', sdp }, offer_id: 'o1' }] }))
  t.like(await offered, { offer: { type: 'offer', sdp }, offer_id: 'o1', peer_id: 'b'.repeat(20) })
  const answered = next(other)
  one.send(announce('a', { answer: { type: 'answer', sdp }, offer_id: 'o1', to_peer_id: 'b'.repeat(20) }))
  t.like(await answered, { answer: { type: 'answer', sdp }, offer_id: 'o1', peer_id: 'a'.repeat(20) })

  t.deepEqual(tracker.counts(listed), { seeds: 1, leeches: 1 })
  other.close()
  await waitUntil('the other is gone', () => tracker.counts(listed)?.leeches === 0)
})

test('A torrent that is not listed is refused over HTTP, UDP and WebSocket, and takes no memory', async t => {
  const asked: string[] = []
  const { tracker, announceUrls } = await startSiteTracker(t, {
    udp,
    isListed: async infoHash => {
      asked.push(infoHash)
      return false
    },
  })
  for (const [index, url] of announceUrls.entries()) {
    const client = startClient(t, url, 7001 + index, unlisted)
    const [warning] = await Promise.all([once(client, 'warning'), client.start({ left: 0, numwant: 0 })])
    t.regex((warning[0] as Error).message, /does not know the torrent/, url)
  }
  t.deepEqual(asked, [unlisted], 'asked of the database once')
  t.like(tracker.stats(), { swarms: 0, peers: 0 })
})

test('The address that a peer claims is not taken over that of its connection', async t => {
  const { url } = await startSiteTracker(t)
  await answerOf(`${url}/announce?${announceQuery(7001)}&ip=8.8.8.8&ipv4=8.8.8.8`)
  const answer = await answerOf(`${url}/announce?${announceQuery(7002)}`)
  t.deepEqual((answer.get('peers') as Uint8Array).slice(0, 4), Uint8Array.of(127, 0, 0, 1))
})

test('Over UDP nothing is answered to an address that was not told its connection id', async t => {
  const { tracker, announceUrls } = await startSiteTracker(t, { udp })
  const port = Number(new URL(announceUrls[1]!).port)
  const open = async () => {
    const socket = createSocket('udp4')
    await new Promise<void>(resolve => socket.bind(0, '127.0.0.1', resolve))
    t.teardown(() => socket.close())
    return socket
  }
  const ask = async (socket: Socket, datagram: Buffer) => {
    const [answer] = await Promise.all([once(socket, 'message'), socket.send(datagram, port, '127.0.0.1')])
    return answer[0] as Buffer
  }
  const connect = Buffer.concat([
    Buffer.from('0000041727101980', 'hex'),
    Buffer.alloc(4),
    Buffer.from('tran'),
  ])
  const announceWith = (id: Buffer) => {
    const announce = Buffer.alloc(98)
    id.copy(announce)
    announce.writeUInt32BE(1, 8)
    announce.write(listed, 16, 'hex')
    announce.writeUInt32BE(2, 80)
    announce.writeUInt32BE(0x08080808, 84)
    announce.writeUInt16BE(7001, 96)
    return announce
  }
  const [honest, other] = [await open(), await open()]
  const connected = await ask(honest, connect)
  t.deepEqual(
    [connected.length, connected.readUInt32BE(0), connected.toString('latin1', 4, 8)],
    [16, 0, 'tran'],
  )

  let answered = 0
  other.on('message', () => answered++)
  const id = connected.subarray(8)
  for (const datagram of [
    announceWith(id),
    announceWith(connect.subarray(0, 8)),
    Buffer.alloc(15),
    Buffer.alloc(0),
  ])
    other.send(datagram, port, '127.0.0.1')
  const announced = await ask(honest, announceWith(id))
  t.deepEqual([...announced.subarray(20, 26)], [127, 0, 0, 1, 7001 >> 8, 7001 & 255])
  // What the other sent arrived before: its connection id alone is answered, after all of it.
  t.is((await ask(other, connect)).length, 16)
  t.is(answered, 1)
  t.is(tracker.stats().peers, 1)
})

test('The longest silent swarms are forgotten once there are too many', async t => {
  const { tracker, url } = await startSiteTracker(t, { maxSwarms: 3 })
  const hashOf = (number: number) => number.toString(16).padStart(40, '0')
  for (let number = 1; number <= 5; number++)
    await answerOf(`${url}/announce?${announceQuery(7001, hashOf(number))}&left=0`)
  t.like(tracker.stats(), { swarms: 3, peers: 3 })
  t.is(tracker.counts(hashOf(1)), undefined)
  t.deepEqual(tracker.counts(hashOf(5)), { seeds: 1, leeches: 0 })
})

test('An address that asks too much is told so, and others are not held up', async t => {
  const { tracker } = await startSiteTracker(t)
  const ask = async (address: string) =>
    Buffer.from(
      await (
        await tracker.answer(new Request(`http://a.example/announce?${announceQuery(7001)}`), address)
      ).arrayBuffer(),
    ).toString('latin1')
  for (let count = 0; count < 700; count++) await ask('192.0.2.1')
  t.regex(await ask('192.0.2.1'), /too many requests/)
  t.regex(await ask('2001:db8::1'), /complete/)
  t.regex(await ask('unknown'), /address is not known/)
})

test('Whatever is asked over HTTP, it is answered with bencode', async t => {
  const { tracker, url } = await startSiteTracker(t)
  for (const [query, reason] of [
    ['', /invalid/],
    [announceQuery(0), /invalid port/],
    [announceQuery(65_536), /invalid port/],
    [`${announceQuery(1)}&event=hasOwnProperty`, /invalid event/],
    [announceQuery(1).replace('%c1', ''), /invalid info_hash/],
    [`${announceQuery(1)}&peer_id=${'b'.repeat(20)}`, /invalid peer_id/],
    [`${announceQuery(1)}&x=${'y'.repeat(7_000)}`, /too long/],
  ] as const)
    t.regex(failureOf(await answerOf(`${url}/announce?${query}`)) ?? '', reason, query)
  t.regex(failureOf(await answerOf(`${url}/scrape`)) ?? '', /has to name torrents/)

  const parts = fc.constantFrom(
    announceQuery(1),
    'info_hash=',
    'port=9',
    '&',
    '=',
    '%',
    '%zz',
    '%00',
    'left=-1',
    'left=NaN',
    'numwant=-9e99',
    'compact=0',
    'event=stopped',
    'event=',
    'no_peer_id=1',
    '&__proto__=1',
  )
  await fc.assert(
    fc.asyncProperty(fc.array(parts, { maxLength: 8 }), fc.boolean(), async (texts, scrapes) => {
      const request = new Request(`http://a.example/${scrapes ? 'scrape' : 'announce'}?${texts.join('&')}`)
      const body = await (await tracker.answer(request, '127.0.0.1')).arrayBuffer()
      t.true(decodeBencode(new Uint8Array(body)) instanceof BencodeDict)
    }),
    { numRuns: 200 },
  )
})

test('Whatever is sent over WebSocket, the others are still served', async t => {
  const { tracker, announceUrls } = await startSiteTracker(t)
  const url = announceUrls.find(address => address.startsWith('ws'))!
  const hostile = [
    'x',
    'null',
    '[]',
    '{}',
    '{"action":"scrape"}',
    '{"action":"scrape","info_hash":[]}',
    announce('a', { offers: [null] }),
    announce('a', { offers: { length: 82 } }),
    announce('a', { offers: [{ offer: { type: 'offer', sdp: 'x'.repeat(20_000) }, offer_id: 'b' }] }),
    announce('a', { answer: { type: 'answer', sdp: 'x' }, to_peer_id: 7 }),
    announce('a', { event: 'constructor' }),
    JSON.stringify({ action: 'announce', info_hash: [bytes], peer_id: 'a'.repeat(20) }),
  ]
  const one = await openSocket(t, url)
  for (const message of hostile) {
    const answered = next(one)
    one.send(message)
    t.regex(String((await answered)['failure reason']), /invalid|no JSON/, message.slice(0, 80))
  }
  const own = next(one)
  one.send(announce('a'))
  t.like(await own, { action: 'announce', complete: 1 })

  // What two peers of one connection announced is gone with it.
  const other = await openSocket(t, url)
  for (const [peer, complete] of [
    ['b', 2],
    ['c', 3],
  ] as const) {
    const joined = next(other)
    other.send(announce(peer))
    t.like(await joined, { complete })
  }
  const huge = new Promise(resolve => {
    other.onclose = resolve
  })
  other.send('x'.repeat(300_000))
  await huge
  await waitUntil('the other is gone', () => tracker.counts(listed)?.seeds === 1)
  const still = next(one)
  one.send(JSON.stringify({ action: 'scrape', info_hash: bytes }))
  t.like(await still, { action: 'scrape' })
})
