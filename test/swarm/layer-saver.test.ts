import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { createTorrent, type Metainfo, metainfoFromInfo, parseMetainfo } from '../../src/core/index.ts'
import { LayerSaver, lackingLayers } from '../../src/swarm/layer-saver.ts'
import { writeSampleAlbum } from '../kit/sample-files.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'

async function bareAlbum(t: ExecutionContext) {
  const album = await writeSampleAlbum(join(await temporaryFolder(t, 'layers'), 'album'))
  const { metainfo } = await createTorrent(album, { format: 'v2', pieceLength: 32_768 })
  return { metainfo, bare: metainfoFromInfo(metainfo.infoBytes) }
}

test('a torrent is kept once with all of its layers as soon as they are here', async t => {
  const { metainfo, bare } = await bareAlbum(t)
  const saved: Metainfo[] = []
  const saver = new LayerSaver({ metainfo: bare, save: async found => void saved.push(found) })
  t.deepEqual([...lackingLayers(bare)].sort(), [...metainfo.pieceLayers.keys()].sort())
  for (const [root, layer] of metainfo.pieceLayers) saver.add(root, layer)
  await saver.stop()
  t.is(saved.length, 1)
  t.is(lackingLayers(parseMetainfo(saved[0]!.bytes)).size, 0)
  t.is(saver.metainfo, saved[0]!)
})

test('what there is of the layers is kept at the end, and nothing where there is nothing new', async t => {
  const { metainfo, bare } = await bareAlbum(t)
  const saved: Metainfo[] = []
  const saver = new LayerSaver({ metainfo: bare, save: async found => void saved.push(found) })
  const [root, layer] = [...metainfo.pieceLayers][0]!
  saver.add(root, layer)
  saver.add(root, layer)
  saver.add('ab'.repeat(32), layer)
  await saver.stop()
  await saver.stop()
  t.is(saved.length, 1)
  t.deepEqual([...parseMetainfo(saved[0]!.bytes).pieceLayers.keys()], [root])
})

test('a failure to keep them is no fault, and the layers stay known', async t => {
  const { metainfo, bare } = await bareAlbum(t)
  const save = () => Promise.reject(new Error('disk full'))
  const saver = new LayerSaver({ metainfo: bare, save })
  for (const [root, layer] of metainfo.pieceLayers) saver.add(root, layer)
  await saver.stop()
  t.is(lackingLayers(saver.metainfo).size, 0)
})
