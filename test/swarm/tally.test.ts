import test from 'ava'
import { Bitfield, type Metainfo, type TorrentFile } from '../../src/core/index.ts'
import { levelsOf, Tally } from '../../src/swarm/tally.ts'

const sizes = [10, 0, 25, 5]
const files = sizes.map((sizeBytes, index): TorrentFile => {
  const offset = sizes.slice(0, index).reduce((sum, size) => sum + size, 0)
  return { path: `album/${index}`, sizeBytes, offset, isPad: false, isLink: false } as TorrentFile
})
const metainfo = { files, pieceLength: 8, pieceCount: 5, contentLength: 40 } as unknown as Metainfo

test('only bytes of wanted files are counted, also of pieces that hold others', t => {
  const have = new Bitfield(5)
  have.add(1)
  const tally = new Tally({ metainfo, wantedFiles: [0, 3], have })
  t.deepEqual([tally.sizeBytes, tally.haveBytes], [15, 2])
  tally.onPiece(0)
  tally.onPiece(4)
  t.is(tally.haveBytes, 15)
  t.deepEqual([tally.isWanted(3), tally.isWanted(2)], [true, false])
})

test('a piece has the highest level of the wanted files in it', t => {
  const priorities = new Map([
    [0, 2],
    [2, 7],
  ])
  t.deepEqual([...levelsOf(metainfo, [0, 2, 3], priorities)], [2, 7, 7, 7, 7])
  t.deepEqual([...levelsOf(metainfo, [0, 3], priorities)], [2, 2, 0, 0, 4])
})
