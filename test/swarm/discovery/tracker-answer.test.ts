import test from 'ava'
import fc from 'fast-check'
import { type Bencodable, encodeBencode } from '../../../src/core/index.ts'
import { readHttpAnswer, readUdpAnswer } from '../../../src/swarm/discovery/tracker-answer.ts'

const read = (answer: Readonly<Record<string, Bencodable>>) => readHttpAnswer(encodeBencode(answer))
const compact = (...peers: number[][]) => Buffer.from(peers.flat())
const half = 30 * 60_000

test('Compact peers of both families are read, in either key their own', t => {
  const answer = read({
    interval: 900,
    complete: 3,
    incomplete: 4,
    peers: compact([192, 0, 2, 1, 0x1a, 0xe1], [192, 0, 2, 2, 0, 1]),
    peers6: compact([0x20, 0x01, 0x0d, 0xb8, ...Array<number>(11).fill(0), 1, 0x1a, 0xe1]),
  })
  t.deepEqual(answer.peers, ['192.0.2.1:6881', '192.0.2.2:1', '[2001:db8::1]:6881'])
  t.is(answer.intervalMs, 900_000)
  t.deepEqual([answer.seeds, answer.leeches], [3, 4])
})

test('Peers as dictionaries are read, those without a number or a port left out', t => {
  const peer = (ip: Bencodable, port: Bencodable) => ({ 'peer id': Buffer.alloc(20), ip, port })
  const { peers } = read({
    peers: [
      peer('192.0.2.1', 6881),
      peer('2001:DB8::1', 1),
      peer('peer.example', 6881),
      peer('192.0.2.1', 0),
      peer('192.0.2.1', 65_536),
      peer(1, 2),
      peer('fe80::1%eth0', 1),
      'text',
      {},
    ],
  })
  t.deepEqual(peers, ['192.0.2.1:6881', '[2001:db8::1]:1'])
})

test('Nobody is to be connected to at port 0, at no address, or at many', t => {
  const peers = compact(
    [192, 0, 2, 1, 0, 0],
    [0, 0, 0, 0, 1, 1],
    [239, 1, 1, 1, 1, 1],
    [255, 255, 255, 255, 1, 1],
  )
  t.deepEqual(read({ peers }).peers, [])
})

test('The interval lies between half a minute and a day, whatever is said', t => {
  const interval = (answer: Readonly<Record<string, Bencodable>>) => read(answer).intervalMs
  t.is(interval({}), half)
  t.is(interval({ interval: 0 }), half)
  t.is(interval({ interval: -5, 'min interval': -5 }), half)
  t.is(interval({ interval: 1 }), 30_000)
  t.is(interval({ interval: 60, 'min interval': 120 }), 120_000)
  t.is(interval({ interval: Number.MAX_SAFE_INTEGER }), 86_400_000)
  t.is(interval({ interval: 'soon' }), half)
})

test('No more than a thousand peers are taken', t => {
  const peers = Buffer.concat(Array.from({ length: 5_000 }, () => compact([192, 0, 2, 1, 1, 1])))
  t.is(read({ peers }).peers.length, 1_000)
})

test('What a tracker refuses with is said in its own words, without its control characters', t => {
  const refused = (reason: Bencodable) => () => read({ 'failure reason': reason })
  t.throws(refused('\u001b[2Jnot registered'), { code: 'ERR_FETCH_FAILED', message: /^␛\[2Jnot registered$/ })
  t.true(t.throws(refused('x'.repeat(100_000))).message.length <= 200)
})

test('What is no answer is a typed failure', t => {
  for (const body of ['', '<html>', 'i1e', 'le', 'd'.repeat(1_000), 'd5:peers99999999999:'])
    t.throws(() => readHttpAnswer(Buffer.from(body)), { code: 'ERR_FETCH_FAILED' }, body)
  t.throws(() => readUdpAnswer(Buffer.alloc(19), 4), { code: 'ERR_FETCH_FAILED' })
})

test('Counts of the wrong type are not known', t => {
  const { seeds, leeches, trackerId } = read({
    complete: -1,
    incomplete: 'many',
    'tracker id': Buffer.alloc(9_999),
  })
  t.deepEqual([seeds, leeches, trackerId], [undefined, undefined, undefined])
})

test('Whatever bytes come, an answer is read or a typed failure thrown', t => {
  const tried = (work: () => { peers: readonly string[] }) => {
    try {
      return work().peers.length <= 1_000
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ERR_FETCH_FAILED'
    }
  }
  const bytes = fc.uint8Array({ maxLength: 400 })
  fc.assert(fc.property(bytes, body => tried(() => readHttpAnswer(body))))
  fc.assert(
    fc.property(bytes, bytes, (peers, peers6) => tried(() => read({ peers, peers6, 'failure reason': '' }))),
  )
  fc.assert(
    fc.property(bytes, fc.constantFrom(4 as const, 16 as const), (datagram, size) =>
      tried(() => readUdpAnswer(Buffer.from(datagram), size)),
    ),
  )
  t.pass()
})
