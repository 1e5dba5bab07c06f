import test from 'ava'
import { encodeBencode, parseMetainfo } from '../../../../../src/core/index.ts'
import { fileUrl } from '../../../../../src/swarm/engine/native/web-seed/file-url.ts'

const common = { 'piece length': 16_384, pieces: Buffer.alloc(20) }
const album = parseMetainfo(
  encodeBencode({
    info: {
      ...common,
      name: 'lions: 100%',
      files: [
        { length: 1, path: ['día 1', 'a+b & c?.jpg'] },
        { length: 1, path: ['..', '..', 'secret'] },
        { length: 1, path: ['a/b'] },
      ],
    },
  }),
)
const bare = parseMetainfo(encodeBencode({ info: { ...common, name: 'a b.mp4', length: 1 } }))

test('the URL of a bare file is taken as it is, and with a slash as its folder', t => {
  t.is(fileUrl('http://x.org/get?id=1', bare, 0), 'http://x.org/get?id=1')
  t.is(fileUrl('http://x.org/files/', bare, 0), 'http://x.org/files/a%20b.mp4')
})

test('the URL of an album is its folder, every name of the torrent escaped', t => {
  const expected = 'http://x.org/m/lions%3A%20100%25/d%C3%ADa%201/a%2Bb%20%26%20c%3F.jpg'
  t.is(fileUrl('http://x.org/m', album, 0), expected)
  t.is(fileUrl('http://x.org/m/', album, 0), expected)
})

test('no name leads out of the folder', t => {
  for (const index of [1, 2]) {
    const { pathname } = new URL(fileUrl('http://x.org/m/', album, index))
    t.regex(pathname, /^\/m\/lions/)
    t.false(pathname.includes('..'))
  }
  t.regex(fileUrl('http://x.org/m/', album, 2), /a%2Fb$/)
})
