import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import type { SwarmInit } from '../../src/index.ts'
import { completed } from './completed.ts'
import type { ExternalPeer } from './peers/external-peer.ts'
import { digests, writeSampleAlbum, writeSampleFile } from './sample-files.ts'
import { startSwarm } from './swarm.ts'
import { temporaryFolder } from './temp-folder.ts'
import { startTracker } from './tracker.ts'

export type Content = 'a single file' | 'an album'

/** What every client has to get on with. */
export const engines = ['native', 'webtorrent'] as const

export interface ExchangeOptions {
  /** @default 'v1' */
  format?: 'v1' | 'hybrid'
  /** Where the other client reaches our loopback. @default '127.0.0.1' */
  host?: string
  /** The other client makes no empty files. @default false */
  leavesOutEmptyFiles?: boolean
  /** How ours is started besides. */
  swarm?: SwarmInit
}

const oneFile = 3_000_001
const digestOfNothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/** Ours seeds, theirs leeches: asserts that what they end with is byte for byte what we had. */
export async function ourSeedTheirLeech(
  t: ExecutionContext,
  peer: ExternalPeer,
  content: Content,
  options: ExchangeOptions = {},
): Promise<void> {
  const { host = '127.0.0.1', format = 'v1' } = options
  const { path, name } = await writeContent(t, content)
  const target = await temporaryFolder(t, 'theirs')
  const tracker = await startTracker(t, 'http')
  const swarm = await startSwarm(t, { pex: true, ...options.swarm })
  const transfer = await swarm.seed(path, { announce: [tracker.announce], pieceLength: 32_768, format })

  const peers = [`${host}:${swarm.port}`]
  const address = await peer.leech(transfer.metainfo!.bytes, target, { tracker: tracker.announce, peers })
  if (!address.startsWith('127.')) transfer.addPeer(address)
  await peer.finished()

  const expected = await digests(path)
  if (options.leavesOutEmptyFiles)
    for (const [file, digest] of Object.entries(expected))
      if (digest === digestOfNothing) delete expected[file]
  t.deepEqual(await digests(join(target, name)), expected)
}

/** Theirs seeds, ours leeches: asserts that what we end with is byte for byte what they had. */
export async function theirSeedOurLeech(
  t: ExecutionContext,
  peer: ExternalPeer,
  content: Content,
  { format = 'v1', swarm: init }: ExchangeOptions = {},
): Promise<void> {
  const { path, folder } = await writeContent(t, content)
  const target = await temporaryFolder(t, 'ours')
  const swarm = await startSwarm(t, { pex: true, ...init })
  const { metainfo } = await swarm.create(path, { pieceLength: 32_768, format })

  const address = await peer.seed(metainfo.bytes, folder)
  const transfer = await swarm.get(metainfo.bytes, { out: target, peers: [address] })
  await completed(transfer)

  t.is(transfer.state, 'seeding')
  t.deepEqual(await digests(transfer.path!), await digests(path))
}

async function writeContent(t: ExecutionContext, content: Content) {
  const folder = await temporaryFolder(t, 'source')
  const name = content === 'an album' ? 'An album 🦁 of lions' : 'a clip.avi'
  const path = join(folder, name)
  await (content === 'an album' ? writeSampleAlbum(path) : writeSampleFile(path, oneFile))
  return { folder, name, path }
}
