import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { verifyPiece } from '../../../src/core/hash/verify-piece.ts'
import { createTorrent } from '../../../src/core/torrent/create.ts'
import type { Metainfo } from '../../../src/core/torrent/metainfo.ts'
import { PieceExpectations, realPieceSize } from '../../../src/core/torrent/piece-hash.ts'
import { pieceSize } from '../../../src/core/torrent/piece-range.ts'
import { writeSampleAlbum } from '../../kit/sample-files.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const formats = ['v1', 'hybrid', 'v2'] as const
const pieceLength = 65_536

/** A torrent of an album, and its whole content, pads counted. */
async function albumOf(t: ExecutionContext, format: (typeof formats)[number]) {
  const folder = await temporaryFolder(t, 'pieces')
  const { metainfo } = await createTorrent(await writeSampleAlbum(join(folder, 'album')), {
    format,
    pieceLength,
  })
  const content = Buffer.alloc(metainfo.contentLength)
  for (const file of metainfo.files)
    if (!file.isPad) content.set(await readFile(join(folder, file.path)), file.offset)
  return { metainfo, content }
}

const pieceOf = (metainfo: Metainfo, content: Buffer, index: number) =>
  content.subarray(index * pieceLength, index * pieceLength + pieceSize(metainfo, index))

for (const format of formats)
  test(`every piece of a ${format} album meets its expectation, and none with a wrong bit does`, async t => {
    const { metainfo, content } = await albumOf(t, format)
    const expectations = new PieceExpectations(metainfo)
    for (let index = 0; index < metainfo.pieceCount; index++) {
      const expectation = expectations.of(index)!
      t.is(expectation.sha1 === undefined, format === 'v2')
      t.is(expectation.node === undefined, format === 'v1')
      const piece = pieceOf(metainfo, content, index)
      t.true(verifyPiece(piece, expectation))
      const at = (index * 7919) % realPieceSize(metainfo, index)
      piece[at]! ^= 0x10
      t.false(verifyPiece(piece, expectation))
      t.false(verifyPiece(piece.subarray(0, piece.length - 1), expectation))
      piece[at]! ^= 0x10
    }
  })

test('a piece of a v2 torrent ends with its file, and is verified without what fills it up', async t => {
  const { metainfo, content } = await albumOf(t, 'v2')
  const expectations = new PieceExpectations(metainfo)
  let real = 0
  for (let index = 0; index < metainfo.pieceCount; index++) {
    const size = realPieceSize(metainfo, index)
    t.is(expectations.of(index)!.sizeBytes, size)
    t.true(
      verifyPiece(content.subarray(index * pieceLength, index * pieceLength + size), expectations.of(index)!),
    )
    real += size
  }
  t.is(real, metainfo.sizeBytes)
  const hybrid = await albumOf(t, 'hybrid')
  t.is(realPieceSize(hybrid.metainfo, 0), pieceLength)
})

test('both hashes of a hybrid torrent have to be met', async t => {
  const { metainfo, content } = await albumOf(t, 'hybrid')
  const expectation = new PieceExpectations(metainfo).of(0)!
  const piece = pieceOf(metainfo, content, 0)
  t.true(verifyPiece(piece, expectation))
  t.false(verifyPiece(piece, { ...expectation, sha1: expectation.sha1!.replace(/^./, 'x') }))
  t.false(verifyPiece(piece, { ...expectation, node: 'x'.repeat(32) }))
  t.true(verifyPiece(piece, { ...expectation, node: undefined }))
  t.false(verifyPiece(piece, { ...expectation, node: undefined, sha1: undefined }))
})

test('without its layer a piece is not known until the layer is added, unless its file is no longer than a piece', async t => {
  const { metainfo } = await albumOf(t, 'v2')
  const full = new PieceExpectations(metainfo)
  const bare = new PieceExpectations({ ...metainfo, pieceLayers: new Map() })
  const isShort = (index: number) =>
    metainfo.files.some(file => file.offset === index * pieceLength && file.sizeBytes <= pieceLength)
  for (let index = 0; index < metainfo.pieceCount; index++) t.is(bare.of(index) !== undefined, isShort(index))
  for (const [root, layer] of metainfo.pieceLayers) bare.addLayer(root, layer)
  for (let index = 0; index < metainfo.pieceCount; index++) t.deepEqual(bare.of(index), full.of(index))
})

test('a hybrid torrent without layers is still known by its SHA-1 hashes', async t => {
  const { metainfo, content } = await albumOf(t, 'hybrid')
  const bare = new PieceExpectations({ ...metainfo, pieceLayers: new Map() })
  for (let index = 0; index < metainfo.pieceCount; index++)
    t.true(verifyPiece(pieceOf(metainfo, content, index), bare.of(index)!))
})

test('pieces longer than the reading buffer and files of one leaf have the nodes that creating gave them', async t => {
  const folder = join(await temporaryFolder(t, 'pieces'), 'mixed')
  await mkdir(folder)
  const long = Buffer.alloc(9_000_000, 'long')
  await writeFile(join(folder, 'a'), long)
  await writeFile(join(folder, 'b'), 'b')
  const { metainfo } = await createTorrent(folder, { format: 'v2', pieceLength: 4_194_304 })
  const expectations = new PieceExpectations(metainfo)
  t.is(metainfo.pieceCount, 4)
  for (let index = 0; index < 3; index++)
    t.true(verifyPiece(long.subarray(index * 4_194_304, (index + 1) * 4_194_304), expectations.of(index)!))
  t.true(verifyPiece(Buffer.from('b'), expectations.of(3)!))
})
