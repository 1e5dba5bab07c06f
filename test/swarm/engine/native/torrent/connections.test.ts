import { mock } from 'node:test'
import test from 'ava'
import { AllConnections } from '../../../../../src/swarm/engine/native/torrent/all-connections.ts'
import { Connections } from '../../../../../src/swarm/engine/native/torrent/connections.ts'
import type { EngineShared } from '../../../../../src/swarm/engine/native/torrent/engine-shared.ts'
import type { Peer } from '../../../../../src/swarm/engine/native/torrent/peer.ts'
import type { PeerExtensions } from '../../../../../src/swarm/engine/native/torrent/peer-extensions.ts'
import type { PieceExchange } from '../../../../../src/swarm/engine/native/torrent/piece-exchange.ts'
import { StubPeer, type StubPeerInit } from '../../../../kit/stub-peer.ts'

test.afterEach.always(() => mock.restoreAll())

function start({ maxPeers = 10, exchange }: { maxPeers?: number; exchange?: Partial<PieceExchange> } = {}) {
  const peers = new Map<number, Peer>()
  let lastId = 0
  const shared = {
    nextPeerId: () => ++lastId,
    isBanned: () => false,
    connections: new AllConnections(500, () => 0),
    buffers: { isWanted: false },
    turns: { forget: () => {} },
    reads: { forget: () => {} },
  } as unknown as EngineShared
  const connections = new Connections(shared, {
    peers,
    ownPeerId: new Uint8Array(20),
    maxPeers: () => maxPeers,
    exchange: () => exchange as PieceExchange | undefined,
    extensions: () => ({ greet: () => {}, remove: () => {} }) as unknown as PeerExtensions,
    context: {
      exchange: undefined,
      onExtended: () => undefined,
      onHashMessage: () => undefined,
      onInterest: () => {},
    },
    onRead: () => {},
    onChanged: () => {},
    onClosed: () => {},
  })
  const join = (address: string, init: StubPeerInit = {}) => {
    const stub = new StubPeer({ isIncoming: true, ...init })
    return { stub, isTaken: connections.accept(stub.negotiated, address, 'incoming') }
  }
  return { connections, peers, join }
}

const peerId = new Uint8Array(20).fill(7)

test('whoever gives himself out for a peer elsewhere neither keeps it out nor takes its place', t => {
  const { peers, join } = start()
  const impostor = join('1.2.3.4:1', { peerId })
  t.true(join('5.6.7.8:1', { peerId }).isTaken)
  t.is(impostor.stub.closedFor, undefined)
  t.is(peers.size, 2)
})

test('a peer has one connection, by whichever of its addresses it comes', t => {
  const { join } = start()
  t.true(join('1.2.3.4:1', { peerId }).isTaken)
  t.false(join('1.2.3.4:2', { peerId }).isTaken)
  t.false(join('[2606:4700::1]:1', { peerId }).isTaken)
  t.false(join('192.168.1.2:1', { peerId }).isTaken)
})

test('of a peer that is silent nothing more is taken in', t => {
  const touched: string[] = []
  const exchange = {
    addPeer: () => {},
    removePeer: () => touched.push('removed'),
    fill: () => touched.push('filled'),
    pieces: { retryRefused: () => touched.push('retried') },
    content: { have: { isFull: false } },
  } as unknown as PieceExchange
  const { connections, join, peers } = start({ exchange })
  const { stub } = join('1.2.3.4:1')
  connections.tick(performance.now() + 180_001)
  t.is(stub.closedFor, 'silent')
  t.is(peers.size, 0)
  t.deepEqual(touched, ['removed'])
})

test('a torrent that turns out to be private keeps whom its trackers or a person named, and who came by himself', t => {
  const { connections, peers } = start()
  const sources = ['dht', 'tracker', 'pex', 'manual', 'lsd', 'incoming'] as const
  for (const [index, source] of sources.entries())
    connections.accept(new StubPeer({ id: index + 1 }).negotiated, `1.2.3.${index}:1`, source)
  connections.keepPrivate()
  t.deepEqual(
    [...peers.values()].map(({ source }) => source),
    ['tracker', 'manual', 'incoming'],
  )
})
