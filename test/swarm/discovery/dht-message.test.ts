import test from 'ava'
import fc from 'fast-check'
import { type Bencodable, type BencodeDict, decodeBencode, encodeBencode } from '../../../src/core/index.ts'
import { openValue, readDhtMessage } from '../../../src/swarm/discovery/dht-message.ts'
import { runs } from '../../kit/runs.ts'

const bytes = (length: number, fill = 1) => new Uint8Array(length).fill(fill)
const id = bytes(20)
const anywhere = () => true
const read = (message: Bencodable) => readDhtMessage(encodeBencode(message), anywhere)
const query = (q: string, a: Record<string, Bencodable>) => ({ t: 'aa', y: 'q', q, a: { id, ...a } })
const reply = (r: Record<string, Bencodable>) => ({ t: 'aa', y: 'r', r: { id, ...r } })
const proof = { k: bytes(32), sig: bytes(64), seq: 7 }
const good: Record<string, Bencodable> = {
  ping: query('ping', {}),
  find_node: query('find_node', { target: id }),
  get_peers: query('get_peers', { info_hash: id }),
  announce_peer: query('announce_peer', { info_hash: id, port: 6881, implied_port: 0, token: 'tk' }),
  get: query('get', { target: id }),
  put: query('put', { token: 'tk', v: { ih: id }, salt: 'salt', cas: 6, ...proof }),
  'put of what is immutable': query('put', { token: 'tk', v: 'Hello' }),
  reply: reply({ nodes: bytes(52), token: 'tk', values: [bytes(6)] }),
  'reply with a value': reply({ nodes: bytes(26), token: 'tk', v: { ih: id, more: [1, 'x'] }, ...proof }),
  error: { t: 'aa', y: 'e', e: [203, 'No'] },
}

for (const [name, message] of Object.entries(good))
  test(`A message as the BEPs have it is let through as it was said: ${name}`, t => {
    const passed = read(message)
    t.truthy(passed)
    t.deepEqual(Buffer.from(openValue(passed!.bytes).bytes), Buffer.from(encodeBencode(message)))
  })

const bad: Record<string, Bencodable> = {
  'no dictionary': ['q'],
  'no transaction': { y: 'q', q: 'ping', a: { id } },
  'a transaction without end': { ...query('ping', {}), t: bytes(33) },
  'a transaction that is a number': { ...query('ping', {}), t: 1 },
  'an unknown kind': { ...query('ping', {}), y: 'x' },
  'an unknown query': query('constructor', {}),
  'a query without arguments': { t: 'aa', y: 'q', q: 'ping' },
  'arguments that are a list': { t: 'aa', y: 'q', q: 'ping', a: [] },
  'no id': { t: 'aa', y: 'q', q: 'ping', a: {} },
  'an id of 19 bytes': { t: 'aa', y: 'q', q: 'ping', a: { id: bytes(19) } },
  'an id that is a number': { t: 'aa', y: 'r', r: { id: 20 } },
  'no target': query('find_node', {}),
  'a target of 21 bytes': query('get', { target: bytes(21) }),
  'an info-hash that is a list': query('get_peers', { info_hash: [] }),
  'a port beyond all': query('announce_peer', { info_hash: id, port: 65_536, token: 'tk' }),
  'a token that is a dictionary': query('announce_peer', { info_hash: id, port: 1, token: {} }),
  'a put without a token': query('put', { v: 'Hello' }),
  'a put without a value': query('put', { token: 'tk', ...proof }),
  'a signature of 63 bytes': query('put', { token: 'tk', v: 'x', ...proof, sig: bytes(63) }),
  'a signature without a key': query('put', { token: 'tk', v: 'x', sig: bytes(64), seq: 1 }),
  'a key without a signature': query('put', { token: 'tk', v: 'x', k: bytes(32), seq: 1 }),
  'a seq below zero': query('put', { token: 'tk', v: 'x', ...proof, seq: -1 }),
  'a seq that is text': query('put', { token: 'tk', v: 'x', ...proof, seq: '7' }),
  'a salt of 65 bytes': query('put', { token: 'tk', v: 'x', ...proof, salt: bytes(65) }),
  'a cas that is text': query('put', { token: 'tk', v: 'x', ...proof, cas: 'x' }),
  'a value of 1001 bytes': query('put', { token: 'tk', v: bytes(997), ...proof }),
  'a dictionary as an immutable value': query('put', { token: 'tk', v: {} }),
  'half a node': reply({ nodes: bytes(27) }),
  'nodes that are a list': reply({ nodes: [bytes(26)] }),
  'nodes without end': reply({ nodes: bytes(26 * 101) }),
  'peers that are numbers': reply({ values: [1] }),
  'peers that are a dictionary': reply({ values: {} }),
  'a found value without a signature': reply({ v: 'x', k: bytes(32), seq: 1 }),
  'a reply that is text': { t: 'aa', y: 'r', r: 'x' },
  'an error that is text': { t: 'aa', y: 'e', e: 'x' },
  'an error without a code': { t: 'aa', y: 'e', e: ['x'] },
  'more than a datagram': { ...query('ping', {}), z: bytes(4_096) },
}

for (const [name, message] of Object.entries(bad))
  test(`A message that breaks the BEPs is dropped: ${name}`, t => t.is(read(message), undefined))

test('A value of 1000 bytes is let through', t => {
  t.truthy(read(query('put', { token: 'tk', v: bytes(996), ...proof })))
})

test('A signed value goes through whoever decodes and encodes it, byte for byte', t => {
  const raw = Buffer.from('d1:b1:x9:__proto__de1:al1:\xffi5eee', 'latin1')
  const passed = read(query('put', { token: 'tk', v: decodeBencode(raw), ...proof }))
  const seen = decodeBencode(passed!.bytes) as BencodeDict
  t.deepEqual(Buffer.from((seen.get('a') as BencodeDict).get('v') as Uint8Array), raw)
  const sent = decodeBencode(openValue(passed!.bytes).bytes) as BencodeDict
  t.deepEqual(Buffer.from((sent.get('a') as BencodeDict).rawOf('v')!), raw)
})

test('Nodes that may not be contacted, and those without a port, are left out', t => {
  const node = (address: number[], port: number) => Buffer.from([...id, ...address, port >> 8, port & 0xff])
  const nodes = Buffer.concat([node([10, 0, 0, 1], 6881), node([8, 8, 8, 8], 6881), node([8, 8, 8, 8], 0)])
  const passed = readDhtMessage(encodeBencode(reply({ nodes })), address => !address.startsWith('10.'))
  const seen = (decodeBencode(passed!.bytes) as BencodeDict).get('r') as BencodeDict
  t.deepEqual(Buffer.from(seen.get('nodes') as Uint8Array), node([8, 8, 8, 8], 6881))
})

test('No bytes make the reader throw', t => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), datagram => {
      readDhtMessage(datagram, anywhere)
    }),
    { numRuns: runs(1_000) },
  )
  const messages = Object.values(good).map(message => encodeBencode(message))
  const change = fc.record({
    message: fc.constantFrom(...messages),
    at: fc.nat(300),
    length: fc.nat(4),
    by: fc.oneof(fc.uint8Array({ maxLength: 4 }), fc.constantFrom(...'deli012:'.split('').map(Buffer.from))),
  })
  fc.assert(
    fc.property(change, ({ message, at, length, by }) => {
      const start = at % message.length
      const changed = Buffer.concat([message.subarray(0, start), by, message.subarray(start + length)])
      const passed = readDhtMessage(changed, anywhere)
      if (passed) openValue(passed.bytes)
    }),
    { numRuns: runs(5_000) },
  )
  t.pass()
})

test('What is let through decodes, and is let through again just so', t => {
  const scalar = fc.oneof(fc.integer(), fc.string({ maxLength: 70 }), fc.uint8Array({ maxLength: 70 }))
  const keys = fc.constantFrom(
    'id',
    'target',
    'token',
    'v',
    'k',
    'sig',
    'seq',
    'salt',
    'nodes',
    'values',
    'port',
  )
  const fields = fc.dictionary(keys, fc.oneof(scalar, fc.array(scalar, { maxLength: 3 })), { maxKeys: 6 })
  const names = fc.constantFrom('ping', 'find_node', 'get_peers', 'announce_peer', 'get', 'put', 'vote')
  fc.assert(
    fc.property(fields, names, fc.boolean(), (body, name, isQuery) => {
      const whole = { id, target: id, info_hash: id, token: 'tk', ...body }
      const passed = read(isQuery ? query(name, whole) : reply(whole))
      if (!passed) return
      const sent = openValue(passed.bytes)
      t.deepEqual(readDhtMessage(sent.bytes, anywhere), passed)
    }),
  )
})
