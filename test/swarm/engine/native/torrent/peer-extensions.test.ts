import test from 'ava'
import { encodeBencode } from '../../../../../src/core/index.ts'
import { readPex, writePex } from '../../../../../src/swarm/engine/native/extension/pex-message.ts'
import type { Peer } from '../../../../../src/swarm/engine/native/torrent/peer.ts'
import { PeerExtensions } from '../../../../../src/swarm/engine/native/torrent/peer-extensions.ts'
import type { PieceExchange } from '../../../../../src/swarm/engine/native/torrent/piece-exchange.ts'
import { StubPeer } from '../../../../kit/stub-peer.ts'

const pexId = 2
const theirPexId = 7
const dontHaveId = 3
let exchange: PieceExchange | undefined

/** Peers at such addresses, each of which takes part in peer exchange. */
function meet(...addresses: string[]) {
  const peers = new Map<number, Peer>()
  const heard: string[] = []
  const extensions = new PeerExtensions({
    peers,
    port: () => 6881,
    usesPex: () => true,
    infoBytes: () => Buffer.from('de'),
    accepts: () => true,
    isSeeding: () => false,
    exchange: () => exchange,
    onMetadata: () => {},
    onLiar: () => {},
    onAddresses: found => heard.push(...found),
    onListenPort: () => {},
  })
  const stubs = addresses.map((address, index) => new StubPeer({ id: index + 1, address }))
  for (const { peer } of stubs) {
    peers.set(peer.id, peer)
    extensions.take(peer, 0, Buffer.from(encodeBencode({ m: { ut_pex: theirPexId } })))
  }
  const name = ({ peer }: StubPeer, ...named: string[]) => {
    const added = named.map(address => ({ address, isSeed: false, isEncrypted: false }))
    extensions.take(peer, pexId, Buffer.from(writePex(added, [])))
    return heard.splice(0)
  }
  const told = (stub: StubPeer) => {
    const message = stub.said().find(({ id, body }) => id === 20 && body[0] === theirPexId)
    return message ? readPex(message.body.subarray(1))?.added : undefined
  }
  return { extensions, stubs, name, told }
}

const outside = '1.2.3.4:1'
const outsideToo = '[2606:4700::1]:2'
const inside = '192.168.1.7:3'

test('who is out in the world names nobody in networks of ours', t => {
  const { stubs, name } = meet(outside, inside)
  t.deepEqual(name(stubs[0]!, '5.6.7.8:5', '127.0.0.1:22', '10.0.0.1:80', '[fe80::1]:80', '[::1]:80'), [
    '5.6.7.8:5',
  ])
  t.deepEqual(name(stubs[1]!, '10.0.0.2:80', '5.6.7.9:5'), ['10.0.0.2:80', '5.6.7.9:5'])
})

test('nobody out in the world is told of peers in networks of ours', t => {
  const { extensions, stubs, told } = meet(outside, outsideToo, inside)
  extensions.tick()
  t.deepEqual(told(stubs[0]!), [outsideToo])
  t.deepEqual(told(stubs[1]!), [outside])
  t.deepEqual(told(stubs[2]!), [outside, outsideToo])
})

test('who loses and gains pieces of many blocks over and over is cut off, and who loses thousands of small ones is not', t => {
  const changes = (pieceLength: number) => {
    const { extensions, stubs } = meet(outside)
    const { peer } = stubs[0]!
    exchange = {
      content: { metainfo: { pieceCount: 10_000, pieceLength } },
      pieces: { dontHave: () => true },
    } as unknown as PieceExchange
    let count = 0
    while (count < 10_000 && extensions.take(peer, dontHaveId, Buffer.alloc(4)) === undefined) count++
    exchange = undefined
    return count
  }
  t.is(changes(1_048_576), 10_000)
  t.true(changes(67_108_864) <= 250)
})
