import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import type { GetOptions, SeedOptions, Swarm, SwarmInit } from '../../src/index.ts'
import { completed } from '../kit/completed.ts'
import { startDhtNode } from '../kit/dht-node.ts'
import { engines } from '../kit/exchange.ts'
import { sameContent, writeSampleAlbum, writeSampleFile } from '../kit/sample-files.ts'
import { addressOf, startSwarm } from '../kit/swarm.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'
import { startTracker } from '../kit/tracker.ts'
import { waitUntil } from '../kit/wait-until.ts'

const pieceLength = 32_768

interface Carriage {
  seedOptions?: SeedOptions
  getOptions?: (seed: Swarm) => GetOptions
  /** Whether the seed has been announced, where a leech that asks too early would ask again much later only. */
  isAnnounced?: () => boolean
}

/** Seeds a clip from one swarm and gets it by its magnet link into another; both start as `init` says. */
async function carry(t: ExecutionContext, init: SwarmInit, carriage: Carriage = {}): Promise<void> {
  const { seedOptions, getOptions = () => ({}), isAnnounced = () => true } = carriage
  const clip = await writeSampleFile(join(await temporaryFolder(t, 'clip'), 'clip.avi'), 1_000_003)
  const seed = await startSwarm(t, init)
  const leech = await startSwarm(t, init)
  const original = await seed.seed(clip, { pieceLength, ...seedOptions })
  await waitUntil('the seed is announced', isAnnounced)
  const copy = await leech.get(original.magnetLink, {
    out: await temporaryFolder(t, 'copy'),
    ...getOptions(seed),
  })
  await completed(copy)
  await sameContent(t, copy.path!, clip)
}

for (const engine of engines) {
  test(`two swarms that know one DHT node find each other, by the ${engine} engine`, async t => {
    const node = await startDhtNode(t)
    await carry(t, { engine, dht: { bootstrap: [node.address] } })
  })

  test(`two swarms on one network interface find each other by local service discovery, by the ${engine} engine`, async t => {
    await carry(t, { engine, lsd: { interfaces: ['127.0.0.1'] } })
  })

  for (const kind of ['http', 'udp'] as const)
    test(`two swarms find each other through a tracker over ${kind}, by the ${engine} engine`, async t => {
      const tracker = await startTracker(t, kind)
      await carry(
        t,
        { engine },
        {
          seedOptions: { announce: [tracker.announce] },
          getOptions: () => ({ allowPrivateAddresses: true }),
          isAnnounced: () => tracker.announces() > 0,
        },
      )
    })

  test(`a peer that is given is enough, by the ${engine} engine`, async t => {
    await carry(t, { engine }, { getOptions: seed => ({ peers: [addressOf(seed)] }) })
  })

  test(`a leech tells another of the seed that it takes from (PEX), by the ${engine} engine`, async t => {
    const album = await writeSampleAlbum(join(await temporaryFolder(t, 'album'), 'album'))
    const seed = await startSwarm(t, { engine, pex: true, uploadBytesPerSecond: 16_000 })
    const [first, second] = [
      await startSwarm(t, { engine, pex: true }),
      await startSwarm(t, { engine, pex: true }),
    ]
    const original = await seed.seed(album, { pieceLength })
    const get = async (swarm: Swarm, from: Swarm) =>
      swarm.get(original.magnetLink, {
        out: await temporaryFolder(t, 'copy'),
        peers: [addressOf(from)],
      })

    const copy = await get(first, seed)
    const copyOfCopy = await get(second, first)
    // Peers are told of a moment later; until then the seed is held back, so that the first leech stays one.
    const seedAddress = addressOf(seed)
    // Both are told of each other, and the connection that either makes may be the one that stays.
    const isTold = () =>
      copyOfCopy
        .peers()
        .some(({ source, address }) => /^(?:pex|incoming)$/.test(source) && address === seedAddress)
    await waitUntil('the second leech meets the seed', isTold)
    seed.setLimits({})
    await Promise.all([completed(copy), completed(copyOfCopy)])
    await sameContent(t, copyOfCopy.path!, album)
  })
}

test('two swarms find each other through a tracker over WebSocket, and meet by WebRTC', async t => {
  const tracker = await startTracker(t, 'ws')
  // Within a process webtorrent keeps one socket for each URL, on which the two would take each other's messages.
  const [ofSeed, ofLeech] = [`${tracker.announce}/seed`, `${tracker.announce}/leech`]
  await carry(
    t,
    { engine: 'webtorrent' },
    {
      seedOptions: { announce: [ofSeed] },
      getOptions: () => ({ trackers: [ofLeech] }),
      isAnnounced: () => tracker.announces() > 0,
    },
  )
})
