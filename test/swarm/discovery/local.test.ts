import { createSocket } from 'node:dgram'
import test, { type ExecutionContext } from 'ava'
import fc from 'fast-check'
import { formatAnnounce, LocalDiscovery, parseAnnounce } from '../../../src/swarm/discovery/local.ts'
import { waitUntil } from '../../kit/wait-until.ts'

const infoHash = () => Buffer.from(crypto.getRandomValues(new Uint8Array(20))).toString('hex')
const hashes = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .map(bytes => Buffer.from(bytes).toString('hex'))

async function start(t: ExecutionContext) {
  const heard: string[] = []
  const lsd = new LocalDiscovery({
    interfaces: ['127.0.0.1'],
    onPeer: (hash, address) => heard.push(`${hash} ${address}`),
  })
  t.teardown(() => lsd.stop())
  await lsd.start()
  t.true(lsd.isOn)
  return { lsd, heard }
}

test('two that share the same torrent hear each other', async t => {
  const [one, two] = [await start(t), await start(t)]
  const shared = infoHash()
  one.lsd.announce(shared, 1111)
  two.lsd.announce(shared, 2222)
  await waitUntil('the second hears the first', () => two.heard.includes(`${shared} 127.0.0.1:1111`))
  await waitUntil('the first hears the second', () => one.heard.includes(`${shared} 127.0.0.1:2222`))
  t.false(
    one.heard.some(peer => peer.endsWith(':1111')),
    'nobody hears himself',
  )
})

test('a torrent that was never announced, or was withdrawn, is not heard of', async t => {
  const [one, two] = [await start(t), await start(t)]
  const [mine, other, both] = [infoHash(), infoHash(), infoHash()]
  for (const hash of [mine, both]) one.lsd.announce(hash, 1111)
  one.lsd.withdraw(mine)
  for (const hash of [other, mine, both]) two.lsd.announce(hash, 2222)
  await waitUntil('the shared one is heard', () => one.heard.some(peer => peer.startsWith(both)))
  t.true(one.heard.every(peer => peer.startsWith(both)))
})

test('rubbish from the network changes nothing', async t => {
  const { lsd, heard } = await start(t)
  const shared = infoHash()
  lsd.announce(shared, 1111)
  const socket = createSocket('udp4')
  t.teardown(() => socket.close())
  const good = formatAnnounce({ port: 3333, infoHashes: [shared], cookie: 'other' })
  const bad = [
    '',
    'BT-SEARCH * HTTP/1.1',
    'BT-SEARCH * HTTP/1.1\r\n',
    'GET / HTTP/1.1\r\nPort: 1\r\n',
    '\0'.repeat(1_400),
  ]
  for (const text of bad) socket.send(text, 6771, '127.0.0.1')
  for (const at of [0, 10, 40, 60]) socket.send(good.subarray(0, at), 6771, '127.0.0.1')
  const { lsd: honest } = await start(t)
  honest.announce(shared, 3333)
  await waitUntil('the honest one is heard', () => heard.includes(`${shared} 127.0.0.1:3333`))
  t.deepEqual([...new Set(heard)], [`${shared} 127.0.0.1:3333`])
})

test('what is announced is read back', t => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 65_535 }),
      fc.array(hashes, { minLength: 1, maxLength: 16 }),
      fc.option(fc.stringMatching(/^[0-9a-f]{1,32}$/), { nil: undefined }),
      (port, infoHashes, cookie) => {
        t.deepEqual(parseAnnounce(formatAnnounce({ port, infoHashes, cookie })), { port, infoHashes, cookie })
      },
    ),
  )
})

test('no datagram makes the reader throw or answer out of bounds', t => {
  const start = 'BT-SEARCH * HTTP/1.1\r\n'
  const lines = fc.array(
    fc.oneof(
      fc.string(),
      fc.constantFrom('Port: 70000', 'Port: 0', 'Port: 80', 'Infohash: xyz', `Infohash: ${'a'.repeat(40)}`),
    ),
  )
  const property = fc.property(
    fc.oneof(
      fc.uint8Array({ maxLength: 2_000 }),
      lines.map(all => Buffer.from(start + all.join('\r\n'))),
    ),
    bytes => {
      const announce = parseAnnounce(bytes)
      if (!announce) return
      t.true(announce.port >= 1 && announce.port <= 65_535)
      t.true(announce.infoHashes.length >= 1 && announce.infoHashes.length <= 32)
    },
  )
  t.notThrows(() => fc.assert(property))
})
