import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { magnetLink, parseMetainfo } from '../../src/core/index.ts'
import { nativeEngine } from '../../src/swarm/engine/native.ts'
import { webTorrentEngine } from '../../src/swarm/engine/webtorrent.ts'
import { completed } from '../kit/completed.ts'
import { sameContent, writeSampleAlbum } from '../kit/sample-files.ts'
import { addressOf, startSwarm } from '../kit/swarm.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'
import { waitUntil } from '../kit/wait-until.ts'

const pieceLength = 32_768
const engine = nativeEngine

async function seeding(t: ExecutionContext, format: 'v1' | 'v2' | 'hybrid') {
  const path = await writeSampleAlbum(join(await temporaryFolder(t, 'source'), 'album'))
  const swarm = await startSwarm(t, { engine })
  const transfer = await swarm.seed(path, { format, pieceLength })
  return { swarm, transfer, path, metainfo: transfer.metainfo!, peers: [addressOf(swarm)] }
}

test('a v2 torrent goes by its v2 info-hash and is shared like any other', async t => {
  const { transfer, path, metainfo, peers } = await seeding(t, 'v2')
  t.is(transfer.infoHash, metainfo.infoHashV2!)
  t.is(metainfo.infoHash, undefined)
  const swarm = await startSwarm(t, { engine })
  const fetched = await swarm.get(metainfo.bytes, { out: await temporaryFolder(t, 'out'), peers })
  t.is(fetched.infoHash, metainfo.infoHashV2!)
  await completed(fetched)
  await sameContent(t, fetched.path!, path)
})

for (const format of ['v2', 'hybrid'] as const)
  test(`a ${format} torrent comes by a v2 magnet link, and is kept with its piece layers`, async t => {
    const { transfer, path, metainfo, peers } = await seeding(t, format)
    const home = await temporaryFolder(t, 'home')
    const swarm = await startSwarm(t, { engine, home })
    const link = magnetLink({ infoHashV2: metainfo.infoHashV2! })
    const fetched = await swarm.get(link, { out: await temporaryFolder(t, 'out'), peers })
    await completed(fetched)
    await sameContent(t, fetched.path!, path)
    t.deepEqual(fetched.metainfo!.infoBytes, metainfo.infoBytes)
    const kept = await waitUntil('the torrent is kept with its layers', async () => {
      const file = join(home, 'state', 'transfers', `${transfer.infoHash}.torrent`)
      const { pieceLayers } = parseMetainfo(await readFile(file))
      return pieceLayers.size === metainfo.pieceLayers.size && pieceLayers
    })
    for (const [root, layer] of metainfo.pieceLayers) t.deepEqual(kept.get(root), layer)
  })

test('a hybrid torrent asked for by either hash, before and after a restart, is one and the same', async t => {
  const { path, metainfo, peers } = await seeding(t, 'hybrid')
  const home = await temporaryFolder(t, 'home')
  const out = await temporaryFolder(t, 'out')
  const first = await startSwarm(t, { engine, home })
  const byV2 = await first.get(metainfo.infoHashV2!, { out, peers })
  await completed(byV2)
  t.is(await first.get(metainfo.infoHash!, { out }), byV2)
  t.is(await first.get(metainfo.infoHashV2!, { out }), byV2)
  const where = byV2.path!
  await first.stop()

  for (const hash of [metainfo.infoHash!, metainfo.infoHashV2!]) {
    const swarm = await startSwarm(t, { engine, home })
    const again = await swarm.get(hash, { out })
    await completed(again)
    t.is(again.path, where)
    await swarm.stop()
  }
  await sameContent(t, where, path)
})

test('those who have a hybrid torrent by v1 and by v2 fetch from each other', async t => {
  const { path, metainfo, peers } = await seeding(t, 'hybrid')
  const byV1 = await startSwarm(t, { engine })
  const one = await byV1.get(magnetLink({ infoHash: metainfo.infoHash! }), {
    out: await temporaryFolder(t, 'v1'),
    peers,
  })
  await completed(one)
  const byV2 = await startSwarm(t, { engine })
  const other = await byV2.get(magnetLink({ infoHashV2: metainfo.infoHashV2! }), {
    out: await temporaryFolder(t, 'v2'),
    peers: [addressOf(byV1)],
  })
  await completed(other)
  await sameContent(t, other.path!, path)
})

test('a connection by the v1 hash of a hybrid torrent becomes one of v2, so that its piece layers come too', async t => {
  const { path, metainfo, peers } = await seeding(t, 'hybrid')
  const home = await temporaryFolder(t, 'home')
  const swarm = await startSwarm(t, { engine, home })
  const { infoHash, infoHashV2 } = metainfo
  const transfer = await swarm.get(magnetLink({ infoHash: infoHash!, infoHashV2: infoHashV2! }), {
    out: await temporaryFolder(t, 'out'),
    peers,
  })
  await completed(transfer)
  await sameContent(t, transfer.path!, path)
  await waitUntil(
    'the layers are here',
    () => transfer.metainfo!.pieceLayers.size === metainfo.pieceLayers.size,
  )
})

test('metadata that fit only one of the two hashes of a magnet link are not taken', async t => {
  const { metainfo, peers } = await seeding(t, 'v1')
  const swarm = await startSwarm(t, { engine })
  const link = magnetLink({ infoHash: metainfo.infoHash!, infoHashV2: 'ab'.repeat(32) })
  const transfer = await swarm.get(link, { out: await temporaryFolder(t, 'out'), peers })
  await waitUntil('who gave them is found out', () => transfer.stats().bannedPeers > 0)
  t.is(transfer.state, 'finding')
  t.is(transfer.metainfo, undefined)
})

test('webtorrent refuses a v2 torrent, and says which engine takes it', async t => {
  const { metainfo } = await seeding(t, 'v2')
  const swarm = await startSwarm(t, { engine: webTorrentEngine })
  await t.throwsAsync(swarm.get(metainfo.bytes, { out: await temporaryFolder(t, 'out') }), {
    code: 'ERR_UNSUPPORTED_TORRENT',
    message: /native/,
  })
  t.deepEqual(swarm.transfers(), [])
})
