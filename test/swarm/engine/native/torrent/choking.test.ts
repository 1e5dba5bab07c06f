import test from 'ava'
import { Choking } from '../../../../../src/swarm/engine/native/torrent/choking.ts'
import type { Peer } from '../../../../../src/swarm/engine/native/torrent/peer.ts'
import { messageId } from '../../../../../src/swarm/engine/native/wire/message.ts'
import { StubPeer } from '../../../../kit/stub-peer.ts'

function start(count: number, slots: number) {
  const limit = { slots }
  const stubs = Array.from({ length: count }, (_, index) => new StubPeer({ id: index + 1 }))
  const peers = new Map<number, Peer>(stubs.map(({ peer }) => [peer.id, peer]))
  for (const peer of peers.values()) peer.isInterested = true
  const unchoked = () => stubs.filter(({ peer }) => !peer.isChoked).length
  return { limit, stubs, unchoked, choking: new Choking(peers, () => limit.slots) }
}

const ids = (stub: StubPeer) => stub.said().map(({ id }) => id)

test('a peer that grows interested is unchoked at once while a place is free, and told of it once', t => {
  const { choking, stubs, unchoked } = start(3, 2)
  for (const { peer } of stubs) choking.onInterest(peer, 0)
  for (const { peer } of stubs) choking.onInterest(peer, 0)
  t.is(unchoked(), 2)
  t.deepEqual(stubs.map(ids), [[messageId.unchoke], [messageId.unchoke], []])
  const [first] = stubs
  first!.peer.isInterested = false
  choking.onInterest(first!.peer, 0)
  choking.onInterest(stubs[2]!.peer, 0)
  t.false(stubs[2]!.peer.isChoked, 'who wants nothing takes no place')
})

test('a round comes every ten seconds, fills the places and no more, and shows who has its by chance', t => {
  const { choking, stubs, unchoked, limit } = start(10, 4)
  choking.tick(false, 1_000)
  t.is(unchoked(), 4)
  t.is(stubs.filter(({ peer }) => peer.isOptimistic).length, 1)
  limit.slots = 2
  choking.tick(false, 10_999)
  t.is(unchoked(), 4)
  choking.tick(false, 11_000)
  t.is(unchoked(), 2)
})

test('a peer that is choked is told so once, and what it asked for is rejected', t => {
  const { choking, stubs } = start(1, 1)
  const [stub] = stubs
  choking.tick(false, 0)
  stub!.peer.uploads.add(3, 16_384, 100)
  stub!.said()
  stub!.peer.isInterested = false
  choking.tick(false, 10_000)
  choking.tick(false, 20_000)
  const said = stub!.said()
  t.deepEqual(
    said.map(({ id }) => id),
    [messageId.choke, messageId.reject],
  )
  t.deepEqual(said[1]!.numbers, [3, 16_384, 100])
  t.is(stub!.peer.uploads.size, 0)
})
