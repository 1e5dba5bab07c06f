import test from 'ava'
import fc from 'fast-check'
import {
  maxQueuedRequests,
  UploadQueue,
} from '../../../../../src/swarm/engine/native/torrent/upload-queue.ts'

const blockLength = 16_384

type Request = readonly [piece: number, begin: number, length: number]

const requests = fc.tuple(
  fc.nat(3),
  fc.nat(4).map(block => block * blockLength),
  fc.constantFrom(blockLength, blockLength, 100),
)

type Step =
  | { readonly kind: 'add'; readonly request: Request }
  | { readonly kind: 'cancel'; readonly request: Request }
  | { readonly kind: 'answer'; readonly piece: number }
  | { readonly kind: 'drop piece'; readonly piece: number }
  | { readonly kind: 'clear' }

const steps = fc.oneof(
  { weight: 8, arbitrary: requests.map((request): Step => ({ kind: 'add', request })) },
  { weight: 3, arbitrary: requests.map((request): Step => ({ kind: 'cancel', request })) },
  { weight: 3, arbitrary: fc.nat(3).map((piece): Step => ({ kind: 'answer', piece })) },
  { weight: 1, arbitrary: fc.nat(3).map((piece): Step => ({ kind: 'drop piece', piece })) },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: 'clear' }) },
)

/** As it would be written without a thought for speed. */
class PlainQueue {
  list: Request[] = []

  of(piece: number): Request[] {
    return this.list.filter(request => request[0] === piece)
  }

  take(request: Request): boolean {
    const at = this.list.findIndex(one => one.every((number, index) => number === request[index]))
    if (at >= 0) this.list.splice(at, 1)
    return at >= 0
  }

  /** How many requests of a piece are for blocks of their own length that follow each other. */
  runOf(piece: number, pieceSize: number, most: number): number {
    const own = this.of(piece)
    let run = 1
    while (run < Math.min(most, own.length)) {
      const [, begin, length] = own[run]!
      if (begin !== own[0]![1] + run * blockLength) break
      if (length !== Math.min(blockLength, pieceSize - begin)) break
      run++
    }
    return run
  }
}

test('it holds what a plain list would, of each piece in the order asked', t => {
  const pieceSize = 4 * blockLength + 100
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 120 }), done => {
      const [queue, plain] = [new UploadQueue(), new PlainQueue()]
      for (const step of done) {
        if (step.kind === 'add') {
          queue.add(...step.request)
          plain.list.push(step.request)
        } else if (step.kind === 'cancel') {
          t.is(queue.cancel(...step.request), plain.take(step.request))
        } else if (step.kind === 'clear') {
          const dropped: Request[] = []
          queue.clear((...request) => dropped.push(request))
          t.deepEqual(dropped.toSorted(), plain.list.toSorted())
          plain.list = []
        } else if (step.kind === 'drop piece') {
          const dropped: Request[] = []
          queue.dropPiece(step.piece, (begin, length) => dropped.push([step.piece, begin, length]))
          t.deepEqual(dropped, plain.of(step.piece))
          plain.list = plain.list.filter(([piece]) => piece !== step.piece)
        } else if (plain.of(step.piece).length > 0) {
          const run = queue.runOf(step.piece, pieceSize, blockLength, 3)
          t.is(run, plain.runOf(step.piece, pieceSize, 3))
          queue.drop(step.piece, run)
          for (const request of plain.of(step.piece).slice(0, run)) plain.take(request)
        }
        t.is(queue.size, plain.list.length)
        t.deepEqual(
          [...queue.pieces()].toSorted(),
          [...new Set(plain.list.map(([piece]) => piece))].toSorted(),
        )
        for (const piece of queue.pieces())
          t.deepEqual([queue.beginOf(piece), queue.lengthOf(piece)], plain.of(piece)[0]?.slice(1))
        t.is(queue.firstPiece(), [...queue.pieces()][0] ?? -1)
      }
    }),
  )
})

test('the piece that was asked for first comes first, until nothing more is wanted of it', t => {
  const queue = new UploadQueue()
  for (const piece of [7, 3, 7]) queue.add(piece, 0, blockLength)
  t.is(queue.firstPiece(), 7)
  queue.drop(7, 2)
  t.is(queue.firstPiece(), 3)
  queue.add(7, 0, blockLength)
  t.deepEqual([...queue.pieces()], [3, 7])
})

test('more than it keeps is refused, and there is place again once something was answered', t => {
  const queue = new UploadQueue()
  for (let at = 0; at < maxQueuedRequests; at++) t.true(queue.add(at % 5, at, 1))
  t.false(queue.add(0, 0, 1))
  t.is(queue.size, maxQueuedRequests)
  queue.drop(3, 1)
  t.true(queue.add(9, 0, 1))
})

test('a piece that is asked for over and over, and never all answered, stays right', t => {
  const queue = new UploadQueue()
  queue.add(0, 0, 1)
  for (let at = 1; at < 20_000; at++) {
    queue.add(0, at, 1)
    t.is(queue.beginOf(0), at - 1)
    queue.drop(0, 1)
  }
  t.is(queue.size, 1)
  t.true(queue.cancel(0, 19_999, 1))
  t.is(queue.firstPiece(), -1)
})

test('how many of a piece wait is what it takes to look for one', t => {
  const queue = new UploadQueue()
  for (let begin = 0; begin < 3; begin++) queue.add(1, begin, 1)
  queue.add(2, 0, 1)
  queue.cancel(1, 0, 1)
  t.deepEqual([queue.sizeOf(1), queue.sizeOf(2), queue.sizeOf(3)], [2, 1, 0])
})
