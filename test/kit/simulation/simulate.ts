import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createTorrent, type Metainfo } from '../../../src/index.ts'
import { completed } from '../completed.ts'
import type { TestedEngine } from '../engines.ts'
import { type RawSeedInit, startRawSeed } from '../hostile/raw-seed.ts'
import type { Owner } from '../owner.ts'
import { digests, sampleBytes, writeSampleAlbum, writeSampleFile } from '../sample-files.ts'
import { temporaryFolder } from '../temp-folder.ts'
import { FlakyProxy, goodLine, type Line } from './flaky-proxy.ts'
import { Participant, type World } from './participant.ts'
import { Random } from './random.ts'

export interface SimulationInit {
  /** The same seed makes the same choices; how they meet in time is the machine's. */
  readonly seed: number
  /** Each participant gets one of them. */
  readonly engines: readonly TestedEngine[]
  /** How long things go wrong; after that everybody is there, on good lines, and has to end. */
  readonly troubleMs: number
  /** @default 5 */
  readonly leeches?: number
  /** @default 2 */
  readonly seeds?: number
  /** Peers that lie, dawdle or fall silent. @default 3 */
  readonly liars?: number
  /** @default a minute */
  readonly calmMs?: number
  readonly onEvent?: (event: string) => void
}

export interface SimulationReport {
  readonly events: number
  /** Names of the leeches whose bytes are not those of the seed. */
  readonly differing: readonly string[]
}

type Lie = NonNullable<RawSeedInit['block']>

const pieceLength = 32_768
const singleFileBytes = 4_000_001

const lies: readonly Lie[] = [
  (_piece, _begin, block) => Buffer.from(block).reverse(),
  (piece, _begin, block) => (piece % 5 === 0 ? Buffer.alloc(block.length) : block),
  () => undefined,
  (piece, _begin, block) => (piece % 3 === 0 ? undefined : block),
]

/**
 * Lets seeds, leeches and liars meet on bad lines, come, go and come again, by choices that follow from a seed. Answers once
 * every honest leech says that it is complete.
 *
 * @throws {Error} with what a leech knows, where one does not end after the trouble is over
 */
export async function simulate(owner: Owner, init: SimulationInit): Promise<SimulationReport> {
  const random = new Random(init.seed)
  const tell = init.onEvent ?? (() => {})
  await using ends = new AsyncDisposableStack()
  const { world, metainfo } = await makeWorld(owner, random)
  const participants: Participant[] = []
  for (let index = 0; index < (init.seeds ?? 2) + (init.leeches ?? 5); index++) {
    const isSeed = index < (init.seeds ?? 2)
    const proxy = ends.use(await FlakyProxy.open(`127.0.1.${index + 1}`, random, randomLine(random)))
    const engine = random.pick(init.engines)
    const name = `${isSeed ? 'seed' : 'leech'} ${index + 1} (${engine.name})`
    const participant = new Participant(world, proxy, { name, isSeed, usesLink: random.chance(0.5), engine })
    ends.defer(() => participant.go())
    participants.push(participant)
  }
  const liars = await openLiars(owner, random, metainfo, world, init.liars ?? 3)
  const addresses = () => [...participants.map(({ proxy }) => proxy.address), ...liars]
  for (const participant of participants) await participant.come(others(addresses(), participant))

  const events = await makeTrouble(participants, addresses, { ...init, random, tell })
  for (const participant of participants) {
    participant.proxy.line = goodLine
    if (!participant.isHere) await participant.come(others(addresses(), participant))
    participant.swarm?.setLimits({})
  }
  tell('calm')
  const leeches = participants.filter(({ isSeed }) => !isSeed)
  // Whoever gave up on an address while its line was bad is told of it again.
  for (const { transfer } of leeches) for (const address of addresses()) transfer?.addPeer(address)
  await Promise.all(leeches.map(({ transfer }) => completed(transfer!, init.calmMs ?? 60_000)))

  const expected = await digests(world.source)
  const differing: string[] = []
  for (const { name, transfer } of leeches) {
    const found = await digests(transfer!.path!)
    if (JSON.stringify(found) !== JSON.stringify(expected)) differing.push(name)
  }
  return { events, differing }
}

async function makeWorld(owner: Owner, random: Random): Promise<{ world: World; metainfo: Metainfo }> {
  const folder = await temporaryFolder(owner, 'simulation')
  const isAlbum = random.chance(0.5)
  const source = join(folder, 'source', isAlbum ? 'album' : 'clip.avi')
  await (isAlbum ? writeSampleAlbum(source) : writeSampleFile(source, singleFileBytes))
  const { metainfo, bytes, magnetLink } = await createTorrentOf(source, random)
  return { world: { folder, source, torrent: bytes, magnetLink }, metainfo }
}

async function createTorrentOf(source: string, random: Random) {
  const format = random.chance(0.3) ? 'hybrid' : 'v1'
  const { metainfo, bytes } = await createTorrent(source, { pieceLength, format })
  return { metainfo, bytes, magnetLink: `magnet:?xt=urn:btih:${metainfo.infoHash}` }
}

function randomLine(random: Random): Line {
  return {
    delayMs: random.pick([0, 0, 2, 10, 40]),
    refuses: random.pick([0, 0, 0.2, 0.5]),
    cuts: random.pick([0, 0, 0.002, 0.01]),
  }
}

async function openLiars(
  owner: Owner,
  random: Random,
  metainfo: Metainfo,
  world: World,
  count: number,
): Promise<string[]> {
  const content = await contentOf(metainfo, world)
  const addresses: string[] = []
  for (let index = 0; index < count; index++) {
    const host = `127.0.2.${index + 1}`
    const liar = await startRawSeed(owner, { metainfo, content, host, block: random.pick(lies) })
    addresses.push(liar.address)
  }
  return addresses
}

/** What a liar tells the truth from; where the content is an album, noise of the same length is as good. */
async function contentOf(metainfo: Metainfo, world: World): Promise<Uint8Array> {
  if (metainfo.isAlbum) return sampleBytes(metainfo.contentLength)
  return readFile(world.source)
}

function others(addresses: readonly string[], { proxy }: Participant): string[] {
  return addresses.filter(address => address !== proxy.address)
}

async function makeTrouble(
  participants: readonly Participant[],
  addresses: () => readonly string[],
  { random, tell, troubleMs }: SimulationInit & { random: Random; tell: (event: string) => void },
): Promise<number> {
  const ends = performance.now() + troubleMs
  let events = 0
  const kinds: Record<string, (one: Participant) => Promise<void> | void> = {
    'goes away': one => one.go(),
    'comes again': async one => {
      if (one.isHere) await one.go()
      await one.come(others(addresses(), one))
    },
    'is cut off': one => one.proxy.cut(),
    'is stalled': one => one.proxy.stall(random.between(50, 1_000)),
    'has another line': one => {
      one.proxy.line = randomLine(random)
    },
    'sends slowly': one => one.swarm?.setLimits({ uploadBytesPerSecond: random.between(100_000, 2_000_000) }),
    'sends fast': one => one.swarm?.setLimits({}),
    'is told of everybody': one => {
      for (const address of others(addresses(), one)) one.transfer?.addPeer(address)
    },
  }
  while (performance.now() < ends) {
    const one = random.pick(participants)
    const kind = random.pick(Object.keys(kinds))
    tell(`${one.name} ${kind}`)
    await kinds[kind]!(one)
    events++
    await delay(random.between(20, 250))
  }
  return events
}
