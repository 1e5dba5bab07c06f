import test from 'ava'
import { Bitfield } from '../../../../../src/core/index.ts'
import { TokenBucket } from '../../../../../src/swarm/engine/native/rate/token-bucket.ts'
import { PieceBuffers } from '../../../../../src/swarm/engine/native/storage/piece-buffers.ts'
import type { EngineShared } from '../../../../../src/swarm/engine/native/torrent/engine-shared.ts'
import type { Peer } from '../../../../../src/swarm/engine/native/torrent/peer.ts'
import { PieceExchange } from '../../../../../src/swarm/engine/native/torrent/piece-exchange.ts'
import { Traffic } from '../../../../../src/swarm/engine/native/torrent/traffic.ts'
import { messageId, writeBlockHeader } from '../../../../../src/swarm/engine/native/wire/message.ts'
import { makeTorrent } from '../../../../kit/made-torrent.ts'
import { MemoryStore } from '../../../../kit/memory-store.ts'
import { sampleBytes } from '../../../../kit/sample-files.ts'
import { StubPeer } from '../../../../kit/stub-peer.ts'

const pieceLength = 16_384

/** A torrent of pieces of one block, whose pieces are verified when and as a test says; and a seed that is asked for them. */
function start(pieceCount: number) {
  const content = sampleBytes(pieceCount * pieceLength)
  const metainfo = makeTorrent('clip.avi', content, pieceLength)
  const verdicts: ((isIntact: boolean | undefined) => void)[] = []
  const peers = new Map<number, Peer>()
  const buffers = new PieceBuffers(() => {})
  const shared = {
    buffers,
    upload: new TokenBucket(undefined),
    download: new TokenBucket(undefined),
    verifier: { verify: (...[, , , onDone]: [0, 0, 0, (typeof verdicts)[0]]) => verdicts.push(onDone) },
  } as unknown as EngineShared
  const told: string[] = []
  const exchange = new PieceExchange({
    shared,
    content: {
      metainfo,
      store: new MemoryStore(content.length),
      have: new Bitfield(pieceCount),
      wanted: Bitfield.full(pieceCount),
      webSeeds: [],
    },
    peers,
    traffic: new Traffic(shared),
    onPiece: piece => told.push(`piece ${piece}`),
    onComplete: () => told.push('complete'),
    onCorrupt: piece => told.push(`corrupt ${piece}`),
    onLiar: () => told.push('liar'),
    onContradiction: () => told.push('contradiction'),
    onStalled: () => {},
    onFlowing: () => {},
    onLayer: () => {},
    onFalseHashes: () => {},
  })
  const stub = new StubPeer()
  peers.set(stub.peer.id, stub.peer)
  exchange.addPeer(stub.peer)
  exchange.pieces.haveAll(stub.peer)
  stub.peer.chokesUs = false
  stub.peer.open(
    {
      blockStart: (piece, begin, length) => exchange.downloads.blockStart(stub.peer, piece, begin, length),
      blockEnd: (piece, begin, length, isKept) =>
        void exchange.downloads.blockEnd(stub.peer, piece, begin, length, isKept),
      message: () => {},
    },
    () => {},
    () => {},
  )
  const asked = () =>
    stub
      .said()
      .filter(({ id }) => id === messageId.request)
      .map(({ numbers }) => numbers[0])
      .sort()
  const send = (piece: number) => {
    const block = Buffer.alloc(13 + pieceLength)
    writeBlockHeader(block, 0, piece, 0, pieceLength)
    stub.receive(block)
  }
  return { exchange, buffers, verdicts, told, asked, send }
}

test('a piece that fails its hash is asked for again', t => {
  const { exchange, verdicts, told, asked, send } = start(2)
  exchange.fillAll()
  t.deepEqual(asked(), [0, 1])
  send(0)
  verdicts[0]!(false)
  t.deepEqual(told, ['corrupt 0', 'liar'])
  exchange.fillAll()
  t.deepEqual(asked(), [0])
})

for (const verdict of [false, undefined])
  test(`a piece that nobody wanted any more while it was looked at, to the end ${verdict}, is not asked for again`, t => {
    const { exchange, buffers, verdicts, asked, send } = start(2)
    exchange.fillAll()
    send(0)
    send(1)
    asked()
    const wanted = new Bitfield(2)
    wanted.add(1)
    exchange.want(wanted)
    verdicts[0]!(verdict)
    exchange.fillAll()
    t.deepEqual(asked(), [])
    t.is(buffers.usedBytes, pieceLength, 'its memory is free again')
    exchange.want(Bitfield.full(2))
    exchange.fillAll()
    t.deepEqual(asked(), [0], 'once it is wanted again it is fetched')
  })
