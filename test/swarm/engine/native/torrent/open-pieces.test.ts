import test from 'ava'
import { PiecePicker } from '../../../../../src/swarm/engine/native/picker/piece-picker.ts'
import { PieceBuffers } from '../../../../../src/swarm/engine/native/storage/piece-buffers.ts'
import { OpenPieces } from '../../../../../src/swarm/engine/native/torrent/open-pieces.ts'

const pieceLength = 32_768

function start(budgetBytes?: number) {
  const picker = new PiecePicker({ pieceCount: 10, random: () => 0 })
  picker.setLevels(new Uint8Array(10).fill(4))
  const buffers = new PieceBuffers(() => {}, budgetBytes)
  const world = { rooms: 0 }
  const open = new OpenPieces({ picker, buffers, pieceSize: () => pieceLength, onRoom: () => world.rooms++ })
  return { picker, buffers, open, world }
}

test('a piece that is begun is nobody else’s to begin, until it is put back', t => {
  const { picker, buffers, open } = start()
  const piece = picker.pick('all')
  const download = open.open(piece)!
  t.not(picker.pick('all'), piece)
  t.is(open.get(piece), download)
  t.is(buffers.usedBytes, pieceLength)
  open.putBack(download)
  t.is(open.get(piece), undefined)
  t.is(buffers.usedBytes, 0)
  picker.hurry(Symbol(), [piece])
  t.is(picker.pick('all'), piece)
})

test('where there is no memory the piece stays pickable, and room is told of once', async t => {
  const { picker, open, world } = start(0)
  const begun = [0, 1, 2, 3].map(piece => open.open(piece)!)
  t.is(open.open(4), undefined)
  t.is(open.open(5), undefined)
  picker.hurry(Symbol(), [4])
  t.is(picker.pick('all'), 4)
  open.finish(begun[0]!)
  await Promise.resolve()
  t.is(world.rooms, 1)
})

test('finishing twice gives the memory back once', t => {
  const { buffers, open } = start()
  const [download] = [open.open(0)!, open.open(1)!]
  open.finish(download)
  open.finish(download)
  t.true(download.isClosed)
  t.is(buffers.usedBytes, pieceLength)
})

test('loose are those with a block that nobody was asked for', t => {
  const { open } = start()
  const download = open.open(0)!
  download.request(0, 1)
  open.changed(download)
  t.true(open.loose.has(download))
  download.request(1, 1)
  open.changed(download)
  t.false(open.loose.has(download))
  download.release(0)
  open.changed(download)
  t.true(open.loose.has(download))
})

test('untouched pieces are put back, those that anybody works at are not, and closing ends them all', t => {
  const { buffers, open } = start()
  const [touched, untouched] = [open.open(0)!, open.open(1)!]
  touched.request(0, 1)
  open.changed(touched)
  open.putBackUntouched()
  t.deepEqual([...open.all()], [touched])
  t.true(untouched.isClosed)
  open.close()
  t.deepEqual([open.size, open.loose.size, buffers.usedBytes], [0, 0, 0])
})
