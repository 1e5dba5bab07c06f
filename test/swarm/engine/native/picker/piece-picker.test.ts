import test from 'ava'
import fc from 'fast-check'
import { Bitfield } from '../../../../../src/core/index.ts'
import { PiecePicker } from '../../../../../src/swarm/engine/native/picker/piece-picker.ts'

const bitfield = (length: number, pieces: Iterable<number>) => {
  const has = new Bitfield(length)
  for (const piece of pieces) has.add(piece)
  return has
}
const levels = (length: number, level = 4) => new Uint8Array(length).fill(level)

/** Numbers from 0 to 1 that are the same in every run. */
function seeded(seed = 1): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

function pickerOf(length: number, random = seeded()) {
  const picker = new PiecePicker({ pieceCount: length, random })
  picker.setLevels(levels(length))
  return picker
}

/** Takes one piece after the other for a peer that has `has`. */
function takeAll(picker: PiecePicker, has: Bitfield | 'all', rarest = true): number[] {
  const taken: number[] = []
  for (;;) {
    const piece = picker.pick(has, rarest)
    if (piece < 0) return taken
    picker.take(piece)
    taken.push(piece)
  }
}

test('nothing is picked before levels are set, of level 0, or of no pieces', t => {
  t.is(new PiecePicker({ pieceCount: 5 }).pick('all'), -1)
  t.is(new PiecePicker({ pieceCount: 0 }).pick('all', false), -1)
  const picker = pickerOf(5)
  picker.setLevels(levels(5, 0))
  t.is(picker.pick('all'), -1)
  t.is(picker.pick('all', false), -1)
})

test('the rarest piece that a peer has is picked first', t => {
  const picker = pickerOf(4)
  picker.addSeed()
  for (const pieces of [
    [0, 1, 3],
    [0, 1, 3],
    [0, 3],
    [0, 2],
  ])
    picker.addPeer(bitfield(4, pieces))
  t.deepEqual(takeAll(picker, bitfield(4, [0, 1, 3])), [1, 3, 0])
  t.deepEqual(takeAll(picker, 'all'), [2])
  t.deepEqual(
    [0, 1, 2, 3].map(piece => picker.availability(piece)),
    [5, 3, 2, 4],
  )
})

test('what only a seed has comes first of a seed', t => {
  const picker = pickerOf(3)
  picker.addSeed()
  picker.addPeer(bitfield(3, [0, 2]))
  t.is(picker.pick('all'), 1)
  t.not(picker.pick(bitfield(3, [0, 2])), -1)
})

test('a higher level goes before rarity, and a level above 7 counts as 7', t => {
  const picker = pickerOf(4)
  picker.addPeer(bitfield(4, [0, 1, 2, 3]))
  picker.addPeer(bitfield(4, [3]))
  picker.setLevels(Uint8Array.of(1, 6, 0, 255))
  t.deepEqual(takeAll(picker, 'all'), [3, 1, 0])
})

test('two who start at once are unlikely to begin with the same of many equal pieces', t => {
  const firsts = new Set(
    Array.from({ length: 20 }, (_, at) => pickerOf(1_000, seeded(at * 7919)).pick('all')),
  )
  t.true(firsts.size >= 15)
})

test('every equal piece is picked first about as often as any other', t => {
  const random = seeded(99)
  const counts = new Array<number>(10).fill(0)
  for (let round = 0; round < 2_000; round++) {
    const picker = pickerOf(10, random)
    picker.addPeer(bitfield(10, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]))
    counts[picker.pick('all')]!++
  }
  for (const count of counts) t.true(count > 120 && count < 280, counts.join(' '))
})

test('without rarity a seed is asked for pieces in order, from anywhere, all around', t => {
  const taken = takeAll(pickerOf(50), 'all', false)
  const [first] = taken
  t.deepEqual(
    taken,
    Array.from({ length: 50 }, (_, at) => (first! + at) % 50),
  )
})

test('a piece that was put back behind the place in order is picked all the same', t => {
  const picker = pickerOf(10, () => 0)
  takeAll(picker, 'all', false)
  picker.putBack(2)
  t.is(picker.pick('all', false), 2)
})

test('a piece on its way is not picked, counts as remaining, and keeps its holder interesting', t => {
  const picker = pickerOf(2)
  picker.take(0)
  t.is(picker.pick(bitfield(2, [0])), -1)
  t.is(picker.remaining, 2)
  t.true(picker.interesting(bitfield(2, [0])))
  picker.putBack(0)
  t.is(picker.pick(bitfield(2, [0])), 0)
})

test('a piece that is held is never picked again and makes nobody interesting', t => {
  const picker = pickerOf(2)
  picker.take(0)
  picker.done(0)
  picker.putBack(0)
  picker.done(0)
  t.is(picker.remaining, 1)
  t.is(picker.levelOf(0), 0)
  t.false(picker.interesting(bitfield(2, [0])))
  t.true(picker.interesting('all'))
  picker.done(1)
  t.false(picker.interesting('all'))
  t.is(picker.pick('all'), -1)
})

test('a piece on its way while levels change is not picked until it is put back', t => {
  const picker = pickerOf(3)
  picker.take(1)
  picker.setLevels(levels(3, 2))
  t.deepEqual(takeAll(picker, 'all').sort(), [0, 2])
  picker.setLevels(Uint8Array.of(0, 0, 0))
  picker.putBack(1)
  t.is(picker.pick('all'), -1)
})

test('hurried pieces come before every level, in their order, to those who have them', t => {
  const picker = pickerOf(6)
  picker.setLevels(Uint8Array.of(7, 7, 1, 1, 0, 1))
  const reader = Symbol('reader')
  picker.hurry(reader, [3, 4, 2, 99, -1])
  t.true(picker.hasHurried)
  t.true(picker.isHurried(2))
  t.false(picker.isHurried(4), 'not wanted')
  t.is(picker.pick('all', false), 3)
  picker.take(3)
  t.is(picker.pick(bitfield(6, [2, 0])), 2)
  t.is(picker.pick(bitfield(6, [0])), 0)
  picker.take(2)
  picker.putBack(3)
  t.is(picker.pick('all'), 3, 'what failed is as urgent as before')
  picker.done(3)
  picker.done(2)
  t.false(picker.hasHurried)
})

test('readers share alike, replace what they named, and take it back', t => {
  const picker = pickerOf(8)
  const [one, two] = [Symbol('one'), Symbol('two')]
  picker.hurry(one, [0, 1])
  picker.hurry(two, [5, 6])
  t.deepEqual(takeAll(picker, bitfield(8, [0, 1, 5, 6])), [0, 5, 1, 6])
  for (const piece of [0, 1, 5, 6]) picker.putBack(piece)
  picker.hurry(one, [7])
  picker.hurry(two, [])
  t.false(picker.isHurried(5))
  t.is(picker.pick('all'), 7)
})

test('a piece that becomes wanted after it was hurried for is hurried', t => {
  const picker = pickerOf(2)
  picker.setLevels(Uint8Array.of(4, 0))
  picker.hurry(Symbol('reader'), [1])
  t.false(picker.hasHurried)
  picker.setLevels(levels(2))
  t.is(picker.pick('all'), 1)
})

test('more than 1,000 pieces of a reader, and a 17th reader, are passed over', t => {
  const picker = pickerOf(3_000)
  picker.hurry(
    Symbol('greedy'),
    Array.from({ length: 1_500 }, (_, at) => at),
  )
  t.true(picker.isHurried(999))
  t.false(picker.isHurried(1_000))
  const readers = Array.from({ length: 15 }, (_, at) => Symbol(at))
  for (const [at, reader] of readers.entries()) picker.hurry(reader, [2_000 + at])
  picker.hurry(Symbol('one too many'), [2_999])
  t.false(picker.isHurried(2_999))
  picker.hurry(readers[0]!, [2_998])
  t.true(picker.isHurried(2_998))
})

test('whoever had nothing of use is picked for again once it has, or once something is put back', t => {
  const picker = pickerOf(4)
  const has = bitfield(4, [0])
  picker.addPeer(has)
  picker.take(0)
  t.is(picker.pick(has), -1)
  has.add(2)
  picker.have(2)
  t.is(picker.pick(has), 2)
  picker.take(2)
  t.is(picker.pick(has), -1)
  picker.putBack(0)
  t.is(picker.pick(has), 0)
  picker.take(0)
  t.is(picker.pick(has), -1)
  has.delete(0)
  picker.lost(0)
  has.add(3)
  picker.have(3)
  t.is(picker.pick(has), 3)
  picker.done(3)
  t.is(picker.pick(has), -1)
  picker.setLevels(levels(4))
  t.is(picker.pick(has), 3)
})

test('a piece beyond the first ones that are tried is found, the best of them first', t => {
  const picker = pickerOf(2_000)
  const many = bitfield(
    2_000,
    Array.from({ length: 1_990 }, (_, at) => at),
  )
  const few = bitfield(
    2_000,
    Array.from({ length: 10 }, (_, at) => 1_990 + at),
  )
  picker.addPeer(many)
  for (let peer = 0; peer < 5; peer++) picker.addPeer(few)
  picker.addPeer(bitfield(2_000, [1_991, 1_992, 1_993]))
  const taken = takeAll(picker, few)
  t.is(taken.length, 10)
  t.deepEqual(taken.slice(7).sort(), [1_991, 1_992, 1_993])
})

test('a count never falls below none, and peers beyond 63 keep being counted', t => {
  const picker = pickerOf(2)
  picker.lost(0)
  t.is(picker.availability(0), 0)
  for (let peer = 0; peer < 100; peer++) picker.have(0)
  for (let peer = 0; peer < 70; peer++) picker.lost(0)
  t.is(picker.availability(0), 30)
  picker.have(1)
  t.is(picker.pick(bitfield(2, [0, 1])), 1)
})

interface Model {
  readonly levels: number[]
  readonly taken: Set<number>
  readonly peers: Bitfield[]
}

const size = 24
const step = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('levels' as const),
      levels: fc.uint8Array({ minLength: size, maxLength: size, max: 7 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('join' as const),
      has: fc.uint8Array({ minLength: size / 8, maxLength: size / 8 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('leave' as const), peer: fc.nat(20) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('take' as const, 'putBack' as const, 'done' as const),
      piece: fc.nat(size - 1),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('have' as const, 'lost' as const),
      peer: fc.nat(20),
      piece: fc.nat(size - 1),
    }),
  },
)

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

function expectedBest({ levels, taken, peers }: Model, has: (piece: number) => boolean): Set<number> {
  const rank = (piece: number) => (7 - levels[piece]!) * 1_000 + peers.filter(peer => peer.has(piece)).length
  const candidates = levels.flatMap((level, piece) =>
    level > 0 && !taken.has(piece) && has(piece) ? [piece] : [],
  )
  const best = Math.min(...candidates.map(rank))
  return new Set(candidates.filter(piece => rank(piece) === best))
}

test('whatever happens in whatever order, the pick is one that a plain search would choose', t => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.nat(), (steps, seed) => {
      const picker = new PiecePicker({ pieceCount: size, random: seeded(seed) })
      const model: Model = { levels: new Array<number>(size).fill(0), taken: new Set(), peers: [] }
      for (const it of steps) {
        apply(picker, model, it)
        const wanted = model.levels.filter(level => level > 0).length
        if (picker.remaining !== wanted) return false
        if (
          !agrees(
            expectedBest(model, () => true),
            picker.pick('all'),
          )
        )
          return false
        for (const peer of model.peers) {
          if (
            !agrees(
              expectedBest(model, piece => peer.has(piece)),
              picker.pick(peer),
            )
          )
            return false
          const isInteresting = model.levels.some((level, piece) => level > 0 && peer.has(piece))
          if (picker.interesting(peer) !== isInteresting) return false
        }
      }
      return true
    }),
  )
  t.pass()
})

function agrees(expected: ReadonlySet<number>, picked: number): boolean {
  return expected.size === 0 ? picked === -1 : expected.has(picked)
}

function apply(picker: PiecePicker, model: Model, it: Step): void {
  if (it.do === 'levels') {
    picker.setLevels(it.levels)
    model.levels.splice(0, size, ...it.levels)
  } else if (it.do === 'join') {
    const peer = new Bitfield(size, it.has)
    model.peers.push(peer)
    picker.addPeer(peer)
  } else if (it.do === 'leave') {
    const [peer] = model.peers.splice(it.peer, 1)
    if (peer) picker.removePeer(peer)
  } else if (it.do === 'have' || it.do === 'lost') {
    const peer = model.peers[it.peer]
    if (!peer || peer.has(it.piece) === (it.do === 'have')) return
    if (it.do === 'have') peer.add(it.piece)
    else peer.delete(it.piece)
    picker[it.do](it.piece)
  } else {
    picker[it.do](it.piece)
    if (it.do === 'take') model.taken.add(it.piece)
    else model.taken.delete(it.piece)
    if (it.do === 'done') model.levels[it.piece] = 0
  }
}

test('100,000 pieces and 200 peers hold nothing up: joining, telling, picking, finding nothing, leaving', t => {
  const count = 100_000
  const random = seeded(5)
  const picker = pickerOf(count, random)
  const peers = Array.from({ length: 200 }, () => {
    const bytes = new Uint8Array(count / 8)
    for (let at = 0; at < bytes.length; at++) bytes[at] = random() * 256
    return new Bitfield(count, bytes)
  })
  const took = (work: () => void) => {
    const startedAt = performance.now()
    work()
    return performance.now() - startedAt
  }
  const joined = peers.map(peer => took(() => picker.addPeer(peer)))
  const told = took(() => {
    for (let at = 0; at < 100_000; at++) picker.have(Math.floor(random() * count))
  })
  const picked = took(() => {
    for (let at = 0; at < 20_000; at++) picker.take(picker.pick(peers[at % 200]!))
  })
  const emptied = took(() => takeAll(picker, peers[0]!))
  const foundNothing = took(() => {
    for (let at = 0; at < 200_000; at++) picker.pick(peers[0]!)
  })
  const levelled = took(() => picker.setLevels(levels(count, 3)))
  const left = took(() => picker.removePeer(peers[1]!))
  t.log({ joinedMs: median(joined), told, picked, emptied, foundNothing, levelled, left })
  t.true(median(joined) < 25, 'a join')
  t.true(told < 500, '100,000 haves')
  t.true(picked < 2_000, '20,000 picks')
  t.true(emptied < 3_000, 'some 40,000 picks for one peer')
  t.true(foundNothing < 1_000, '200,000 vain picks')
  t.true(levelled < 200 && left < 50)
})

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!
}
