import test from 'ava'
import fc from 'fast-check'
import { Bitfield, createTorrent, P2pShareError } from '../../../src/core/index.ts'
import { FileStreams, maxReaders } from '../../../src/swarm/stream/file-streams.ts'
import { MemoryStore } from '../../kit/memory-store.ts'
import { sampleBytes } from '../../kit/sample-files.ts'

const pieceLength = 16_384

/** An album of three files whose pieces come as the test says. */
async function album() {
  const contents = [100_000, 70_000, 50_000].map((sizeBytes, index) => sampleBytes(sizeBytes, String(index)))
  const names = ['a.mp4', 'b.mp4', 'c.jpg']
  const named = contents.map((content, index) => ({ name: names[index]!, content }))
  const { metainfo } = await createTorrent(named, { name: 'album', pieceLength })
  const store = new MemoryStore(metainfo.contentLength)
  const have = new Bitfield(metainfo.pieceCount)
  const hurried = new Map<symbol, readonly number[]>()
  const selected: number[] = []
  const streams = new FileStreams()
  const begin = () =>
    streams.begin({
      ...{ metainfo, store, have },
      hurry: (reader, pieces) =>
        void (pieces.length > 0 ? hurried.set(reader, pieces) : hurried.delete(reader)),
      select: index => void selected.push(index),
    })
  const whole = Buffer.concat(contents)
  const receive = (piece: number) => {
    store.content.set(whole.subarray(piece * pieceLength, (piece + 1) * pieceLength), piece * pieceLength)
    have.add(piece)
    streams.onPiece(piece)
  }
  return { metainfo, contents, store, have, hurried, selected, streams, begin, receive }
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

test('whatever the order of pieces, a stream gives the bytes between start and end', async t => {
  const { metainfo } = await album()
  const order = fc.shuffledSubarray(
    Array.from({ length: metainfo.pieceCount }, (_, piece) => piece),
    { minLength: metainfo.pieceCount },
  )
  const property = fc.asyncProperty(
    order,
    fc.nat({ max: 2 }),
    fc.nat({ max: 110_000 }),
    fc.nat({ max: 110_000 }),
    async (pieces, index, start, end) => {
      const { contents, begin, streams, receive, hurried } = await album()
      begin()
      const reading = collect(streams.stream(index, { start, end }))
      for (const piece of pieces) {
        receive(piece)
        await new Promise(resolve => setImmediate(resolve))
      }
      t.true((await reading).equals(contents[index]!.subarray(start, Math.max(start, end))))
      t.is(hurried.size, 0)
      t.is(streams.count, 0)
    },
  )
  await fc.assert(property, { numRuns: 25 })
})

test('the piece at the position is hurried first, and a file that was not chosen is from now on', async t => {
  const { streams, begin, hurried, selected, metainfo } = await album()
  begin()
  const reader = await streams.open(1)
  t.deepEqual(selected, [1])
  const reading = reader.read(40_000, new Uint8Array(10))
  t.is([...hurried.values()][0]![0], Math.floor((metainfo.files[1]!.offset + 40_000) / pieceLength))
  reader.close()
  reader.close()
  t.is(hurried.size, 0)
  streams.end(new P2pShareError('ERR_STOPPED', 'over'))
  await t.throwsAsync(reading, { code: 'ERR_STOPPED' })
})

test('a reader waits for the content to be opened, and is told why it never is', async t => {
  const { streams, begin, receive, contents } = await album()
  const opening = streams.open(0)
  begin()
  receive(0)
  const into = new Uint8Array(100)
  t.is(await (await opening).read(5, into), 100)
  t.deepEqual([...into], [...contents[0]!.subarray(5, 105)])

  const other = await album()
  const waiting = other.streams.open(0)
  other.streams.end(new P2pShareError('ERR_NO_PEERS', 'nobody'))
  await t.throwsAsync(waiting, { code: 'ERR_NO_PEERS' })
  await t.throwsAsync(other.streams.open(0), { code: 'ERR_NO_PEERS' })
  streams.end(new P2pShareError('ERR_STOPPED', 'over'))
  await t.throwsAsync(streams.open(0), { code: 'ERR_STOPPED' })
})

test('aborting ends a read that waits, and gives its pieces back', async t => {
  const { streams, begin, hurried } = await album()
  begin()
  const controller = new AbortController()
  const reading = collect(streams.stream(0, { signal: controller.signal }))
  await new Promise(resolve => setImmediate(resolve))
  t.is(hurried.size, 1)
  controller.abort(new Error('enough'))
  await t.throwsAsync(reading, { message: 'enough' })
  t.is(hurried.size, 0)
  t.is(streams.count, 0)
})

test('a reader looks again when pieces were taken back and checked anew', async t => {
  const { streams, begin, receive, have } = await album()
  begin()
  const reader = await streams.open(0)
  const reading = reader.read(0, new Uint8Array(10))
  streams.refresh()
  have.add(0)
  streams.refresh()
  t.is(await reading, 10)
  receive(1)
  t.is(await reader.read(0, new Uint8Array(pieceLength * 5)), pieceLength * 2)
})

test('everybody who waits for a piece has it once it is verified, though the store has it later', async t => {
  const { streams, begin, contents, receive } = await album()
  begin()
  const whole = Buffer.concat(contents)
  const readers = await Promise.all([streams.open(0), streams.open(1), streams.open(0)])
  const piece = Math.floor(100_000 / pieceLength)
  // The end of a file, the beginning of the next one in the same piece, and a part of the first.
  const reads = [
    { reader: readers[0]!, from: piece * pieceLength, into: Buffer.alloc(pieceLength), of: 0 },
    { reader: readers[1]!, from: 0, into: Buffer.alloc(pieceLength), of: 1 },
    { reader: readers[2]!, from: 99_000, into: Buffer.alloc(7), of: 0 },
  ]
  const reading = reads.map(({ reader, from, into }) => reader.read(from, into))
  const bytes = Buffer.from(whole.subarray(piece * pieceLength, (piece + 1) * pieceLength))
  streams.onVerified(piece, bytes)
  bytes.fill(0)
  const lengths = await Promise.all(reading)
  t.deepEqual(lengths, [100_000 - piece * pieceLength, (piece + 1) * pieceLength - 100_000, 7])
  for (const [index, { from, into, of }] of reads.entries())
    t.true(into.subarray(0, lengths[index]).equals(contents[of]!.subarray(from, from + lengths[index]!)))
  const next = readers[0]!.read(99_000, Buffer.alloc(1))
  receive(piece)
  t.is(await next, 1)
})

test('nothing is written to the memory of a read that has ended', async t => {
  const { streams, begin } = await album()
  begin()
  const controller = new AbortController()
  const [aborted, closed] = [new Uint8Array(10), new Uint8Array(10)]
  const first = await streams.open(0, { signal: controller.signal })
  const second = await streams.open(0)
  const reads = [first.read(0, aborted), second.read(0, closed)]
  controller.abort(new Error('enough'))
  second.close()
  streams.onVerified(0, Buffer.alloc(pieceLength, 1))
  await t.throwsAsync(reads[0]!, { message: 'enough' })
  await t.throwsAsync(reads[1]!, { code: 'ERR_STOPPED' })
  streams.onVerified(0, Buffer.alloc(pieceLength, 1))
  t.deepEqual([...aborted, ...closed], Array(20).fill(0))
})

test('there is no file past the last one, and no reader past the most', async t => {
  const { streams, begin } = await album()
  begin()
  await t.throwsAsync(streams.open(3), { code: 'ERR_NO_SUCH_FILE' })
  await t.throwsAsync(streams.open(-1), { code: 'ERR_NO_SUCH_FILE' })
  const readers = await Promise.all(Array.from({ length: maxReaders }, () => streams.open(0)))
  await t.throwsAsync(streams.open(0), { code: 'ERR_RATE_LIMITED' })
  readers[0]!.close()
  await t.notThrowsAsync(streams.open(0))
})
