import test from 'ava'
import { type Hex, type Metainfo, PieceExpectations } from '../../../../../src/core/index.ts'
import { HashExchange } from '../../../../../src/swarm/engine/native/hash-exchange/hash-exchange.ts'
import { messageId } from '../../../../../src/swarm/engine/native/wire/message.ts'
import { layeredTorrent } from '../../../../kit/layered-torrent.ts'

interface Side {
  readonly exchange: HashExchange
  readonly expectations: PieceExpectations
  readonly learnt: [Hex, readonly (readonly [number, number])[]][]
}

/** Two that speak to each other at once, each of which is peer 1 to the other. */
function pair(one: Metainfo, other: Metainfo): Side[] {
  const sides: Side[] = []
  for (const [index, metainfo] of [one, other].entries()) {
    const expectations = new PieceExpectations(metainfo)
    const learnt: Side['learnt'] = []
    const exchange = new HashExchange({
      metainfo,
      expectations,
      send: (_, message) => {
        const fault = sides[1 - index]!.exchange.onMessage(1, message[4]!, message.subarray(5))
        if (fault) throw new Error(fault)
      },
      pendingBytes: () => 0,
      onLayer: (root, _, pieces) => learnt.push([root, pieces]),
      onLiar: (_, reason) => {
        throw new Error(reason)
      },
    })
    sides.push({ exchange, expectations, learnt })
  }
  return sides
}

const bareOf = (metainfo: Metainfo): Metainfo => ({ ...metainfo, pieceLayers: new Map() })

test('what one lacks comes from the other, and is known, told and given on from then on', t => {
  const metainfo = layeredTorrent([3, 600, 2])
  const [leech, seed] = pair(bareOf(metainfo), metainfo)
  t.false(leech!.exchange.isComplete)
  t.true(seed!.exchange.isComplete)
  const lacking: number[][] = []
  leech!.exchange.eachLacking((from, to) => lacking.push([from, to]))
  t.deepEqual(lacking, [
    [0, 3],
    [3, 603],
    [603, 605],
  ])
  t.false(leech!.exchange.isKnown(0))
  leech!.exchange.addPeer(1)
  t.true(leech!.exchange.isComplete)
  for (let piece = 0; piece < 605; piece++) {
    t.true(leech!.exchange.isKnown(piece))
    t.deepEqual(leech!.expectations.of(piece), seed!.expectations.of(piece))
  }
  t.deepEqual(
    leech!.learnt.flatMap(([, pieces]) => pieces),
    lacking as [number, number][],
  )
})

test('files that are the same are known together', t => {
  const one = layeredTorrent([4, 4])
  const [file, other] = one.files
  const metainfo = { ...one, files: [file!, { ...other!, piecesRoot: file!.piecesRoot! }] }
  const [leech] = pair(bareOf(metainfo), metainfo)
  leech!.exchange.addPeer(1)
  t.deepEqual(
    leech!.learnt.map(([, pieces]) => pieces),
    [
      [
        [0, 4],
        [4, 8],
      ],
    ],
  )
})

test('layers of the pieces that are wanted come first', t => {
  const metainfo = layeredTorrent([3, 600, 2, 5])
  const [leech] = pair(bareOf(metainfo), metainfo)
  leech!.exchange.prefer((from, to) => from <= 604 && 604 < to)
  leech!.exchange.addPeer(1)
  const wanted = metainfo.files[2]!.piecesRoot!
  t.is(leech!.learnt[0]![0], Buffer.from(wanted).toString('hex'))
})

test('malformed messages are said to be', t => {
  const metainfo = layeredTorrent([3])
  const [side] = pair(metainfo, metainfo)
  for (const id of [messageId.hashRequest, messageId.hashes, messageId.hashReject])
    t.regex(side!.exchange.onMessage(1, id, Buffer.alloc(3))!, /malformed/)
})
