import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { magnetLink, type Swarm } from '../../src/index.ts'
import { nativeEngine } from '../../src/swarm/engine/native.ts'
import { completed } from '../kit/completed.ts'
import { requireProgram } from '../kit/external.ts'
import { Libtorrent } from '../kit/peers/libtorrent.ts'
import { digests, writeSampleAlbum, writeSampleFile } from '../kit/sample-files.ts'
import { addressOf, startSwarm } from '../kit/swarm.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'

const formats = ['v2', 'hybrid'] as const
const pieceLength = 16_384

/** An album one file of which has more pieces than fit into one hash request. */
async function album(t: ExecutionContext) {
  const folder = await temporaryFolder(t, 'source')
  const path = await writeSampleAlbum(join(folder, 'An album 🦁'))
  await writeSampleFile(join(path, 'long.bin'), 700 * pieceLength + 1)
  return { folder, path }
}

const start = (t: ExecutionContext): Promise<Swarm> => startSwarm(t, { engine: nativeEngine })

/** The magnet link by the v2 hash alone. */
const v2Link = (hash: string) => magnetLink({ infoHashV2: hash, name: 'album' })

for (const format of formats) {
  test(`libtorrent takes a ${format} torrent from us`, async t => {
    if (!requireProgram(t, 'python3-libtorrent')) return
    const { path } = await album(t)
    const swarm = await start(t)
    const transfer = await swarm.seed(path, { format, pieceLength })
    const target = await temporaryFolder(t, 'theirs')
    const leech = new Libtorrent(t)
    await leech.leech(transfer.metainfo!.bytes, target, { peers: [addressOf(swarm)] })
    await leech.finished()
    t.deepEqual(await digests(join(target, 'An album 🦁')), await digests(path))
  })

  test(`libtorrent takes a ${format} torrent from us by its v2 magnet link, and the piece layers with it`, async t => {
    if (!requireProgram(t, 'python3-libtorrent')) return
    const { path } = await album(t)
    const swarm = await start(t)
    const { metainfo } = await swarm.seed(path, { format, pieceLength })
    const target = await temporaryFolder(t, 'theirs')
    const leech = new Libtorrent(t)
    await leech.leechMagnet(v2Link(metainfo!.infoHashV2!), target, [addressOf(swarm)])
    await leech.finished()
    t.deepEqual(await digests(join(target, 'An album 🦁')), await digests(path))
  })

  test(`we take a ${format} torrent from libtorrent`, async t => {
    if (!requireProgram(t, 'python3-libtorrent')) return
    const { folder, path } = await album(t)
    const swarm = await start(t)
    const { metainfo } = await swarm.create(path, { format, pieceLength })
    const address = await new Libtorrent(t).seed(metainfo.bytes, folder)
    const transfer = await swarm.get(metainfo.bytes, {
      out: await temporaryFolder(t, 'ours'),
      peers: [address],
    })
    await completed(transfer)
    t.deepEqual(await digests(transfer.path!), await digests(path))
  })

  test(`we take a ${format} torrent from libtorrent by its v2 magnet link, and the piece layers with it`, async t => {
    if (!requireProgram(t, 'python3-libtorrent')) return
    const { folder, path } = await album(t)
    const swarm = await start(t)
    const { metainfo } = await swarm.create(path, { format, pieceLength })
    const address = await new Libtorrent(t).seed(metainfo.bytes, folder)
    const transfer = await swarm.get(v2Link(metainfo.infoHashV2!), {
      out: await temporaryFolder(t, 'ours'),
      peers: [address],
    })
    await completed(transfer)
    t.deepEqual(await digests(transfer.path!), await digests(path))
  })
}
