import test, { type ExecutionContext } from 'ava'
import fc from 'fast-check'
import { Bitfield } from '../../../../../src/core/index.ts'
import { PiecePicker } from '../../../../../src/swarm/engine/native/picker/piece-picker.ts'
import { PeerPieces } from '../../../../../src/swarm/engine/native/torrent/peer-pieces.ts'
import { messageId } from '../../../../../src/swarm/engine/native/wire/message.ts'
import { StubPeer } from '../../../../kit/stub-peer.ts'

const pieceCount = 11

function start() {
  const picker = new PiecePicker({ pieceCount })
  picker.setLevels(new Uint8Array(pieceCount).fill(4))
  const news: string[] = []
  const pieces = new PeerPieces({
    pieceCount,
    picker,
    onAll: ({ id }) => news.push(`all of ${id}`),
    onOne: ({ id }, piece) => news.push(`${piece} of ${id}`),
  })
  return { picker, pieces, news }
}

const bits = (...held: number[]) => {
  const has = new Bitfield(pieceCount)
  for (const piece of held) has.add(piece)
  return has.bytes
}

/** What a peer has by all accounts, and a plain set for it. */
function check(
  t: ExecutionContext,
  { picker, pieces }: ReturnType<typeof start>,
  peers: Map<StubPeer, Set<number>>,
) {
  let leeches = 0
  for (const [{ peer }, has] of peers) {
    for (let piece = 0; piece < pieceCount; piece++) t.is(peer.hasPiece(piece), has.has(piece), `${piece}`)
    t.is(peer.isSeed, has.size === pieceCount)
    if (has.size < pieceCount) leeches++
  }
  t.is(pieces.leeches, leeches)
  for (let piece = 0; piece < pieceCount; piece++)
    t.is(picker.availability(piece), [...peers.values()].filter(has => has.has(piece)).length)
}

test('whatever peers say of their pieces, each has what a plain set says, and the picker counts the same', t => {
  const piece = fc.nat(2)
  const say = fc.oneof(
    fc.record({ kind: fc.constantFrom('have' as const, 'lost' as const, 'refused' as const), piece }),
    fc.record({ kind: fc.constant('bitfield' as const), held: fc.subarray([...Array(pieceCount).keys()]) }),
    fc.record({ kind: fc.constantFrom('all' as const, 'gone' as const, 'retry' as const) }),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(2), say), { maxLength: 60 }), all => {
      const world = start()
      const { pieces } = world
      const peers = new Map<StubPeer, Set<number>>()
      const refused = new Map<StubPeer, Set<number>>()
      const everything = [...Array(pieceCount).keys()]
      for (const [who, said] of all) {
        let stub = [...peers.keys()].find(({ peer }) => peer.id === who)
        if (!stub) {
          stub = new StubPeer({ id: who })
          peers.set(stub, new Set())
          refused.set(stub, new Set())
          pieces.add(stub.peer)
        }
        const { peer } = stub
        const has = peers.get(stub)!
        if (said.kind === 'have') {
          t.true(pieces.have(peer, said.piece))
          has.add(said.piece)
        } else if (said.kind === 'lost') {
          t.true(pieces.dontHave(peer, said.piece))
          has.delete(said.piece)
          refused.get(stub)!.delete(said.piece)
        } else if (said.kind === 'refused') {
          pieces.refused(peer, said.piece)
          has.delete(said.piece)
          refused.get(stub)!.add(said.piece)
        } else if (said.kind === 'bitfield') {
          t.true(pieces.bitfield(peer, bits(...said.held)))
          peers.set(stub, new Set(said.held))
        } else if (said.kind === 'all') {
          pieces.haveAll(peer)
          peers.set(stub, new Set(everything))
        } else if (said.kind === 'retry') {
          pieces.retryRefused(peer, Number.POSITIVE_INFINITY)
          for (const one of refused.get(stub)!) has.add(one)
          refused.get(stub)!.clear()
        } else {
          pieces.remove(peer)
          peers.delete(stub)
        }
        check(t, world, peers)
      }
    }),
  )
})

test('what was said before the metainfo was known counts once it is', t => {
  const world = start()
  const peers = new Map<StubPeer, Set<number>>()
  const early = (id: number, set: (early: StubPeer['peer']['early']) => void, has: number[]) => {
    const stub = new StubPeer({ id })
    set(stub.peer.early)
    world.pieces.add(stub.peer)
    peers.set(stub, new Set(has))
  }
  early(1, one => Object.assign(one, { all: true }), [...Array(pieceCount).keys()])
  early(
    2,
    one => Object.assign(one, { bits: Buffer.from(bits(1, 5)), haves: [7, 5, pieceCount, 0xffffffff] }),
    [1, 5, 7],
  )
  early(3, one => Object.assign(one, { bits: Buffer.alloc(100, 0xff) }), [])
  check(t, world, peers)
})

test('a bitfield of another length, and a piece beyond the last, are told apart', t => {
  const { pieces } = start()
  const { peer } = new StubPeer()
  pieces.add(peer)
  t.false(pieces.bitfield(peer, new Uint8Array(1)))
  t.false(pieces.bitfield(peer, new Uint8Array(3)))
  t.false(pieces.have(peer, pieceCount))
  t.false(pieces.dontHave(peer, 0xffffffff))
})

test('interest is said once each way', t => {
  const { pieces, picker } = start()
  const stub = new StubPeer()
  pieces.add(stub.peer)
  pieces.bitfield(stub.peer, bits(3))
  pieces.updateInterest(stub.peer)
  picker.done(3)
  pieces.updateInterest(stub.peer)
  pieces.updateInterest(stub.peer)
  t.deepEqual(
    stub.said().map(({ id }) => id),
    [messageId.interested, messageId.notInterested],
  )
})

test('what a peer refused it is taken to have again ten seconds later', t => {
  const { pieces } = start()
  const { peer } = new StubPeer()
  pieces.add(peer)
  pieces.haveAll(peer)
  pieces.refused(peer, 4)
  const now = performance.now()
  pieces.retryRefused(peer, now + 9_000)
  t.false(peer.hasPiece(4))
  pieces.retryRefused(peer, now + 10_001)
  t.true(peer.hasPiece(4) && peer.isSeed)
})
