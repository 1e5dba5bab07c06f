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

/** In what an engine may be less exact than the contract has it. */
export interface Exactness {
  /** How many pieces may come out of their order, because blocks of several are asked for at once. @default 0 */
  readonly stragglers?: number
}

/**
 * What every engine must do, whatever it is made of. Registers one test a promise of the contract; engines meet each other
 * on the loopback interface only.
 */
export function engineContract(
  name: string,
  factory: EngineFactory,
  { stragglers = 0 }: Exactness = {},
): void {
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

  /** A leech that joins a slow seed, and the order in which its pieces come. */
  const slowly = async (
    t: ExecutionContext,
    pieces: number,
    prepare: (fetching: EngineTorrent) => { levels?: Uint8Array; wanted?: Bitfield } | undefined,
    uploadBytesPerSecond = 1_000_000,
  ) => {
    const { content, metainfo } = sample(pieces)
    const [source, sink] = [await start(t, { limits: { uploadBytesPerSecond } }), await start(t)]
    join(source, metainfo.infoHash!).begin({
      metainfo,
      store: new MemoryStore(content),
      have: Bitfield.full(pieces),
      wanted: new Bitfield(pieces),
      webSeeds: [],
    })
    const fetching = join(sink, metainfo.infoHash!)
    const order: number[] = []
    fetching.on('piece', index => order.push(index))
    const store = new MemoryStore(content.length)
    const wanted = Bitfield.full(pieces)
    const complete = once(fetching, 'complete')
    fetching.begin({
      metainfo,
      store,
      have: new Bitfield(pieces),
      wanted,
      webSeeds: [],
      ...prepare(fetching),
    })
    return { source, fetching, order, complete, store, content }
  }

  /** How many of the first that came are none of those that should have come first. */
  const late = (order: readonly number[], first: readonly number[]) =>
    order.slice(0, first.length).filter(index => !first.includes(index)).length

  test(`${name}: pieces of a higher level come before those of a lower one`, async t => {
    const levels = new Uint8Array(60).fill(1)
    const first = [50, 51, 52, 53, 54, 10, 30, 31, 32, 33]
    for (const index of first) levels[index] = 7
    const { source, fetching, order, complete } = await slowly(t, 60, () => ({ levels }))
    fetching.addPeer(`127.0.0.1:${source.port}`, 'manual')
    await complete
    t.true(late(order, first) <= stragglers, order.join(' '))
  })

  test(`${name}: levels may change while pieces come`, async t => {
    const { source, fetching, order, complete } = await slowly(
      t,
      600,
      () => ({ levels: new Uint8Array(600).fill(3) }),
      4_000_000,
    )
    fetching.addPeer(`127.0.0.1:${source.port}`, 'manual')
    await once(fetching, 'piece')
    const levels = new Uint8Array(600).fill(3)
    const first = Array.from({ length: 20 }, (_, index) => 500 + index).filter(
      index => !order.includes(index),
    )
    for (const index of first) levels[index] = 6
    fetching.want(Bitfield.full(600), levels)
    await complete
    // What was asked for ahead still comes before them.
    const last = Math.max(...first.map(index => order.indexOf(index)))
    t.true(last < 450, `${last}: ${order.join(' ')}`)
  })

  test(`${name}: pieces that a reader waits for come first and in its order`, async t => {
    const first = [40, 41, 42, 43, 44, 45, 46, 47]
    const { source, fetching, order, complete } = await slowly(t, 60, () => undefined)
    fetching.hurry(Symbol('player'), first)
    fetching.addPeer(`127.0.0.1:${source.port}`, 'manual')
    await complete
    t.true(late(order, first) <= stragglers, order.join(' '))
    t.true(order.indexOf(40) < order.indexOf(47), order.join(' '))
  })

  test(`${name}: a reader that takes back what it waited for changes nothing for another`, async t => {
    const [one, two] = [Symbol('one'), Symbol('two')]
    const { source, fetching, order, complete } = await slowly(t, 60, () => undefined)
    fetching.hurry(one, [55, 56, 57, 58])
    fetching.hurry(two, [20, 21, 22, 23])
    fetching.hurry(one, [])
    fetching.addPeer(`127.0.0.1:${source.port}`, 'manual')
    await complete
    t.true(late(order, [20, 21, 22, 23]) <= stragglers, order.join(' '))
    t.is(order.length, 60)
  })

  test(`${name}: a piece that nobody wants is not fetched because a reader names it`, async t => {
    const wanted = new Bitfield(20)
    for (const index of [1, 2, 3]) wanted.add(index)
    const { source, fetching, order, complete } = await slowly(t, 20, () => ({ wanted }))
    fetching.hurry(Symbol('player'), [9, 10, 2, 999, -1])
    fetching.addPeer(`127.0.0.1:${source.port}`, 'manual')
    await complete
    t.deepEqual(
      order.sort((a, b) => a - b),
      [1, 2, 3],
    )
  })

  test(`${name}: a torrent's own limits hold it back and no other one`, async t => {
    const { content, metainfo } = sample(25, 6)
    const other = sample(25, 7)
    const [source, sink] = [await start(t), await start(t)]
    const begin = (torrent: EngineTorrent, of: typeof other, store: MemoryStore, isHeld: boolean) =>
      torrent.begin({
        metainfo: of.metainfo,
        store,
        have: isHeld ? Bitfield.full(of.metainfo.pieceCount) : new Bitfield(of.metainfo.pieceCount),
        wanted: isHeld ? new Bitfield(of.metainfo.pieceCount) : Bitfield.full(of.metainfo.pieceCount),
        webSeeds: [],
      })
    const fetch = async (of: typeof other, limit: 'upload' | 'download' | undefined) => {
      const seeding = join(source, of.metainfo.infoHash!)
      const fetching = join(sink, of.metainfo.infoHash!)
      if (limit === 'upload') seeding.setLimits({ uploadBytesPerSecond: 400_000 })
      if (limit === 'download') fetching.setLimits({ downloadBytesPerSecond: 400_000 })
      begin(seeding, of, new MemoryStore(of.content), true)
      const complete = once(fetching, 'complete')
      const started = performance.now()
      begin(fetching, of, new MemoryStore(of.content.length), false)
      fetching.addPeer(`127.0.0.1:${source.port}`, 'manual')
      await complete
      const tookMs = performance.now() - started
      await Promise.all([seeding.leave(), fetching.leave()])
      return tookMs
    }
    // 408 kB at 400 kB/s, of which the first burst goes at once.
    const [uploadMs, freeMs] = await Promise.all([
      fetch({ content, metainfo }, 'upload'),
      fetch(other, undefined),
    ])
    t.true(uploadMs > 700, `took ${uploadMs} ms`)
    t.true(freeMs < uploadMs, `took ${freeMs} ms`)
    // 1,310 kB: what one read of the socket takes beyond the limit is waited for only afterwards.
    const downloadMs = await fetch(sample(80, 8), 'download')
    t.true(downloadMs > 2_000, `took ${downloadMs} ms`)
  })

  test(`${name}: a peer is told of with what it has and what went over the line`, async t => {
    const { fetching, seeding, content, complete } = await pair(t, 30)
    await complete
    const [seed] = fetching.peers()
    t.is(seed?.progress, 1)
    t.true(seed!.downloadedBytes >= content.length)
    t.is(seed?.uploadedBytes, 0)
    await waitUntil('the seed sees a whole leech', () => seeding.peers()[0]?.progress === 1)
    const [leech] = seeding.peers()
    t.true(leech!.uploadedBytes >= content.length)
    t.regex(leech!.flags, /I/)
    t.deepEqual(
      [fetching.stats().wastedBytes, fetching.stats().bannedPeers, seeding.stats().bannedPeers],
      [0, 0, 0],
    )
  })

  test(`${name}: what fails its hash counts as wasted`, async t => {
    const { content } = sample(4)
    const served = Buffer.from(content)
    served[pieceLength + 9]! ^= 1
    const { fetching } = await pair(t, 4, { served })
    await once(fetching, 'corrupt')
    t.true(fetching.stats().wastedBytes >= pieceLength)
  })

  for (const [mine, yours, meets] of [
    ['require', 'require', true],
    ['require', 'prefer', true],
    ['prefer', 'require', true],
    ['prefer', 'off', true],
    ['off', 'prefer', true],
    ['off', 'off', true],
    ['require', 'off', false],
    ['off', 'require', false],
  ] as const) {
    test(`${name}: with encryption ${mine} a peer with encryption ${yours} is ${meets ? 'spoken to' : 'not spoken to'}`, async t => {
      const { content, metainfo } = sample(6)
      const source = await start(t, { encryption: yours })
      const sink = await start(t, { encryption: mine })
      join(source, metainfo.infoHash!).begin({
        metainfo,
        store: new MemoryStore(content),
        have: Bitfield.full(6),
        wanted: new Bitfield(6),
        webSeeds: [],
      })
      const fetching = join(sink, metainfo.infoHash!, [`127.0.0.1:${source.port}`])
      const store = new MemoryStore(content.length)
      const complete = once(fetching, 'complete')
      fetching.begin({ metainfo, store, have: new Bitfield(6), wanted: Bitfield.full(6), webSeeds: [] })
      if (!meets) {
        const other = join(await start(t), metainfo.infoHash!, [`127.0.0.1:${source.port}`])
        const otherComplete = once(other, 'complete')
        const copy = new MemoryStore(content.length)
        other.begin({ metainfo, store: copy, have: new Bitfield(6), wanted: Bitfield.full(6), webSeeds: [] })
        await otherComplete
        t.is(fetching.stats().downloadedBytes, 0)
        return
      }
      await complete
      t.true(store.content.equals(content))
      const isEncrypted = mine === 'require' || yours === 'require'
      if (isEncrypted) t.regex(fetching.peers()[0]!.flags, /E/)
      if (mine === 'off' || yours === 'off') t.notRegex(fetching.peers()[0]!.flags, /[Ee]/)
    })
  }

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

  test(`${name}: a start beside another, after one that failed, or after a stop never only seems to succeed`, async t => {
    const engine = factory(quiet)
    t.teardown(() => engine.stop())
    const starts = Promise.all([engine.start(), engine.start().then(() => engine.port)])
    t.true((await starts)[1] > 0)
    const other = factory({ ...quiet, port: engine.port })
    await t.throwsAsync(other.start(), { code: 'ERR_PORT_TAKEN' })
    await t.throwsAsync(other.start(), { code: 'ERR_STOPPED' })
    await engine.stop()
    await t.throwsAsync(engine.start(), { code: 'ERR_STOPPED' })
    const stopped = factory(quiet)
    const starting = stopped.start()
    await stopped.stop()
    await t.throwsAsync(starting, { code: 'ERR_STOPPED' })
  })

  test(`${name}: the DHT is off when it is switched off`, async t => {
    t.is((await start(t)).dhtNodes(), undefined)
    t.is((await start(t, { dht: { bootstrap: [] } })).dhtNodes(), 0)
  })
}
