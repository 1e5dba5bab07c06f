import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import test, { type ExecutionContext } from 'ava'
import type { TrackerRequest } from '../../../src/swarm/discovery/tracker-request.ts'
import { announceUdp } from '../../../src/swarm/discovery/tracker-udp.ts'

const request: TrackerRequest = {
  infoHash: Buffer.alloc(20, 1),
  peerId: Buffer.alloc(20, 2),
  port: 0x1234,
  key: 0xfedcba98,
  uploaded: 2 ** 40,
  downloaded: 6,
  left: 7,
  wanted: 8,
  event: 'started',
  trackerId: undefined,
}
const options = { allowPrivate: true, timeoutMs: 10_000 }

type Said = (
  datagram: Buffer,
  reply: (...fields: (number | Buffer)[]) => void,
  from: { readonly port: number },
) => void

/** A UDP tracker that says whatever a test wants: numbers are written as 32 bits. */
async function rawTracker(t: ExecutionContext, say: Said, host = '127.0.0.1'): Promise<string> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  socket.on('message', (datagram, from) =>
    say(
      datagram,
      (...fields) => {
        const parts = fields.map(field => {
          if (typeof field !== 'number') return field
          const bytes = Buffer.alloc(4)
          bytes.writeUInt32BE(field)
          return bytes
        })
        socket.send(Buffer.concat(parts), from.port, from.address)
      },
      from,
    ),
  )
  socket.bind(0, host)
  await once(socket, 'listening')
  t.teardown(() => socket.close())
  const { port } = socket.address()
  return `udp://${host.includes(':') ? `[${host}]` : host}:${port}`
}

const connectionId = Buffer.from('0102030405060708', 'hex')

/** Answers as BEP 15 has it, and keeps what was announced. */
function honest(peers: Buffer, announced: Buffer[] = []): Said {
  return (datagram, reply) => {
    if (datagram.length === 16) return reply(0, datagram.subarray(12), connectionId)
    announced.push(datagram)
    reply(1, datagram.subarray(12, 16), 900, 3, 2, peers)
  }
}

test('An announce has every field where BEP 15 has it, and the path behind it as BEP 41 has it', async t => {
  const announced: Buffer[] = []
  const url = await rawTracker(t, honest(Buffer.from([192, 0, 2, 1, 0, 1]), announced))
  const answer = await announceUdp(`${url}/announce?key=secret`, request, options)
  t.like(answer, { intervalMs: 900_000, seeds: 2, leeches: 3, peers: ['192.0.2.1:1'] })
  const [sent] = announced
  t.deepEqual(sent!.subarray(0, 8), connectionId)
  t.is(sent!.readUInt32BE(8), 1)
  t.deepEqual(sent!.subarray(16, 36), request.infoHash)
  t.deepEqual(sent!.subarray(36, 56), request.peerId)
  t.deepEqual(
    [56, 64, 72].map(at => sent!.readBigUInt64BE(at)),
    [6n, 7n, 2n ** 40n],
  )
  t.deepEqual(
    [80, 84, 88, 92].map(at => sent!.readUInt32BE(at)),
    [2, 0, 0xfedcba98, 8],
  )
  t.is(sent!.readUInt16BE(96), 0x1234)
  t.deepEqual(sent!.subarray(98), Buffer.from('\u0002\u0014/announce?key=secret'))
})

test('Over IPv6 peers have IPv6 addresses', async t => {
  const peer = Buffer.concat([Buffer.from('20010db8000000000000000000000001', 'hex'), Buffer.from([0, 1])])
  const url = await rawTracker(t, honest(peer), '::1')
  t.deepEqual((await announceUdp(url, request, options)).peers, ['[2001:db8::1]:1'])
})

test('What answers nothing that was asked is passed over, and an error is said in the tracker’s own words', async t => {
  const url = await rawTracker(t, (datagram, reply) => {
    reply()
    reply(0, 12_345, connectionId)
    reply(7, datagram.subarray(12, 16), connectionId)
    if (datagram.length === 16) reply(0, datagram.subarray(12), connectionId)
    else reply(3, datagram.subarray(12, 16), Buffer.from('not registered'))
  })
  await t.throwsAsync(announceUdp(url, request, options), {
    code: 'ERR_FETCH_FAILED',
    message: 'not registered',
  })
})

test('An answer that is too short is a typed failure', async t => {
  for (const first of [true, false]) {
    const url = await rawTracker(t, (datagram, reply) => {
      if (datagram.length === 16) reply(0, datagram.subarray(12), first ? Buffer.alloc(1) : connectionId)
      else reply(1, datagram.subarray(12, 16), 1)
    })
    await t.throwsAsync(announceUdp(url, request, options), {
      code: 'ERR_FETCH_FAILED',
      message: /too short/,
    })
  }
})

test('A datagram that was lost is sent again', async t => {
  let isFirst = true
  const say = honest(Buffer.alloc(0))
  const url = await rawTracker(t, (datagram, reply, from) => {
    if (!isFirst) say(datagram, reply, from)
    isFirst = false
  })
  t.is((await announceUdp(url, request, options)).seeds, 2)
})

test('All torrents of a tracker are announced over one connection', async t => {
  const ports = new Set<number>()
  let connects = 0
  const say = honest(Buffer.alloc(0))
  const url = await rawTracker(t, (datagram, reply, from) => {
    ports.add(from.port)
    if (datagram.length === 16) connects++
    say(datagram, reply, from)
  })
  const all = Array.from({ length: 50 }, (_, index) =>
    announceUdp(url, { ...request, infoHash: Buffer.alloc(20, index) }, options),
  )
  await Promise.all(all)
  await announceUdp(url, request, options)
  t.is(connects, 1)
  t.is(ports.size, 1)
})

test('A tracker that has forgotten a connection is asked for another, once, and one that refuses is heard', async t => {
  let [given, isRefusing, asked] = [1, false, 0]
  const url = await rawTracker(t, (datagram, reply) => {
    const transaction = datagram.subarray(12, 16)
    if (datagram.length === 16) return reply(0, transaction, 0, given)
    asked++
    const isKnown = datagram.readUInt32BE(4) === given
    if (isKnown && !isRefusing) reply(1, transaction, 900, 3, 2)
    else reply(3, transaction, Buffer.from(isKnown ? 'not registered' : 'what connection?'))
  })
  t.is((await announceUdp(url, request, options)).seeds, 2)
  given = 2
  t.is((await announceUdp(url, request, options)).seeds, 2)
  t.is(asked, 3)
  isRefusing = true
  const refused = Array.from({ length: 5 }, () =>
    t.throwsAsync(announceUdp(url, request, options), { message: 'not registered' }),
  )
  await Promise.all(refused)
  t.true(asked <= 3 + 2 * 5, `asked ${asked} times`)
})

test('A tracker that says nothing is given up, or aborted', async t => {
  const url = await rawTracker(t, () => {})
  await t.throwsAsync(announceUdp(url, request, { ...options, timeoutMs: 50 }), {
    code: 'ERR_FETCH_FAILED',
    message: 'no answer within 0.05 s',
  })
  const aborter = new AbortController()
  const reason = new Error('enough')
  const asked = announceUdp(url, request, { ...options, signal: aborter.signal })
  aborter.abort(reason)
  t.is(await t.throwsAsync(asked), reason)
})

test('A private address is not contacted unasked, nor a name that leads to one', async t => {
  const url = await rawTracker(t, () => t.fail())
  for (const unasked of [url, url.replace('127.0.0.1', 'localhost')])
    await t.throwsAsync(announceUdp(unasked, request, { ...options, allowPrivate: false }), {
      code: 'ERR_ADDRESS_NOT_ALLOWED',
    })
})
