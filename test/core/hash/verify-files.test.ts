import { open, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { Bitfield } from '../../../src/core/bitfield.ts'
import type { HashProgress } from '../../../src/core/hash/hash-progress.ts'
import { verifyFiles } from '../../../src/core/hash/verify-files.ts'
import { createTorrent } from '../../../src/core/torrent/create.ts'
import type { Hex } from '../../../src/core/torrent/info-hash.ts'
import type { Metainfo, TorrentFile } from '../../../src/core/torrent/metainfo.ts'
import { pieceRange } from '../../../src/core/torrent/piece-range.ts'
import { writeSampleAlbum, writeSampleFile } from '../../kit/sample-files.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const pieceLength = 65_536

async function albumTorrent(t: ExecutionContext, format: 'v1' | 'hybrid' | 'v2' = 'v1') {
  const folder = await temporaryFolder(t, 'verify')
  const album = await writeSampleAlbum(join(folder, 'album'))
  const { metainfo } = await createTorrent(album, { format, pieceLength })
  return { folder, metainfo, resolve: ({ path }: TorrentFile) => join(folder, path) }
}

/** All pieces but those that hold bytes of these files. */
function without(metainfo: Metainfo, ...names: string[]): Bitfield {
  const pieces = Bitfield.full(metainfo.pieceCount)
  for (const file of metainfo.files) {
    if (!names.some(name => file.path.endsWith(name))) continue
    const [from, to] = pieceRange(file, metainfo.pieceLength)
    for (let piece = from; piece < to; piece++) pieces.delete(piece)
  }
  return pieces
}

async function flip(path: string, position: number): Promise<void> {
  const file = await open(path, 'r+')
  const byte = Buffer.alloc(1)
  await file.read(byte, 0, 1, position)
  byte[0]! ^= 1
  await file.write(byte, 0, 1, position)
  await file.close()
}

for (const format of ['v1', 'hybrid', 'v2'] as const)
  test(`every piece of an intact ${format} album is held`, async t => {
    const { metainfo, resolve } = await albumTorrent(t, format)
    t.true((await verifyFiles(metainfo, resolve)).isFull)
  })

test('the pieces of missing, emptied and replaced files are not held, and all others are', async t => {
  const { folder, metainfo, resolve } = await albumTorrent(t)
  await rm(join(folder, 'album/cover.jpg'))
  const lion = join(folder, 'album/day 1/Löwe im Gras.jpg')
  await rename(lion, join(folder, 'elsewhere.jpg'))
  await symlink(join(folder, 'elsewhere.jpg'), lion)
  await truncate(join(folder, 'album/day 2/exact.bin'), 0)
  const have = await verifyFiles(metainfo, resolve)
  t.deepEqual(have.bytes, without(metainfo, 'cover.jpg', 'Gras.jpg', 'exact.bin').bytes)
})

test('a file that is not known anywhere holds nothing, even where its bytes are zeros', async t => {
  const folder = await temporaryFolder(t, 'verify')
  const path = join(folder, 'zeros.bin')
  await writeFile(path, Buffer.alloc(300_000))
  const { metainfo } = await createTorrent(path)
  t.is((await verifyFiles(metainfo, () => undefined)).count, 0)
  t.is((await verifyFiles(metainfo, () => folder)).count, 0)
  t.true((await verifyFiles(metainfo, () => path)).isFull)
})

test('a single wrong bit costs its own piece only', async t => {
  const path = await writeSampleFile(join(await temporaryFolder(t, 'verify'), 'film.avi'), 6_000_000)
  const { metainfo } = await createTorrent(path, { pieceLength })
  await flip(path, 3 * pieceLength)
  await flip(path, 10 * pieceLength - 1)
  const have = await verifyFiles(metainfo, () => path)
  t.is(have.count, metainfo.pieceCount - 2)
  t.false(have.has(3))
  t.false(have.has(9))
})

test('a file that is only begun holds the pieces that are there, and one that goes on too long holds all', async t => {
  const path = await writeSampleFile(join(await temporaryFolder(t, 'verify'), 'film.avi'), 1_000_000)
  const { metainfo } = await createTorrent(path, { pieceLength })
  await writeFile(path, 'more', { flag: 'a' })
  t.true((await verifyFiles(metainfo, () => path)).isFull)
  await truncate(path, 5 * pieceLength + 1)
  const have = await verifyFiles(metainfo, () => path)
  t.is(have.count, 5)
  t.true(have.has(0) && have.has(4))
})

test('only the pieces asked for are looked at', async t => {
  const { metainfo, resolve } = await albumTorrent(t)
  const pieces = new Bitfield(metainfo.pieceCount)
  pieces.add(2)
  pieces.add(40)
  t.deepEqual((await verifyFiles(metainfo, resolve, { pieces })).bytes, pieces.bytes)
})

test('progress ends with everything, whatever is missing', async t => {
  const { folder, metainfo, resolve } = await albumTorrent(t)
  await rm(join(folder, 'album/cover.jpg'))
  const seen: HashProgress[] = []
  await verifyFiles(metainfo, resolve, { onProgress: progress => seen.push(progress) })
  t.true(seen.every(({ hashedBytes }, index) => hashedBytes >= (seen[index - 1]?.hashedBytes ?? 0)))
  t.is(seen.at(-1)!.hashedBytes, metainfo.sizeBytes)
  t.is(seen.at(-1)!.totalBytes, metainfo.sizeBytes)
})

test('verifying can be aborted', async t => {
  const { metainfo, resolve } = await albumTorrent(t)
  const reason = new Error('enough')
  await t.throwsAsync(verifyFiles(metainfo, resolve, { signal: AbortSignal.abort(reason) }), { is: reason })
})

test('a file without its piece layer is held as a whole, and its layer worked out, or not at all', async t => {
  const { folder, metainfo, resolve } = await albumTorrent(t, 'v2')
  const bare = { ...metainfo, pieceLayers: new Map() }
  const layers = new Map<Hex, Uint8Array>()
  const onLayer = (root: Hex, layer: Uint8Array) => layers.set(root, layer)
  t.true((await verifyFiles(bare, resolve, { onLayer })).isFull)
  t.deepEqual(layers, new Map(metainfo.pieceLayers))
  await flip(join(folder, 'album/day 2/exact.bin'), 1_000_000)
  layers.clear()
  const have = await verifyFiles(bare, resolve, { onLayer })
  t.deepEqual(have.bytes, without(metainfo, 'exact.bin').bytes)
  t.is(layers.size, metainfo.pieceLayers.size - 1)
})

test('a wrong bit of a v2 file costs its own piece only', async t => {
  const { folder, metainfo, resolve } = await albumTorrent(t, 'v2')
  await flip(join(folder, 'album/day 2/exact.bin'), 1_000_000)
  await flip(join(folder, 'album/cover.jpg'), 7)
  const have = await verifyFiles(metainfo, resolve)
  t.is(have.count, metainfo.pieceCount - 2)
})
