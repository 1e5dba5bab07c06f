import { once } from 'node:events'
import { createServer } from 'node:net'
import test, { type ExecutionContext } from 'ava'
import { Bitfield, P2pShareError } from '../../src/core/index.ts'
import type { Engine, EngineFactory, EngineInit, EngineTorrent } from '../../src/swarm/index.ts'
import { makeTorrent } from '../kit/made-torrent.ts'
import { diskFull, MemoryStore } from '../kit/memory-store.ts'
import { sampleBytes } from '../kit/sample-files.ts'
import { waitUntil } from '../kit/wait-until.ts'

const pieceLength = 16_384
const quiet: EngineInit = {
  port: 0,
  dht: false,
  pex: false,
  nat: false,
  maxPeers: 20,
  iceServers: [],
  limits: {},
}

/**
 * What every engine must do, whatever it is made of. Registers one test a promise of the contract; engines meet each other
 * on the loopback interface only.
 */
export function engineContract(name: string, factory: EngineFactory): void {
  const start = async (t: ExecutionContext, init: Partial<EngineInit> = {}): Promise<Engine> => {
    const engine = factory({ ...quiet, ...init })
    t.teardown(() => engine.stop())
    await engine.start()
    return engine
  }

  const sample = (pieces: number, seed = 1) => {
    const content = sampleBytes(pieces * pieceLength - 1_000, String(seed))
    return { content, metainfo: makeTorrent('clip.avi', content, pieceLength) }
  }

  const join = (engine: Engine, infoHash: string, peers: string[] = []): EngineTorrent =>
    engine.join({ infoHash, trackers: [], peers, isPrivate: false })

  /** One engine that has all of a torrent, and another that joins it knowing the metainfo. */
  const pair = async (
    t: ExecutionContext,
    pieces: number,
    { wanted, served, init }: { wanted?: Bitfield; served?: Uint8Array; init?: Partial<EngineInit> } = {},
  ) => {
    const { content, metainfo } = sample(pieces)
    const [source, sink] = [await start(t), await start(t, init)]
    const seeding = join(source, metainfo.infoHash!)
    seeding.begin({
      metainfo,
      store: new MemoryStore(served ?? content),
      have: Bitfield.full(pieces),
      wanted: new Bitfield(pieces),
      webSeeds: [],
    })
    const store = new MemoryStore(content.length)
    const have = new Bitfield(pieces)
    const fetching = join(sink, metainfo.infoHash!)
    const complete = once(fetching, 'complete')
    fetching.begin({ metainfo, store, have, wanted: wanted ?? Bitfield.full(pieces), webSeeds: [] })
    fetching.addPeer(`127.0.0.1:${source.port}`, 'manual')
    return { content, metainfo, source, sink, seeding, fetching, store, have, complete }
  }

  test(`${name}: a torrent travels from one engine to another byte for byte`, async t => {
    const { content, store, have, complete } = await pair(t, 40)
    await complete
    t.true(have.isFull)
    t.true(store.content.equals(content))
  })

  test(`${name}: the last piece may be shorter and one piece may be the whole`, async t => {
    const { content, store, complete } = await pair(t, 1)
    await complete
    t.true(store.content.equals(content))
  })

  test(`${name}: each piece is announced once, after it is in the store`, async t => {
    const { content, store, fetching, complete } = await pair(t, 12)
    const announced: number[] = []
    fetching.on('piece', index => {
      announced.push(index)
      const at = index * pieceLength
      t.true(store.content.subarray(at, at + pieceLength).equals(content.subarray(at, at + pieceLength)))
    })
    await complete
    t.deepEqual(
      announced.sort((a, b) => a - b),
      Array.from({ length: 12 }, (_, index) => index),
    )
  })

  test(`${name}: metadata comes from a peer as the raw bytes that the info-hash is of`, async t => {
    const { content, metainfo } = sample(5)
    const [source, sink] = [await start(t), await start(t)]
    join(source, metainfo.infoHash!).begin({
      metainfo,
      store: new MemoryStore(content),
      have: Bitfield.full(5),
      wanted: new Bitfield(5),
      webSeeds: [],
    })
    const fetching = join(sink, metainfo.infoHash!)
    fetching.addPeer(`127.0.0.1:${source.port}`, 'manual')
    const [infoBytes] = await once(fetching, 'metadata')
    t.deepEqual(Buffer.from(infoBytes), Buffer.from(metainfo.infoBytes))
    const store = new MemoryStore(content.length)
    const complete = once(fetching, 'complete')
    const have = new Bitfield(5)
    fetching.begin({ metainfo, store, have, wanted: Bitfield.full(5), webSeeds: [] })
    await complete
    t.true(store.content.equals(content))
  })

  test(`${name}: who got the metadata from a peer hands it on`, async t => {
    const { content, metainfo } = sample(3)
    const [first, second, third] = [await start(t), await start(t), await start(t)]
    const have = Bitfield.full(3)
    join(first, metainfo.infoHash!).begin({
      metainfo,
      store: new MemoryStore(content),
      have,
      wanted: new Bitfield(3),
      webSeeds: [],
    })
    const middle = join(second, metainfo.infoHash!, [`127.0.0.1:${first.port}`])
    await once(middle, 'metadata')
    const begun = { metainfo, store: new MemoryStore(content.length), wanted: Bitfield.full(3), webSeeds: [] }
    middle.begin({ ...begun, have: new Bitfield(3) })
    await once(middle, 'complete')
    await first.stop()
    const last = join(third, metainfo.infoHash!, [`127.0.0.1:${second.port}`])
    const [infoBytes] = await once(last, 'metadata')
    t.deepEqual(Buffer.from(infoBytes), Buffer.from(metainfo.infoBytes))
  })

  test(`${name}: only wanted pieces are fetched, and more of them once more are wanted`, async t => {
    const wanted = new Bitfield(20)
    for (const index of [3, 4, 11]) wanted.add(index)
    const { have, fetching, complete } = await pair(t, 20, { wanted })
    await complete
    t.deepEqual([have.count, have.has(3), have.has(4), have.has(11)], [3, true, true, true])
    const all = once(fetching, 'complete')
    fetching.want(Bitfield.full(20))
    await all
    t.true(have.isFull)
  })

  test(`${name}: nothing is fetched of a torrent that is held already`, async t => {
    const { content, metainfo } = sample(6)
    const engine = await start(t)
    const store = new MemoryStore(content)
    const torrent = join(engine, metainfo.infoHash!)
    torrent.begin({ metainfo, store, have: Bitfield.full(6), wanted: Bitfield.full(6), webSeeds: [] })
    await once(torrent, 'complete')
    t.is(store.writes, 0)
  })

  test(`${name}: a piece that fails its hash is reported and never stored`, async t => {
    const { content } = sample(8)
    const served = Buffer.from(content)
    served[5 * pieceLength + 7]! ^= 1
    const { have, store, fetching } = await pair(t, 8, { served })
    const [index] = await once(fetching, 'corrupt')
    t.is(index, 5)
    await waitUntil('seven good pieces are here', () => have.count === 7)
    t.false(have.has(5))
    t.true(store.content.subarray(5 * pieceLength, 6 * pieceLength).every(byte => byte === 0))
  })

  test(`${name}: a full disk pauses fetching, and it goes on by itself once there is room`, async t => {
    const { content, metainfo } = sample(30)
    const [source, sink] = [await start(t), await start(t)]
    join(source, metainfo.infoHash!).begin({
      metainfo,
      store: new MemoryStore(content),
      have: Bitfield.full(30),
      wanted: new Bitfield(30),
      webSeeds: [],
    })
    const store = new MemoryStore(content.length)
    store.writeError = diskFull
    const fetching = join(sink, metainfo.infoHash!, [`127.0.0.1:${source.port}`])
    const [stalled, complete] = [once(fetching, 'stalled'), once(fetching, 'complete')]
    fetching.begin({ metainfo, store, have: new Bitfield(30), wanted: Bitfield.full(30), webSeeds: [] })
    const [error] = await stalled
    t.is(error.code, 'ERR_DISK_FULL')
    const flowing = once(fetching, 'flowing')
    store.writeError = undefined
    await flowing
    await complete
    t.true(store.content.equals(content))
  })

  test(`${name}: a peer is told of with its address, and whether it is a seed`, async t => {
    const { source, fetching, complete } = await pair(t, 10)
    await complete
    const [peer] = fetching.peers()
    t.is(peer?.address, `127.0.0.1:${source.port}`)
    t.is(peer?.source, 'manual')
    t.true(peer?.isSeed)
    t.is(fetching.stats().peers, 1)
    t.true(fetching.stats().downloadedBytes >= 9 * pieceLength)
  })

  test(`${name}: two torrents in one engine do not mix`, async t => {
    const [one, two] = [sample(7, 1), sample(9, 2)]
    const [source, sink] = [await start(t), await start(t)]
    const stores = await Promise.all(
      [one, two].map(async ({ content, metainfo }) => {
        const count = metainfo.pieceCount
        const have = Bitfield.full(count)
        const held = new MemoryStore(content)
        join(source, metainfo.infoHash!).begin({
          metainfo,
          store: held,
          have,
          wanted: new Bitfield(count),
          webSeeds: [],
        })
        const store = new MemoryStore(content.length)
        const fetching = join(sink, metainfo.infoHash!, [`127.0.0.1:${source.port}`])
        const complete = once(fetching, 'complete')
        fetching.begin({
          metainfo,
          store,
          have: new Bitfield(count),
          wanted: Bitfield.full(count),
          webSeeds: [],
        })
        await complete
        return store
      }),
    )
    t.true(stores[0]!.content.equals(one.content))
    t.true(stores[1]!.content.equals(two.content))
  })

  test(`${name}: a paused torrent has no connections, and goes on with its peers when resumed`, async t => {
    const { content, metainfo } = sample(60)
    const [source, sink] = [await start(t, { limits: { uploadBytesPerSecond: 150_000 } }), await start(t)]
    const seeding = join(source, metainfo.infoHash!)
    const held = { metainfo, store: new MemoryStore(content), have: Bitfield.full(60), webSeeds: [] }
    seeding.begin({ ...held, wanted: new Bitfield(60) })
    const fetching = join(sink, metainfo.infoHash!, [`127.0.0.1:${source.port}`])
    const store = new MemoryStore(content.length)
    const have = new Bitfield(60)
    const complete = once(fetching, 'complete')
    fetching.begin({ metainfo, store, have, wanted: Bitfield.full(60), webSeeds: [] })
    await once(fetching, 'piece')
    seeding.pause()
    await waitUntil('both are alone', () => seeding.peers().length === 0 && fetching.peers().length === 0)
    t.true(have.count < 60)
    source.setLimits({})
    seeding.resume()
    await complete
    t.true(store.content.equals(content))
  })

  test(`${name}: an address that is none is ignored`, async t => {
    const { metainfo } = sample(2)
    const torrent = join(await start(t), metainfo.infoHash!)
    for (const address of ['', 'nonsense', '127.0.0.1', '127.0.0.1:0', '127.0.0.1:99999', '[::1', ':1']) {
      torrent.addPeer(address, 'manual')
    }
    t.deepEqual(torrent.peers(), [])
  })

  test(`${name}: an upload limit holds back a transfer that would be done in a moment`, async t => {
    const started = performance.now()
    const { complete, source } = await pair(t, 1)
    await complete
    t.true(performance.now() - started < 10_000)
    source.setLimits({ uploadBytesPerSecond: 200_000 })
    const { content, metainfo } = sample(25, 5)
    const sink = await start(t)
    join(source, metainfo.infoHash!).begin({
      metainfo,
      store: new MemoryStore(content),
      have: Bitfield.full(25),
      wanted: new Bitfield(25),
      webSeeds: [],
    })
    const fetching = join(sink, metainfo.infoHash!, [`127.0.0.1:${source.port}`])
    const done = once(fetching, 'complete')
    const begin = performance.now()
    const store = new MemoryStore(content.length)
    fetching.begin({ metainfo, store, have: new Bitfield(25), wanted: Bitfield.full(25), webSeeds: [] })
    await done
    t.true(performance.now() - begin > 900, '400 kB at 200 kB/s')
  })

  test(`${name}: a taken port rejects the start with ERR_PORT_TAKEN`, async t => {
    const server = createServer().listen(0)
    await once(server, 'listening')
    t.teardown(() => server.close())
    const { port } = server.address() as { port: number }
    const engine = factory({ ...quiet, port })
    t.teardown(() => engine.stop())
    const error = await t.throwsAsync(engine.start(), { instanceOf: P2pShareError })
    t.is(error?.code, 'ERR_PORT_TAKEN')
  })

  test(`${name}: an aborted start rejects with the reason and leaves nothing open`, async t => {
    const engine = factory(quiet)
    const reason = new Error('changed my mind')
    await t.throwsAsync(engine.start({ signal: AbortSignal.abort(reason) }), { is: reason })
    await engine.stop()
  })

  test(`${name}: leaving closes the connections, twice does no harm, and the store stays open`, async t => {
    const { fetching, seeding, store, complete } = await pair(t, 4)
    await complete
    await Promise.all([fetching.leave(), fetching.leave()])
    t.false(store.isClosed)
    await waitUntil('the other side has noticed', () => seeding.peers().length === 0)
    t.pass()
  })

  test(`${name}: stopping is idempotent and a stopped engine takes no torrent`, async t => {
    const engine = await start(t)
    await Promise.all([engine.stop(), engine.stop()])
    t.throws(() => join(engine, 'a'.repeat(40)), { code: 'ERR_STOPPED' })
  })

  test(`${name}: the DHT is off when it is switched off`, async t => {
    t.is((await start(t)).dhtNodes(), undefined)
    t.is((await start(t, { dht: { bootstrap: [] } })).dhtNodes(), 0)
  })
}
