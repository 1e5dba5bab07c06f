import test from 'ava'
import fc from 'fast-check'
import { Bitfield, type Metainfo } from '../../../../../src/core/index.ts'
import { BlockReader, type Run } from '../../../../../src/swarm/engine/native/storage/block-reader.ts'
import { FramePool } from '../../../../../src/swarm/engine/native/storage/frame-pool.ts'
import { layeredTorrent } from '../../../../kit/layered-torrent.ts'
import { makeTorrent } from '../../../../kit/made-torrent.ts'
import { MemoryStore } from '../../../../kit/memory-store.ts'
import { sampleBytes } from '../../../../kit/sample-files.ts'

const blockLength = 16_384
const mebibyte = 1024 * 1024

class CountingStore extends MemoryStore {
  readonly reads: { offset: number; length: number }[] = []
  readError: Error | undefined

  override async readInto(offset: number, parts: readonly Uint8Array[]): Promise<void> {
    this.reads.push({ offset, length: parts.reduce((sum, part) => sum + part.length, 0) })
    if (this.readError) throw this.readError
    return super.readInto(offset, parts)
  }
}

function readerOf(metainfo: Metainfo, content: Uint8Array, have = Bitfield.full(metainfo.pieceCount)) {
  const store = new CountingStore(content)
  const pool = new FramePool()
  return { store, pool, metainfo, content, reader: new BlockReader(metainfo, store, have, pool) }
}

function madeReader(length: number, pieceLength: number, have?: Bitfield) {
  const content = sampleBytes(length, 'blocks')
  return readerOf(makeTorrent('clip.avi', content, pieceLength), content, have)
}

const load = (reader: BlockReader, piece: number, begin: number, most = 64) =>
  new Promise<void>((resolve, reject) =>
    reader.load(piece, begin, most, error => (error === undefined ? resolve() : reject(error))),
  )

async function run(reader: BlockReader, piece: number, begin: number, most: number): Promise<Run> {
  const found = reader.take(piece, begin, most)
  if (found) return found
  await load(reader, piece, begin)
  return reader.take(piece, begin, most)!
}

/** What a run has to be on the wire, written down a second time. */
function expected(
  content: Uint8Array,
  pieceLength: number,
  size: number,
  piece: number,
  begin: number,
  blocks: number,
) {
  const parts: Buffer[] = []
  for (let block = 0; block < blocks; block++) {
    const at = begin + block * blockLength
    const length = Math.min(blockLength, size - at)
    const header = Buffer.alloc(13)
    header.writeUInt32BE(9 + length, 0)
    header[4] = 7
    header.writeUInt32BE(piece, 5)
    header.writeUInt32BE(at, 9)
    const from = piece * pieceLength + at
    parts.push(header, Buffer.from(content.subarray(from, from + length)))
  }
  return Buffer.concat(parts)
}

test('whatever block is asked for, a run is its bytes as they go over the wire', async t => {
  const cases = fc.record({
    // Less than a block, those that fill a megabyte evenly, those that do not, and longer ones.
    pieceLength: fc.constantFrom(
      10_000,
      blockLength,
      32_768,
      49_152,
      40_000,
      mebibyte,
      2 * mebibyte,
      1_500_000,
    ),
    length: fc.integer({ min: 1, max: 3 * mebibyte }),
    asks: fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        most: fc.integer({ min: 1, max: 64 }),
      }),
      {
        minLength: 1,
        maxLength: 10,
      },
    ),
  })
  await fc.assert(
    fc.asyncProperty(cases, async ({ pieceLength, length, asks }) => {
      const { reader, content, metainfo } = madeReader(length, pieceLength)
      for (const { at, most } of asks) {
        const offset = Math.floor(at * length)
        const piece = Math.floor(offset / pieceLength)
        const size = Math.min(pieceLength, length - piece * pieceLength)
        const begin = Math.floor((offset - piece * pieceLength) / blockLength) * blockLength
        const found = await run(reader, piece, begin, most)
        t.true(found.blocks >= 1 && found.blocks <= Math.min(most, Math.ceil((size - begin) / blockLength)))
        t.true(found.bytes.equals(expected(content, metainfo.pieceLength, size, piece, begin, found.blocks)))
        reader.release(found)
      }
    }),
    { numRuns: 40 },
  )
})

test('a megabyte is read at once, over small pieces, and serves all of them', async t => {
  const { reader, store } = madeReader(2 * mebibyte + 5, 32_768)
  for (let piece = 0; piece < 64; piece++) {
    const found = await run(reader, piece, 0, 64)
    t.is(found.blocks, 2, 'a run ends with its piece')
    reader.release(found)
  }
  reader.release(await run(reader, 64, 0, 64))
  t.deepEqual(store.reads, [
    { offset: 0, length: mebibyte },
    { offset: mebibyte, length: mebibyte },
    { offset: 2 * mebibyte, length: 5 },
  ])
})

test('what follows a block is read with it as far as it is held, and nothing twice', async t => {
  const have = new Bitfield(64)
  for (const piece of [3, 4, 5, 9]) have.add(piece)
  const { reader, store } = madeReader(mebibyte, blockLength, have)
  reader.release(await run(reader, 4, 0, 64))
  t.deepEqual(store.reads, [{ offset: 4 * blockLength, length: 2 * blockLength }])
  t.is(reader.take(3, 0, 1), undefined)
  t.is(reader.take(9, 0, 1), undefined)
  await load(reader, 3, 0)
  t.deepEqual(store.reads[1], { offset: 3 * blockLength, length: blockLength })
  // Held by now, and read up to what is there already.
  for (const piece of [0, 1, 2]) have.add(piece)
  const inUse = reader.take(3, 0, 1)!
  await load(reader, 0, 0)
  t.deepEqual(store.reads[2], { offset: 0, length: 3 * blockLength })
  t.true(inUse.bytes.equals(expected(store.content, blockLength, blockLength, 3, 0, 1)))
  for (const piece of [0, 1, 2, 3, 4, 5]) t.truthy(reader.take(piece, 0, 1))
})

test('no more is read than was asked for', async t => {
  const { reader, store } = madeReader(2 * mebibyte, mebibyte)
  await load(reader, 1, 2 * blockLength, 4)
  t.deepEqual(store.reads, [{ offset: mebibyte + 2 * blockLength, length: 4 * blockLength }])
  t.is(reader.take(1, 2 * blockLength, 64)!.blocks, 4, 'a run ends where nothing was read')
})

test('what is being read as the files change is not taken for what they are now', async t => {
  const { reader, store } = madeReader(mebibyte, 65_536)
  const loading = load(reader, 0, 0)
  reader.clear()
  await loading
  t.is(reader.take(0, 0, 1), undefined)
  await load(reader, 0, 0)
  t.is(store.reads.length, 2)
})

test('of a v2 torrent, each piece is read by itself up to the end of its file', async t => {
  const whole = layeredTorrent([3, 2])
  const files = whole.files.map((file, index) =>
    index === 0 ? { ...file, sizeBytes: file.sizeBytes - 1_000 } : file,
  )
  const metainfo: Metainfo = { ...whole, files }
  const content = sampleBytes(metainfo.contentLength, 'v2')
  const { reader, store } = readerOf(metainfo, content)
  t.true(reader.isBlock(2, 0, blockLength - 1_000))
  t.false(reader.isBlock(2, 0, blockLength))
  const last = await run(reader, 2, 0, 64)
  t.true(last.bytes.equals(expected(content, blockLength, blockLength - 1_000, 2, 0, 1)))
  t.deepEqual(store.reads, [{ offset: 2 * blockLength, length: blockLength - 1_000 }])
})

test('who asks while it is read waits for the same read', async t => {
  const { reader, store } = madeReader(mebibyte, 65_536)
  await Promise.all([load(reader, 0, 0), load(reader, 3, blockLength), load(reader, 15, 0)])
  t.is(store.reads.length, 1)
})

test('what cannot be read is told to all who wait, and read anew when it is asked for again', async t => {
  const { reader, store, pool } = madeReader(mebibyte, 65_536)
  store.readError = new Error('gone')
  const failures = await Promise.allSettled([load(reader, 0, 0), load(reader, 1, 0)])
  t.deepEqual(
    failures.map(({ status }) => status),
    ['rejected', 'rejected'],
  )
  t.is(reader.take(0, 0, 1), undefined)
  store.readError = undefined
  reader.release(await run(reader, 0, 0, 1))
  t.is(store.reads.length, 2)
  for (let count = 0; count < 32; count++)
    t.truthy(
      pool.take(() => {}),
      'no frames are lost',
    )
})

test('while all frames are in use nothing is read, and who waits may try again when some are free', async t => {
  const { reader, store, pool } = madeReader(mebibyte, 65_536)
  const taken = Array.from({ length: 32 }, () => pool.take(() => {})!)
  const waiting = load(reader, 0, 0)
  t.is(store.reads.length, 0)
  pool.release(taken[5]!)
  await waiting
  t.is(reader.take(0, 0, 1), undefined)
  await load(reader, 0, 0)
  t.truthy(reader.take(0, 0, 1))
})

test('what was read is forgotten once others need the frames, and when the files have changed', async t => {
  const { reader, pool } = madeReader(mebibyte, 65_536)
  await load(reader, 0, 0)
  for (let count = 0; count < 32; count++) pool.take(() => {})
  t.is(reader.take(0, 0, 1), undefined)
  const other = madeReader(mebibyte, 65_536)
  await load(other.reader, 0, 0)
  other.reader.clear()
  t.is(other.reader.take(0, 0, 1), undefined)
})

test('any bytes of a piece are read by themselves, with zeros beyond its end', async t => {
  const { reader, content } = madeReader(100_000, 65_536)
  const into = Buffer.alloc(50, 0xee)
  await reader.readLoose(1, 34_464 - 20, into)
  t.true(into.subarray(0, 20).equals(content.subarray(99_980)))
  t.true(into.subarray(20).every(byte => byte === 0))
  await reader.readLoose(1, 60_000, into)
  t.true(into.every(byte => byte === 0))
})

test('a block is 16 KiB at a multiple of it, or what is left at the end of its piece', t => {
  const { reader } = madeReader(100_000, 65_536)
  t.true(reader.isBlock(0, 49_152, blockLength))
  t.true(reader.isBlock(1, 32_768, 34_464 - 32_768))
  t.false(reader.isBlock(1, 32_768, blockLength))
  t.false(reader.isBlock(0, 1, blockLength))
  t.false(reader.isBlock(0, 0, blockLength - 1))
})

test('of more torrents than there are frames each takes what was read for it before others push it out', async t => {
  const content = sampleBytes(mebibyte, 'blocks')
  const metainfo = makeTorrent('clip.avi', content, mebibyte)
  const pool = new FramePool()
  const have = Bitfield.full(metainfo.pieceCount)
  const torrents = Array.from({ length: 50 }, () => {
    const store = new CountingStore(content)
    return { store, reader: new BlockReader(metainfo, store, have, pool) }
  })
  const served = torrents.map(
    ({ store, reader }) =>
      new Promise<void>((resolve, reject) => {
        const send = () => {
          const found = reader.take(0, 0, 4)
          if (found) {
            // Out of the door a little later, as over a connection.
            setImmediate(() => reader.release(found))
            return resolve()
          }
          if (store.reads.length > 5) return reject(new Error('it is read over and over'))
          reader.load(0, 0, 16, send)
        }
        send()
      }),
  )
  await t.notThrowsAsync(Promise.all(served))
  t.deepEqual(
    torrents.map(({ store }) => store.reads.length),
    torrents.map(() => 1),
  )
})
