import test from 'ava'
import { ReadThrottle } from '../../../../../src/swarm/engine/native/rate/read-throttle.ts'
import { TokenBucket } from '../../../../../src/swarm/engine/native/rate/token-bucket.ts'
import { UploadTurns } from '../../../../../src/swarm/engine/native/rate/upload-turns.ts'
import type { EngineShared } from '../../../../../src/swarm/engine/native/torrent/engine-shared.ts'
import { Traffic } from '../../../../../src/swarm/engine/native/torrent/traffic.ts'
import { StubPeer } from '../../../../kit/stub-peer.ts'

function start() {
  const reads = new ReadThrottle()
  const shared = {
    upload: new TokenBucket(undefined),
    download: new TokenBucket(undefined),
    turns: new UploadTurns(),
    reads,
  }
  return { shared, reads, traffic: new Traffic(shared as unknown as EngineShared) }
}

/** A peer that notes whether it is read from. */
function reader() {
  const { peer } = new StubPeer()
  const state = { isPaused: false }
  Object.assign(peer.socket, {
    pause: () => {
      state.isPaused = true
    },
    resume: () => {
      state.isPaused = false
    },
  })
  return { peer, state }
}

test('what is read and what was of no use is counted, of the peer and of all', t => {
  const { traffic } = start()
  const { peer, state } = reader()
  traffic.onRead(peer, 1_000)
  traffic.onPiece(500)
  traffic.onWasted(300)
  t.deepEqual([peer.down.total, traffic.downloaded.total], [1_000, 1_500])
  t.is(traffic.wastedBytes, 300)
  t.false(state.isPaused)
})

for (const which of ['of the torrent', 'of the engine'] as const)
  test(`beyond the limit ${which} a peer is not read from, and no other source begins a piece`, t => {
    const { traffic, shared, reads } = start()
    const { peer, state } = reader()
    t.teardown(() => reads.stop())
    if (which === 'of the torrent')
      traffic.setLimits({ downloadBytesPerSecond: 10_000, uploadBytesPerSecond: undefined })
    else shared.download.rate = 10_000
    t.true(traffic.mayDownload)
    traffic.onRead(peer, 1_000_000)
    t.true(state.isPaused)
    t.false(traffic.mayDownload)
  })

test('a piece of another source takes of the same limit', t => {
  const { traffic } = start()
  traffic.setLimits({ downloadBytesPerSecond: 10_000, uploadBytesPerSecond: undefined })
  traffic.onPiece(1_000_000)
  t.false(traffic.mayDownload)
})

test('an upload has to pass the limits of the torrent and of the engine', t => {
  const { traffic, shared } = start()
  traffic.setLimits({ downloadBytesPerSecond: undefined, uploadBytesPerSecond: 5 })
  shared.upload.rate = 7
  t.deepEqual(
    traffic.uploadBuckets.map(({ rate }) => rate),
    [5, 7],
  )
})
