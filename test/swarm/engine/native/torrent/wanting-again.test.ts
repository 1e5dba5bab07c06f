import { once } from 'node:events'
import test from 'ava'
import { Bitfield } from '../../../../../src/core/index.ts'
import { nativeEngine } from '../../../../../src/swarm/engine/native.ts'
import { RawPeer } from '../../../../kit/hostile/raw-peer.ts'
import { hello } from '../../../../kit/hostile/speech.ts'
import { joinTorrent, serve, startEngine } from '../../../../kit/hostile/victim.ts'
import { makeTorrent } from '../../../../kit/made-torrent.ts'
import { MemoryStore } from '../../../../kit/memory-store.ts'
import { sampleBytes } from '../../../../kit/sample-files.ts'
import { waitUntil } from '../../../../kit/wait-until.ts'

const pieceLength = 16_384

test('a seed that hung up once all was here is met again when more is wanted', async t => {
  const content = sampleBytes(8 * pieceLength)
  const metainfo = makeTorrent('clip.avi', content, pieceLength)
  const [source, sink] = [await startEngine(t, nativeEngine), await startEngine(t, nativeEngine)]
  const seeding = serve(source, metainfo, content)
  const fetching = joinTorrent(sink, metainfo)
  const [have, wanted] = [new Bitfield(8), new Bitfield(8)]
  wanted.add(3)
  const store = new MemoryStore(content.length)
  const complete = once(fetching, 'complete')
  fetching.begin({ metainfo, store, have, wanted, webSeeds: [] })
  fetching.addPeer(`127.0.0.1:${source.port}`, 'manual')
  await complete
  seeding.pause()
  await waitUntil('it is alone', () => fetching.peers().length === 0)
  seeding.resume()
  fetching.want(Bitfield.full(8))
  await waitUntil('all is here', () => have.isFull)
  t.true(store.content.equals(content))
})

test('a peer is told that more is wanted of it after all', async t => {
  const content = sampleBytes(8 * pieceLength)
  const metainfo = makeTorrent('clip.avi', content, pieceLength)
  const sink = await startEngine(t, nativeEngine)
  const fetching = joinTorrent(sink, metainfo)
  const have = new Bitfield(8)
  fetching.begin({
    metainfo,
    store: new MemoryStore(content.length),
    have,
    wanted: new Bitfield(8),
    webSeeds: [],
  })
  const peer = await RawPeer.dial(t, `127.0.0.1:${sink.port}`)
  peer.say(hello({ infoHash: metainfo.infoHash! }))
  t.regex((await peer.next(20)).toString('latin1'), /11:upload_onlyi1e/)
  fetching.want(Bitfield.full(8))
  t.regex((await peer.next(20)).toString('latin1'), /11:upload_onlyi0e/)
})
