import { once } from 'node:events'
import test, { type ExecutionContext } from 'ava'
import { Bitfield, type Metainfo } from '../../../src/core/index.ts'
import type { Engine, EngineFactory, EngineInit, EngineTorrent } from '../../../src/swarm/index.ts'
import { quietEngine } from '../engines.ts'
import { makeTorrent } from '../made-torrent.ts'
import { MemoryStore } from '../memory-store.ts'
import { sampleBytes } from '../sample-files.ts'
import { waitUntil } from '../wait-until.ts'
import { RawPeer } from './raw-peer.ts'
import { type Hello, hello } from './speech.ts'

export const pieceLength = 32_768

export interface VictimOptions {
  readonly init?: Partial<EngineInit>
  /** @default 24 */
  readonly pieceCount?: number
  /** Pieces that it begins with. @default every second one, so that it asks and serves */
  readonly holds?: (piece: number) => boolean
  readonly trackers?: readonly string[]
  /** At any address, this machine's too. */
  readonly webSeeds?: readonly string[]
}

/** An engine that something bad is done to, with a torrent of which it has a part. */
export interface Victim {
  readonly engine: Engine
  readonly torrent: EngineTorrent
  readonly metainfo: Metainfo
  readonly content: Buffer
  readonly store: MemoryStore
  readonly have: Bitfield
  /** `127.0.0.1:port` */
  readonly address: string
  /** A connection to it that has shaken hands. */
  greet(options?: Partial<Hello>): Promise<RawPeer>
  /** Asserts that it still gets all it wants of an honest seed, and gives it to an honest leech. */
  survives(): Promise<void>
}

/** Starts an engine and has it join a torrent. Connections are not encrypted unless `init` says so. */
export async function startVictim(
  t: ExecutionContext,
  factory: EngineFactory,
  options: VictimOptions = {},
): Promise<Victim> {
  const { init, pieceCount = 24, holds = piece => piece % 2 === 0, trackers = [], webSeeds = [] } = options
  const content = sampleBytes(pieceCount * pieceLength - 1_000, t.title)
  const metainfo = makeTorrent('clip.avi', content, pieceLength)
  const engine = await startEngine(t, factory, init)
  const store = new MemoryStore(content.length)
  const have = new Bitfield(pieceCount)
  for (let piece = 0; piece < pieceCount; piece++) {
    if (!holds(piece)) continue
    have.add(piece)
    content.copy(store.content, piece * pieceLength, piece * pieceLength, (piece + 1) * pieceLength)
  }
  const torrent = engine.join({ infoHash: metainfo.infoHash!, trackers, peers: [], isPrivate: false })
  const wanted = Bitfield.full(pieceCount)
  torrent.begin({ metainfo, store, have, wanted, webSeeds, allowsPrivate: true })
  const address = `127.0.0.1:${engine.port}`
  return {
    engine,
    torrent,
    metainfo,
    content,
    store,
    have,
    address,
    async greet(options = {}) {
      const peer = await RawPeer.dial(t, address)
      peer.say(hello({ infoHash: metainfo.infoHash!, ...options }))
      await peer.hello
      return peer
    },
    async survives() {
      const { seed, leech } = await honestEngines(factory, init)
      const seeding = serve(seed, metainfo, content)
      torrent.addPeer(`127.0.0.1:${seed.port}`, 'manual')
      await waitUntil('the victim has all of the torrent', () => have.isFull, { state: () => facts(torrent) })
      t.true(store.content.equals(content), 'what the victim has is what the seed had')
      await seeding.leave()

      const copy = fetchInto(leech, metainfo)
      copy.torrent.addPeer(address, 'manual')
      await waitUntil('the leech has all of the torrent', () => copy.have.isFull, {
        state: () => facts(copy.torrent),
      })
      t.true(copy.store.content.equals(content), 'what the leech has is what the victim had')
      await copy.torrent.leave()
    },
  }
}

const honest = new Map<string, Promise<{ seed: Engine; leech: Engine }>>()

/** Two engines that wish no harm, the same ones for all tests of a file. */
function honestEngines(factory: EngineFactory, init: Partial<EngineInit> = {}) {
  const { encryption = 'off' } = init
  const start = async () => {
    const [seed, leech] = [1, 2].map(() => factory({ ...quietEngine, encryption })) as [Engine, Engine]
    await Promise.all([seed.start(), leech.start()])
    return { seed, leech }
  }
  const engines = honest.get(encryption) ?? start()
  honest.set(encryption, engines)
  return engines
}

test.after.always('the honest engines end', async () => {
  for (const { seed, leech } of await Promise.all(honest.values()))
    await Promise.all([seed.stop(), leech.stop()])
})

/** Starts an engine that ends with the test. */
export async function startEngine(
  t: ExecutionContext,
  factory: EngineFactory,
  init: Partial<EngineInit> = {},
): Promise<Engine> {
  const engine = factory({ ...quietEngine, encryption: 'off', ...init })
  t.teardown(() => engine.stop())
  await engine.start()
  return engine
}

export function joinTorrent(engine: Engine, { infoHash }: Pick<Metainfo, 'infoHash'>): EngineTorrent {
  return engine.join({ infoHash: infoHash!, trackers: [], peers: [], isPrivate: false })
}

/** Has an engine share all of a torrent. */
export function serve(engine: Engine, metainfo: Metainfo, content: Uint8Array): EngineTorrent {
  const torrent = joinTorrent(engine, metainfo)
  const store = new MemoryStore(content)
  const { pieceCount } = metainfo
  torrent.begin({
    metainfo,
    store,
    have: Bitfield.full(pieceCount),
    wanted: new Bitfield(pieceCount),
    webSeeds: [],
  })
  return torrent
}

/** Has an engine fetch all of a torrent into memory. */
export function fetchInto(engine: Engine, metainfo: Metainfo) {
  const torrent = joinTorrent(engine, metainfo)
  const store = new MemoryStore(metainfo.contentLength)
  const have = new Bitfield(metainfo.pieceCount)
  const complete = once(torrent, 'complete')
  const wanted = Bitfield.full(metainfo.pieceCount)
  torrent.begin({ metainfo, store, have, wanted, webSeeds: [] })
  return { torrent, store, have, complete }
}

/** What an engine knows of a torrent, for messages of failure. */
export function facts(torrent: EngineTorrent) {
  return { stats: torrent.stats(), peers: torrent.peers() }
}
