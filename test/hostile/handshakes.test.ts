import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import test, { type ExecutionContext } from 'ava'
import { loadNative } from '../kit/engines.ts'
import { watchMemory } from '../kit/hostile/memory.ts'
import { hostileHost, listenRaw, RawPeer } from '../kit/hostile/raw-peer.ts'
import { hello, helloLength, say } from '../kit/hostile/speech.ts'
import { pieceLength, serve, startVictim, type Victim } from '../kit/hostile/victim.ts'
import { makeTorrent } from '../kit/made-torrent.ts'
import { sampleBytes } from '../kit/sample-files.ts'
import { waitUntil } from '../kit/wait-until.ts'

const native = await loadNative()
const mebibyte = 1024 * 1024
/** Longer than any engine may wait for a handshake. */
const patienceMs = 45_000

const beginnings: Record<string, (victim: Victim) => Uint8Array> = {
  'half a handshake': ({ metainfo }) => hello({ infoHash: metainfo.infoHash! }).subarray(0, 40),
  'a handshake for a torrent that nobody has': () => hello({ infoHash: 'ab'.repeat(20) }),
  'a handshake with every bit set': ({ metainfo }) =>
    hello({ infoHash: metainfo.infoHash!, reserved: Buffer.alloc(8, 0xff), peerId: Buffer.alloc(20, 0xff) }),
  'two handshakes': ({ metainfo }) =>
    Buffer.concat([hello({ infoHash: metainfo.infoHash! }), hello({ infoHash: metainfo.infoHash! })]),
  'another protocol': () => Buffer.concat([Buffer.from('\x13BitTorrent protocoL'), randomBytes(48)]),
  'a name of 255 letters': () => Buffer.alloc(300, 0xff),
  'an HTTP request': () => Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'),
  zeros: () => Buffer.alloc(2_000),
  noise: () => randomBytes(2_000),
}

for (const [what, beginning] of Object.entries(beginnings)) {
  test(`${native.name}: who begins with ${what} does no harm`, async t => {
    const victim = await startVictim(t, native.factory)
    const peer = await RawPeer.dial(t, victim.address)
    await peer.sayAll(beginning(victim))
    await victim.survives()
  })

  test(`${native.name}: who answers with ${what} does no harm`, async t => {
    const victim = await startVictim(t, native.factory)
    const met = Promise.withResolvers<RawPeer>()
    victim.torrent.addPeer(await listenRaw(t, met.resolve), 'manual')
    const peer = await met.promise
    await peer.sayAll(beginning(victim))
    await victim.survives()
  })
}

test(`${native.name}: a peer that answers with the handshake of another torrent is hung up on`, async t => {
  const victim = await startVictim(t, native.factory)
  const met = Promise.withResolvers<RawPeer>()
  victim.torrent.addPeer(await listenRaw(t, met.resolve), 'manual')
  const peer = await met.promise
  peer.say(hello({ infoHash: 'cd'.repeat(20) }), say.unchoke)
  await peer.ended
  t.deepEqual(victim.torrent.peers(), [])
})

test(`${native.name}: it does not stay connected to itself`, async t => {
  const victim = await startVictim(t, native.factory)
  victim.torrent.addPeer(victim.address, 'manual')
  await victim.survives()
  await waitUntil('it is alone', () => victim.torrent.peers().length === 0)
  t.pass()
})

test(`${native.name}: a peer that hangs up at any byte of its handshake does no harm`, async t => {
  const victim = await startVictim(t, native.factory)
  const bytes = Buffer.concat([hello({ infoHash: victim.metainfo.infoHash! }), say.interested, say.have(3)])
  for (let length = 0; length <= bytes.length; length++) {
    const peer = await RawPeer.dial(t, victim.address)
    await peer.sayAll(bytes.subarray(0, length))
    if (length % 2 === 0) peer.socket.resetAndDestroy()
    else peer.destroy()
  }
  await victim.survives()
})

test(`${native.name}: a handshake that comes byte by byte is understood`, async t => {
  const victim = await startVictim(t, native.factory)
  const peer = await RawPeer.dial(t, victim.address)
  peer.socket.setNoDelay()
  for (const byte of hello({ infoHash: victim.metainfo.infoHash! })) await peer.sayAll(Buffer.from([byte]))
  t.is((await peer.hello).infoHash, victim.metainfo.infoHash!)
})

test(`${native.name}: connections that never say anything are ended, whoever made them`, async t => {
  const victim = await startVictim(t, native.factory)
  const silent = await Promise.all(Array.from({ length: 5 }, () => RawPeer.dial(t, victim.address)))
  const halfway = await RawPeer.dial(t, victim.address)
  await halfway.sayAll(hello({ infoHash: victim.metainfo.infoHash! }).subarray(0, helloLength - 1))
  const dialled: RawPeer[] = []
  victim.torrent.addPeer(await listenRaw(t, peer => dialled.push(peer)), 'manual')
  await waitUntil(
    'they have ended',
    () => [...silent, halfway, ...dialled].every(peer => peer.isOver) && dialled.length > 0,
    {
      timeoutMs: patienceMs,
    },
  )
  await victim.survives()
})

async function connectMany(t: ExecutionContext, port: number, count: number): Promise<Socket[]> {
  const open: Socket[] = []
  t.teardown(() => {
    for (const socket of open) socket.destroy()
  })
  for (let made = 0; made < count; made++) {
    // An address of its own for each 256th part, so that it is not only the cap of one address that holds.
    const localAddress = `127.0.66.${made % 256}`
    const socket = connect({
      port,
      host: '127.0.0.1',
      localAddress: localAddress === '127.0.66.0' ? hostileHost : localAddress,
    })
    socket.on('error', () => {})
    socket.resume()
    open.push(socket)
    if (made % 100 === 99) await Promise.race([once(socket, 'connect'), once(socket, 'close')])
  }
  return open
}

test.serial(`${native.name}: thousands of connections that say nothing keep no honest peer out`, async t => {
  const victim = await startVictim(t, native.factory)
  const memory = watchMemory()
  const open = await connectMany(t, victim.engine.port, 3_000)
  await victim.survives()
  const grown = memory.end()
  t.true(grown < 64 * mebibyte, `${grown} bytes for 3,000 connections`)
  for (const socket of open) socket.destroy()
})

test.serial(
  `${native.name}: thousands of connections, one after the other, leave nothing behind`,
  async t => {
    const victim = await startVictim(t, native.factory)
    const memory = watchMemory()
    for (let round = 0; round < 8; round++) {
      const open = await connectMany(t, victim.engine.port, 500)
      // A connection that is not there yet cannot be reset.
      for (const socket of open) socket.connecting ? socket.destroy() : socket.resetAndDestroy()
    }
    await victim.survives()
    const grown = memory.end()
    t.true(grown < 64 * mebibyte, `${grown} bytes`)
  },
)

test.serial(`${native.name}: one address does not take all the places of a torrent`, async t => {
  const victim = await startVictim(t, native.factory, { init: { maxPeers: 20 } })
  const greedy = await Promise.all(Array.from({ length: 60 }, () => RawPeer.dial(t, victim.address)))
  for (const peer of greedy) peer.say(hello({ infoHash: victim.metainfo.infoHash! }), say.interested)
  await Promise.all(greedy.map(peer => Promise.race([peer.hello, peer.ended]).catch(() => {})))
  t.true(victim.torrent.peers().length <= 20)
  await victim.survives()
})

test.serial(
  `${native.name}: who fills torrents one after the other does not keep others out of the next one`,
  async t => {
    const victim = await startVictim(t, native.factory, { init: { maxPeers: 15, maxConnections: 30 } })
    const others = Array.from({ length: 4 }, (_, index) => {
      const content = sampleBytes(50_000, `${t.title} ${index}`)
      const metainfo = makeTorrent(`${index}.avi`, content, pieceLength)
      return { metainfo, torrent: serve(victim.engine, metainfo, content) }
    })
    const torrents = [victim.torrent, ...others.map(({ torrent }) => torrent)]
    const total = () => torrents.reduce((sum, torrent) => sum + torrent.peers().length, 0)
    let most = 0
    for (const torrent of torrents) torrent.on('peers', () => (most = Math.max(most, total())))
    for (const { metainfo } of others) {
      const greedy = await Promise.all(Array.from({ length: 15 }, () => RawPeer.dial(t, victim.address)))
      for (const peer of greedy) peer.say(hello({ infoHash: metainfo.infoHash! }), say.interested)
      await Promise.all(greedy.map(peer => Promise.race([peer.hello, peer.ended]).catch(() => {})))
    }
    t.true(most <= 30, `${most} at once`)
    t.true(total() >= 29)
    await victim.survives()
    t.true(most <= 30, `${most} at once`)
  },
)
