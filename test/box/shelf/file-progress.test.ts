import test from 'ava'
import { heldBytes } from '../../../src/box/shelf/file-progress.ts'
import { Bitfield, type Metainfo } from '../../../src/core/index.ts'

test('what is held of a file are the bytes of its own in the pieces that are here', t => {
  const metainfo = {
    pieceLength: 10,
    files: [
      { offset: 0, sizeBytes: 15 },
      { offset: 15, sizeBytes: 3 },
      { offset: 18, sizeBytes: 0 },
      { offset: 18, sizeBytes: 14 },
    ],
  } as unknown as Metainfo
  const held = new Bitfield(4)
  const all = (bits: Bitfield | undefined) => [0, 1, 2, 3].map(index => heldBytes(metainfo, index, bits))
  t.deepEqual(all(undefined), [0, 0, 0, 0])
  t.deepEqual(all(held), [0, 0, 0, 0])
  held.add(1)
  t.deepEqual(all(held), [5, 3, 0, 2])
  held.add(3)
  t.deepEqual(all(held), [5, 3, 0, 4])
  t.deepEqual(all(Bitfield.full(4)), [15, 3, 0, 14])
})
