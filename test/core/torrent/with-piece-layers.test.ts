import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { decodeBencode } from '../../../src/core/bencode/decode.ts'
import type { BencodeDict } from '../../../src/core/bencode/value.ts'
import { createTorrent } from '../../../src/core/torrent/create.ts'
import { mainInfoHash } from '../../../src/core/torrent/info-hash.ts'
import { magnetLink, readMagnet } from '../../../src/core/torrent/magnet.ts'
import { metainfoFromInfo, parseMetainfo } from '../../../src/core/torrent/read-metainfo.ts'
import { withPieceLayers } from '../../../src/core/torrent/with-piece-layers.ts'
import { writeSampleAlbum } from '../../kit/sample-files.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

async function madeAs(t: ExecutionContext, format: 'v2' | 'hybrid') {
  const album = await writeSampleAlbum(join(await temporaryFolder(t, 'layers'), 'album'))
  return createTorrent(album, { format, pieceLength: 32_768, announce: ['udp://127.0.0.1:1/announce'] })
}

for (const format of ['v2', 'hybrid'] as const)
  test(`a ${format} torrent that came without layers is whole again with them`, async t => {
    const { metainfo } = await madeAs(t, format)
    const bare = metainfoFromInfo(metainfo.infoBytes, { trackers: metainfo.trackers })
    t.is(bare.pieceLayers.size, 0)
    t.is(mainInfoHash(bare), mainInfoHash(metainfo))
    const [first, ...others] = metainfo.pieceLayers
    const part = withPieceLayers(bare, new Map([first!]))
    t.is(parseMetainfo(part.bytes).pieceLayers.size, 1)
    const whole = withPieceLayers(part, new Map(others))
    const read = parseMetainfo(whole.bytes)
    t.deepEqual(new Set(read.pieceLayers.keys()), new Set(metainfo.pieceLayers.keys()))
    t.deepEqual({ ...read, bytes: 0, pieceLayers: 0 }, { ...bare, bytes: 0, pieceLayers: 0 })
    t.deepEqual({ ...whole, pieceLayers: 0 }, { ...read, pieceLayers: 0 })
    const rawOf = (bytes: Uint8Array) => (decodeBencode(bytes) as BencodeDict).rawOf('piece layers')
    t.deepEqual(rawOf(whole.bytes), rawOf(metainfo.bytes))
  })

test('a magnet link leads to a v2 torrent and back', async t => {
  const { metainfo } = await madeAs(t, 'v2')
  const link = magnetLink(metainfo)
  t.true(link.startsWith(`magnet:?xt=urn:btmh:1220${metainfo.infoHashV2}&dn=album&`))
  const magnet = readMagnet(link)
  t.is(magnet.infoHash, undefined)
  t.is(mainInfoHash(magnet), metainfo.infoHashV2!)
})
