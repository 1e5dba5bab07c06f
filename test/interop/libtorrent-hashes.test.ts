import { once } from 'node:events'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import test from 'ava'
import { createTorrent, type Hex, metainfoFromInfo, parseMetainfo } from '../../src/core/index.ts'
import { LayerFetcher } from '../../src/swarm/engine/native/hash-exchange/layer-fetcher.ts'
import {
  handshakeLength,
  readHandshake,
  writeHandshake,
} from '../../src/swarm/engine/native/wire/handshake.ts'
import { messageId } from '../../src/swarm/engine/native/wire/message.ts'
import { MessageReader } from '../../src/swarm/engine/native/wire/message-reader.ts'
import { requireProgram } from '../kit/external.ts'
import { Libtorrent } from '../kit/peers/libtorrent.ts'
import { writeSampleFile } from '../kit/sample-files.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'

const sizes = {
  'one piece': 9_000,
  'two pieces': 20_000,
  'many pieces': 1_300 * 16_384 + 5,
  'just 512': 512 * 16_384,
}

for (const pieceLength of [16_384, 65_536]) {
  test(`libtorrent gives every piece layer of a v2 torrent with pieces of ${pieceLength} bytes`, async t => {
    if (!requireProgram(t, 'python3-libtorrent')) return
    const folder = join(await temporaryFolder(t, 'hashes'), 'album')
    for (const [name, size] of Object.entries(sizes)) await writeSampleFile(join(folder, name), size)
    const { bytes } = await createTorrent(folder, { format: 'v2', pieceLength })
    const metainfo = parseMetainfo(bytes)
    const seed = new Libtorrent(t)
    const address = await seed.seed(bytes, dirname(folder))

    const socket = connect(Number(address.split(':')[1]), '127.0.0.1')
    t.teardown(() => socket.destroy())
    await once(socket, 'connect')
    const layers = new Map<Hex, Uint8Array>()
    const liars: string[] = []
    const fetcher = new LayerFetcher({
      metainfo: metainfoFromInfo(metainfo.infoBytes),
      send: (_, message) => socket.write(message),
      onLayer: (root, layer) => layers.set(root, layer),
      onLiar: (_, reason) => liars.push(reason),
    })
    socket.write(
      writeHandshake({
        infoHash: Buffer.from(metainfo.infoHashV2!, 'hex').subarray(0, 20),
        peerId: Buffer.from('-PS0001-layerfetcher'),
        hasFast: true,
        hasExtensions: false,
        hasV2: true,
      }),
    )
    const rejected: number[] = []
    const reader = new MessageReader({
      blockStart: () => undefined,
      blockEnd: () => {},
      message: (id, body) => {
        // Its hashes are there as soon as it has said what it has.
        if (id === messageId.haveAll || id === messageId.bitfield) fetcher.addPeer(1)
        if (id === messageId.hashes) t.true(fetcher.onHashes(1, body))
        if (id === messageId.hashReject) {
          rejected.push(id)
          t.true(fetcher.onReject(1, body))
        }
        if (fetcher.isComplete) socket.end()
      },
    })
    let greeted = Buffer.alloc(0)
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      if (greeted.length >= handshakeLength) t.is(reader.push(chunk, chunk.length), undefined)
      else {
        greeted = Buffer.concat([greeted, chunk])
        if (greeted.length < handshakeLength) continue
        t.truthy(readHandshake(greeted))
        const rest = greeted.subarray(handshakeLength)
        t.is(reader.push(rest, rest.length), undefined)
      }
    }
    t.deepEqual(liars, [])
    t.deepEqual(rejected, [])
    t.is(layers.size, metainfo.pieceLayers.size)
    for (const [root, layer] of layers) t.true(Buffer.from(layer).equals(metainfo.pieceLayers.get(root)!))
  })
}
