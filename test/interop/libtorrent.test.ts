import { join } from 'node:path'
import test from 'ava'
import { createTorrent, magnetLink } from '../../src/index.ts'
import { completed } from '../kit/completed.ts'
import { type Content, engines, ourSeedTheirLeech, theirSeedOurLeech } from '../kit/exchange.ts'
import { requireProgram } from '../kit/external.ts'
import { Libtorrent } from '../kit/peers/libtorrent.ts'
import { digests, writeSampleAlbum } from '../kit/sample-files.ts'
import { addressOf, startSwarm } from '../kit/swarm.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'

/** Small, so that the metadata takes several messages. */
const pieceLength = 16_384

for (const engine of engines) {
  for (const content of ['a single file', 'an album'] satisfies Content[])
    for (const format of ['v1', 'hybrid'] as const) {
      const options = { format, swarm: { engine } }
      test(`libtorrent takes ${content} from us as a ${format} torrent, by the ${engine} engine`, async t => {
        if (requireProgram(t, 'python3-libtorrent'))
          await ourSeedTheirLeech(t, new Libtorrent(t), content, options)
      })

      test(`we take ${content} from libtorrent as a ${format} torrent, by the ${engine} engine`, async t => {
        if (requireProgram(t, 'python3-libtorrent'))
          await theirSeedOurLeech(t, new Libtorrent(t), content, options)
      })
    }

  test(`libtorrent takes an album from us by a magnet link, by the ${engine} engine`, async t => {
    if (!requireProgram(t, 'python3-libtorrent')) return
    const path = await writeSampleAlbum(join(await temporaryFolder(t, 'source'), 'album'))
    const swarm = await startSwarm(t, { engine })
    const { metainfo } = await swarm.seed(path, { pieceLength })
    const target = await temporaryFolder(t, 'theirs')
    const leech = new Libtorrent(t)
    await leech.leechMagnet(magnetLink({ infoHash: metainfo!.infoHash!, name: 'album' }), target, [
      addressOf(swarm),
    ])
    await leech.finished()
    t.deepEqual(await digests(join(target, 'album')), await digests(path))
  })

  test(`we take an album from libtorrent by a magnet link, by the ${engine} engine`, async t => {
    if (!requireProgram(t, 'python3-libtorrent')) return
    const folder = await temporaryFolder(t, 'source')
    const path = await writeSampleAlbum(join(folder, 'album'))
    const { metainfo } = await createTorrent(path, { pieceLength })
    const address = await new Libtorrent(t).seed(metainfo.bytes, folder)
    const swarm = await startSwarm(t, { engine })
    const link = magnetLink({ infoHash: metainfo.infoHash!, name: 'album' })
    const transfer = await swarm.get(link, { out: await temporaryFolder(t, 'ours'), peers: [address] })
    await completed(transfer)
    t.deepEqual(await digests(transfer.path!), await digests(path))
  })
}
