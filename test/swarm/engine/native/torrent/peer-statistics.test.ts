import test from 'ava'
import { Bitfield } from '../../../../../src/core/index.ts'
import type { Peer } from '../../../../../src/swarm/engine/native/torrent/peer.ts'
import { statisticsOf } from '../../../../../src/swarm/engine/native/torrent/peer-statistics.ts'
import { StubPeer, type StubPeerInit } from '../../../../kit/stub-peer.ts'

const peerNamed = (name: string, init: StubPeerInit = {}) => {
  const peerId = Buffer.from(name.padEnd(20, 'x'), 'latin1')
  return new StubPeer({ ...init, peerId }).peer
}

const clients: Record<string, string | undefined> = {
  '-qB5000-': 'qBittorrent 5.0.0',
  '-TR4060-': 'Transmission 4.0.6',
  '-LT20B0-': 'libtorrent 2.0.11',
  '-WW0100-': 'WebTorrent 0.1.0',
  'A2-1-37-0-': 'aria2 1.37.0',
  '-ZZ1234-': undefined,
  '-qB50': undefined,
  'S58B-----': undefined,
  '\0\0\0\0': undefined,
}
for (const [id, client] of Object.entries(clients))
  test(`the client behind ${JSON.stringify(id)} is ${client}`, t => {
    t.is(statisticsOf(peerNamed(id), false).client, client)
  })

test('what a client says of itself goes before its peer id', t => {
  const peer = peerNamed('-qB5000-')
  peer.extended = { ids: {}, version: 'Honest 1' }
  t.is(statisticsOf(peer, false).client, 'Honest 1')
})

test('progress is what it has of all, 1 for a seed, and 0 before anything is known', t => {
  const { peer } = new StubPeer()
  t.is(statisticsOf(peer, false).progress, 0)
  peer.has = new Bitfield(4)
  peer.has.add(2)
  t.is(statisticsOf(peer, false).progress, 0.25)
  peer.isSeed = true
  t.deepEqual([statisticsOf(peer, false).progress, statisticsOf(peer, false).isSeed], [1, true])
})

const flags: [flags: string, facts: Partial<Peer>, init?: StubPeerInit, isSeeding?: boolean][] = [
  ['', {}],
  ['d', { isInteresting: true }],
  ['D', { isInteresting: true, chokesUs: false }],
  ['K', { chokesUs: false }],
  ['', { isInteresting: true, chokesUs: false }, {}, true],
  ['u', { isInterested: true }],
  ['U', { isInterested: true, isChoked: false }],
  ['?', { isChoked: false }],
  ['UO', { isInterested: true, isChoked: false, isOptimistic: true }],
  ['DS', { isInteresting: true, chokesUs: false, isSnubbed: true }],
  ['I', {}, { isIncoming: true }],
  ['e', {}, { isObfuscated: true }],
]
for (const [expected, facts, init, isSeeding = false] of flags)
  test(`${JSON.stringify({ ...facts, ...init, isSeeding })} is shown as "${expected}"`, t => {
    const { peer } = new StubPeer(init)
    t.is(statisticsOf(Object.assign(peer, facts), isSeeding).flags, expected)
  })
