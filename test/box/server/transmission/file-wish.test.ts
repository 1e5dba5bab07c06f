import test from 'ava'
import { prioritiesAfter, readFileWish } from '../../../../src/box/server/transmission/file-wish.ts'
import { Params } from '../../../../src/box/server/transmission/params.ts'
import { RpcError } from '../../../../src/box/server/transmission/rpc-error.ts'
import { makeTorrent } from '../../../kit/made-torrent.ts'

const file = (path: string, isPad = false) => ({ path, sizeBytes: 1, offset: 0, isPad, isLink: false })
/** Two files with a pad between them, and a third. */
const metainfo = {
  ...makeTorrent('album', Buffer.alloc(4), 16_384),
  files: [file('album/a'), file('.pad/1', true), file('album/b'), file('album/c')],
}

const after = (given: object, now = new Map<number, number>()) =>
  Object.fromEntries(prioritiesAfter(readFileWish(new Params(given))!, metainfo, now))

test('files are counted without pads', t => {
  t.deepEqual(after({ 'files-unwanted': [1] }), { 0: 4, 2: 0, 3: 4 })
  t.deepEqual(after({ 'priority-high': [2], 'priority-low': [0] }), { 0: 2, 2: 4, 3: 6 })
})

test('an empty list stands for all files', t => {
  t.deepEqual(after({ 'files-unwanted': [] }), { 0: 0, 2: 0, 3: 0 })
  t.deepEqual(
    after(
      { 'files-wanted': [] },
      new Map([
        [0, 0],
        [3, 6],
      ]),
    ),
    { 0: 4, 2: 4, 3: 6 },
  )
})

test('a priority does not make a file wanted, and a wanted file has the priority that comes with it', t => {
  t.deepEqual(after({ 'priority-high': [] }, new Map([[0, 0]])), { 0: 0, 2: 6, 3: 6 })
  t.deepEqual(after({ 'files-wanted': [0], 'priority-high': [0] }, new Map([[0, 0]])), { 0: 6, 2: 4, 3: 4 })
  t.deepEqual(after({ 'files-unwanted': [], 'files-wanted': [1] }), { 0: 0, 2: 4, 3: 0 })
})

test('a file that is not there fails the wish', t => {
  for (const place of [3, -1, 1.5])
    t.throws(() => after({ 'files-wanted': [place] }), { instanceOf: RpcError })
})

test('where nothing is said of files there is no wish', t => {
  t.is(readFileWish(new Params({ ids: [1] })), undefined)
})
