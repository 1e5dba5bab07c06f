import test from 'ava'
import fc from 'fast-check'
import type { Metainfo } from '../../../src/core/index.ts'
import { partAt, pieceRange, pieceSize, piecesOf, spansOf } from '../../../src/core/torrent/piece-range.ts'

/** As much of a metainfo as geometry needs. */
function torrentOf(sizes: readonly number[], pieceLength: number): Metainfo {
  let offset = 0
  const files = sizes.map((sizeBytes, index) => {
    const file = { path: `${index}`, sizeBytes, offset, isPad: index % 4 === 3, isLink: false }
    offset += sizeBytes
    return file
  })
  const pieceCount = Math.ceil(offset / pieceLength)
  return { files, pieceLength, pieceCount, contentLength: offset } as unknown as Metainfo
}

const sizes = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 12 })
const lengths = fc.integer({ min: 1, max: 32 })

test('sizes of pieces add up to the content', t => {
  fc.assert(
    fc.property(sizes, lengths, (sizes, length) => {
      const torrent = torrentOf(sizes, length)
      let sum = 0
      for (let index = 0; index < torrent.pieceCount; index++) sum += pieceSize(torrent, index)
      t.is(sum, torrent.contentLength)
    }),
  )
})

test('the pieces of a file are those that hold one of its bytes', t => {
  fc.assert(
    fc.property(sizes, lengths, (sizes, length) => {
      const torrent = torrentOf(sizes, length)
      for (const [index, file] of torrent.files.entries()) {
        const expected = new Set<number>()
        for (let at = 0; at < file.sizeBytes; at++) expected.add(Math.floor((file.offset + at) / length))
        const [from, to] = pieceRange(file, length)
        t.is(to - from, expected.size)
        if (expected.size > 0) t.true(expected.has(from) && expected.has(to - 1))
        t.is(piecesOf(torrent, [index]).count, file.isPad ? 0 : expected.size)
      }
    }),
  )
})

test('the part at an offset is the one that holds it', t => {
  fc.assert(
    fc.property(sizes, sizes => {
      const { files, contentLength } = torrentOf(sizes, 1)
      for (let offset = 0; offset < contentLength; offset++) {
        const part = files[partAt(files, offset)]!
        t.true(part.offset <= offset && offset < part.offset + part.sizeBytes)
      }
      t.is(partAt(files, contentLength), files.length)
    }),
  )
})

test('the spans of a stretch hold each of its bytes once, and none is empty', t => {
  const naturals = fc.integer({ min: 0, max: 400 })
  fc.assert(
    fc.property(sizes, naturals, naturals, (sizes, offset, length) => {
      const { files, contentLength } = torrentOf(sizes, 1)
      let next = 0
      for (const { index, start, at, length: spanned } of spansOf(files, offset, length)) {
        t.is(at, next)
        t.is(files[index]!.offset + start, offset + at)
        t.true(spanned > 0 && start + spanned <= files[index]!.sizeBytes)
        next += spanned
      }
      t.is(next, Math.max(0, Math.min(length, contentLength - offset)))
    }),
  )
})
