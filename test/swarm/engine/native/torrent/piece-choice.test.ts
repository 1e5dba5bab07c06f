import test from 'ava'
import { DownloadsLab } from '../../../../kit/stub-downloads.ts'

const piecesOf = (asked: readonly [number, number][]) => [...new Set(asked.map(([piece]) => piece))]

test('a peer goes on with its piece before it begins another', t => {
  const lab = new DownloadsLab()
  const stub = lab.join()
  stub.peer.pipeline.setPeerLimit(3)
  t.deepEqual(lab.fill(stub), [
    [0, 0],
    [0, 1],
    [0, 2],
  ])
  for (const block of [0, 1, 2]) lab.send(stub, 0, block)
  t.deepEqual(lab.fill(stub), [
    [0, 3],
    [1, 0],
    [1, 1],
  ])
})

test('two peers have pieces of their own while there are some, and share the last ones', t => {
  const lab = new DownloadsLab({ pieceCount: 3 })
  const [one, other] = [lab.join(), lab.join()]
  for (const stub of [one, other]) stub.peer.pipeline.setPeerLimit(2)
  t.deepEqual(piecesOf(lab.fill(one)), [0])
  t.deepEqual(piecesOf(lab.fill(other)), [1])
  const third = lab.join()
  t.deepEqual(lab.fill(third).slice(0, 6), [
    [2, 0],
    [2, 1],
    [2, 2],
    [2, 3],
    [0, 2],
    [0, 3],
  ])
})

test('a piece that its peer left behind comes before a new one', t => {
  const lab = new DownloadsLab()
  const [gone, other] = [lab.join(), lab.join()]
  gone.peer.pipeline.setPeerLimit(1)
  lab.fill(gone)
  lab.send(gone, 0, 0)
  lab.leave(gone.peer)
  other.peer.pipeline.setPeerLimit(1)
  t.deepEqual(lab.fill(other), [[0, 1]])
})

test('what a reader waits for comes before everything, and all peers fetch it together', t => {
  const lab = new DownloadsLab()
  const [one, other] = [lab.join(), lab.join()]
  for (const stub of [one, other]) stub.peer.pipeline.setPeerLimit(2)
  t.deepEqual(piecesOf(lab.fill(one)), [0])
  for (const block of [0, 1]) lab.send(one, 0, block)
  lab.picker.hurry(Symbol(), [3, 2])
  t.deepEqual(lab.fill(one), [
    [3, 0],
    [3, 1],
  ])
  t.deepEqual(lab.fill(other), [
    [3, 2],
    [3, 3],
  ])
})

test('a peer is asked for nothing that it has not', t => {
  const lab = new DownloadsLab()
  const one = lab.join({ pieces: [2] })
  t.deepEqual(piecesOf(lab.fill(one)), [2])
  const other = lab.join({ pieces: [] })
  lab.picker.hurry(Symbol(), [1])
  t.deepEqual(lab.fill(other), [])
})

test('where there is no memory for a new piece, one that others work at is shared', t => {
  const lab = new DownloadsLab({ pieceCount: 8, budgetBytes: 0 })
  const one = lab.join()
  one.peer.pipeline.setPeerLimit(14)
  t.deepEqual(piecesOf(lab.fill(one)), [0, 1, 2, 3])
  t.deepEqual(lab.fill(lab.join()), [
    [3, 2],
    [3, 3],
  ])
})
