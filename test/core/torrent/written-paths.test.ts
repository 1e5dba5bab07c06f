import test from 'ava'
import { encodeBencode, parseMetainfo, writtenPaths } from '../../../src/core/index.ts'

const parsed = (info: Parameters<typeof encodeBencode>[0]) => parseMetainfo(encodeBencode({ info }))

test('names come as the torrent writes them, though they are saved under others', t => {
  const metainfo = parsed({
    files: [
      { length: 1, path: ['part 1: a?', 'b.mp4'] },
      { length: 1, path: ['..', 'c.mp4'] },
    ],
    name: 'what: this',
    'piece length': 16_384,
    pieces: Buffer.alloc(20),
  })
  t.not(metainfo.files[0]!.path, 'what: this/part 1: a?/b.mp4')
  t.deepEqual(writtenPaths(metainfo), [
    ['what: this', 'part 1: a?', 'b.mp4'],
    ['what: this', '..', 'c.mp4'],
  ])
})

test('a bare file has its own name', t => {
  const metainfo = parsed({ length: 1, name: 'a:b.mp4', 'piece length': 16_384, pieces: Buffer.alloc(20) })
  t.deepEqual(writtenPaths(metainfo), [['a:b.mp4']])
})
