import { mock } from 'node:test'
import test from 'ava'
import { AllConnections } from '../../../../../src/swarm/engine/native/torrent/all-connections.ts'
import type { Peer } from '../../../../../src/swarm/engine/native/torrent/peer.ts'
import { StubPeer } from '../../../../kit/stub-peer.ts'

test.afterEach.always(() => mock.restoreAll())

function start(most: number) {
  const world = { halfOpen: 0, nowMs: 1_000_000 }
  mock.method(performance, 'now', () => world.nowMs)
  const all = new AllConnections(most, () => world.halfOpen)
  let lastId = 0
  /** A torrent with so many connections. */
  const torrent = (count: number) => {
    const peers = new Map<number, Peer>()
    const stubs: StubPeer[] = []
    for (let at = 0; at < count; at++) {
      const stub = new StubPeer({ id: ++lastId })
      stubs.push(stub)
      peers.set(lastId, stub.peer)
      all.joined(peers)
    }
    return { peers, stubs, closed: () => stubs.filter(({ closedFor }) => closedFor !== undefined) }
  }
  const end = ({ peers }: { peers: Map<number, Peer> }, { peer }: StubPeer) => {
    peers.delete(peer.id)
    all.ended(peers)
  }
  return { all, world, torrent, end }
}

test.serial('as long as places are left everybody gets one, and none has to go', t => {
  const { all, torrent, world } = start(5)
  const one = torrent(3)
  t.is(all.roomFor(one.peers), 2)
  world.halfOpen = 2
  t.is(all.roomFor(one.peers), 0, 'those that are being made need theirs')
  t.true(all.makePlace(one.peers))
  t.is(one.closed().length, 0)
})

test.serial(
  'a torrent that has fewer takes the place of the connection that moves least where there are most',
  t => {
    const { all, torrent } = start(7)
    const [big, small] = [torrent(4), torrent(3)]
    t.is(all.roomFor(small.peers), 0, 'one more would only turn it round')
    t.false(all.makePlace(small.peers))
    const empty = torrent(0)
    for (const { peer } of big.stubs) peer.down.add(1_000)
    big.stubs[1]!.peer.down.add(1_000)
    big.stubs[0]!.peer.up.add(5_000)
    t.is(all.roomFor(empty.peers), 1)
    t.true(all.makePlace(empty.peers))
    t.deepEqual(big.closed(), [big.stubs[2]!])
    t.is(small.closed().length, 0)
  },
)

test.serial('where all have alike, only what moved nothing for a minute goes', t => {
  const { all, torrent, world } = start(2)
  const [one, other] = [torrent(1), torrent(1)]
  const third = torrent(0)
  t.is(all.roomFor(third.peers), 0)
  t.false(all.makePlace(third.peers))
  world.nowMs += 60_001
  one.stubs[0]!.peer.down.add(1)
  t.is(all.roomFor(third.peers), 1)
  t.true(all.makePlace(third.peers))
  t.deepEqual([one.closed().length, other.closed().length], [0, 1])
})

test.serial('a connection that has ended leaves its place', t => {
  const { all, torrent, end } = start(2)
  const one = torrent(2)
  t.is(all.roomFor(one.peers), 0)
  end(one, one.stubs[0]!)
  t.is(all.roomFor(one.peers), 1)
  end(one, one.stubs[1]!)
  t.is(all.roomFor(one.peers), 2)
})
