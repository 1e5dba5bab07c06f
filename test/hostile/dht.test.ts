import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import test from 'ava'
import { type Bencodable, encodeBencode } from '../../src/core/index.ts'
import { loadNative } from '../kit/engines.ts'
import { watchMemory } from '../kit/hostile/memory.ts'
import { numbers } from '../kit/hostile/speech.ts'
import { startVictim } from '../kit/hostile/victim.ts'
import { type RawAnswer, startRawDhtNode } from '../kit/raw-dht-node.ts'
import { waitUntil } from '../kit/wait-until.ts'

const native = await loadNative()
const mebibyte = 1024 * 1024

/** What a node answers to every query; an `r` dictionary gets the right transaction and its id. */
const answers: Record<string, RawAnswer> = {
  noise: randomBytes(300),
  'half a message': Buffer.from('d1:rd2:id20:'),
  'a list': Buffer.from('l1:r1:q1:ee'),
  'lists within lists': Buffer.from('l'.repeat(1_000) + 'e'.repeat(1_000)),
  'an answer without an id': encodeBencode({ t: 'aa', y: 'r', r: {} }),
  'an id of 5 bytes': { r: { id: randomBytes(5) } },
  'an id of 500 bytes': { r: { id: randomBytes(500) } },
  'nodes that are a number': { r: { nodes: 1 } },
  'nodes cut short': { r: { nodes: randomBytes(27) } },
  'nodes at port 0': { r: { nodes: Buffer.concat([randomBytes(20), Buffer.from([127, 0, 0, 66, 0, 0])]) } },
  'values that are a dictionary': { r: { token: 'x', values: { a: 1 } as Bencodable } },
  'values cut short': { r: { token: 'x', values: [randomBytes(5), randomBytes(0), 7] } },
  'a thousand values': { r: { token: 'x', values: Array.from({ length: 200 }, () => randomBytes(6)) } },
  'a token of a kilobyte': { r: { token: randomBytes(1_200), nodes: '' } },
  'a token that is a list': { r: { token: ['x'], nodes: '' } },
  'an error that is none': encodeBencode({ t: 'aa', y: 'e', e: 'no' }),
  'an error with a long text': encodeBencode({ t: 'aa', y: 'e', e: [201, 'x'.repeat(1_200)] }),
  'a query for an answer': encodeBencode({ t: 'aa', y: 'q', q: 'ping', a: { id: randomBytes(20) } }),
}

for (const [what, answer] of Object.entries(answers))
  test(`${native.name}: a DHT node that answers ${what} does no harm`, async t => {
    const node = await startRawDhtNode(t, () => answer)
    const victim = await startVictim(t, native.factory, { init: { dht: { bootstrap: [node.address] } } })
    await waitUntil('the node was asked', () => node.askers.length > 0)
    await victim.survives()
    t.true((victim.engine.dhtNodes() ?? 0) <= 1)
  })

const queries: readonly Uint8Array[] = [
  Buffer.alloc(0),
  Buffer.from('d'),
  Buffer.from('de'),
  randomBytes(1_000),
  Buffer.from('l'.repeat(60_000)),
  ...(
    [
      'ping',
      'find_node',
      'get_peers',
      'announce_peer',
      'get',
      'put',
      'sample_infohashes',
      '',
      '\u0000',
    ] as const
  ).flatMap(q =>
    (
      [
        {},
        { id: 7 },
        { id: randomBytes(19) },
        { id: randomBytes(20), target: 1, info_hash: [], port: -1, token: 3 },
        {
          id: randomBytes(20),
          target: randomBytes(3),
          info_hash: randomBytes(50),
          port: 70_000,
          token: randomBytes(500),
        },
        { id: randomBytes(20), target: randomBytes(20), info_hash: randomBytes(20), port: 0, token: '' },
        {
          id: randomBytes(20),
          token: 'x',
          v: 'y'.repeat(1_001),
          k: randomBytes(31),
          sig: randomBytes(63),
          seq: -1,
        },
      ] as Bencodable[]
    ).map(a => encodeBencode({ t: randomBytes(2), y: 'q', q, a })),
  ),
  encodeBencode({ t: randomBytes(1_000), y: 'q', q: 'ping', a: { id: randomBytes(20) } }),
  encodeBencode({ t: 'a', y: 7, q: [] as Bencodable[], a: 'x' }),
  encodeBencode({ t: [] as Bencodable[], y: 'r', r: 'x' }),
]

test.serial(`${native.name}: no datagram that reaches the DHT's port does harm`, async t => {
  const node = await startRawDhtNode(t, () => ({ r: { nodes: '', token: 'x' } }))
  const victim = await startVictim(t, native.factory, { init: { dht: { bootstrap: [node.address] } } })
  await waitUntil('the node was asked', () => node.askers.length > 0)
  const port = node.askers[0]!.port
  const memory = watchMemory()
  for (let round = 0; round < 20; round++) for (const query of queries) node.send(query, port)
  // Whoever asked so much is not answered for a while.
  let isAnswered = false
  await waitUntil(
    'it answers again',
    () => {
      void node.ask('ping', {}, port).then(reply => {
        isAnswered ||= reply.get('r') !== undefined
      })
      return isAnswered
    },
    { intervalMs: 250 },
  )
  await victim.survives()
  const grown = memory.end()
  t.true(grown < 64 * mebibyte, `${grown} bytes`)
})

test.serial(`${native.name}: a flood of queries from thousands of ids costs little memory`, async t => {
  const node = await startRawDhtNode(t, () => ({ r: { nodes: '', token: 'x' } }))
  const victim = await startVictim(t, native.factory, { init: { dht: { bootstrap: [node.address] } } })
  await waitUntil('the node was asked', () => node.askers.length > 0)
  const port = node.askers[0]!.port
  const memory = watchMemory()
  const socket = createSocket('udp4')
  t.teardown(() => void socket.close())
  socket.bind(0, '127.0.0.67')
  await once(socket, 'listening')
  for (let count = 0; count < 5_000; count++) {
    const a = { id: randomBytes(20), info_hash: Buffer.concat([numbers(count), randomBytes(16)]) }
    socket.send(encodeBencode({ t: 'aa', y: 'q', q: 'get_peers', a }), port, '127.0.0.1')
    if (count % 500 === 499) await new Promise(resolve => setImmediate(resolve))
  }
  await victim.survives()
  const grown = memory.end()
  t.true(grown < 64 * mebibyte, `${grown} bytes`)
})
