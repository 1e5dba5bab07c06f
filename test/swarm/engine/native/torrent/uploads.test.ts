import test from 'ava'
import { Bitfield } from '../../../../../src/core/index.ts'
import { TokenBucket } from '../../../../../src/swarm/engine/native/rate/token-bucket.ts'
import { BlockReader } from '../../../../../src/swarm/engine/native/storage/block-reader.ts'
import { FramePool } from '../../../../../src/swarm/engine/native/storage/frame-pool.ts'
import { RunCopies } from '../../../../../src/swarm/engine/native/storage/run-copies.ts'
import { Uploads } from '../../../../../src/swarm/engine/native/torrent/uploads.ts'
import { messageId } from '../../../../../src/swarm/engine/native/wire/message.ts'
import { makeTorrent } from '../../../../kit/made-torrent.ts'
import { MemoryStore } from '../../../../kit/memory-store.ts'
import { sampleBytes } from '../../../../kit/sample-files.ts'
import { StubPeer, type StubPeerInit } from '../../../../kit/stub-peer.ts'
import { waitUntil } from '../../../../kit/wait-until.ts'

const blockLength = 16_384

class FaultyStore extends MemoryStore {
  isGone = false

  override async readInto(offset: number, parts: readonly Uint8Array[]): Promise<void> {
    if (this.isGone) throw new Error('gone')
    return super.readInto(offset, parts)
  }
}

function start(rateBytesPerSecond?: number) {
  const pieceLength = 4 * blockLength
  const content = sampleBytes(8 * pieceLength + 100, 'uploads')
  const metainfo = makeTorrent('clip.avi', content, pieceLength)
  const have = Bitfield.full(metainfo.pieceCount)
  const store = new FaultyStore(content)
  const turns: StubPeer[] = []
  const stubs: StubPeer[] = []
  const world = { content, have, store, turns, uploadedBytes: 0, unreadable: [] as number[] }
  const pool = new FramePool()
  const uploads = new Uploads({
    metainfo,
    have,
    reader: new BlockReader(metainfo, store, have, pool),
    copies: new RunCopies(),
    buckets: [new TokenBucket(rateBytesPerSecond)],
    waitForTurn: peer => turns.push(stubs.find(stub => stub.peer === peer)!),
    onUploaded: bytes => {
      world.uploadedBytes += bytes
    },
    onUnreadable: piece => world.unreadable.push(piece),
  })
  const join = (init: StubPeerInit = {}) => {
    const stub = new StubPeer({ id: stubs.length + 1, ...init })
    stub.peer.isChoked = false
    stubs.push(stub)
    return stub
  }
  const ask = (stub: StubPeer, piece: number, block: number, length = blockLength) =>
    uploads.request(stub.peer, piece, block * blockLength, length)
  return { ...world, world, uploads, pool, join, ask }
}

/** `7:2/1` for the second block of piece 2, `16:2/1` for its reject. */
const answers = (stub: StubPeer) =>
  stub.said().map(({ id, numbers: [piece, begin] }) => `${id}:${piece}/${begin! / blockLength}`)

/** Waits for so many answers, flushing the connection all the time. */
async function answered(stub: StubPeer, count: number) {
  const heard: ReturnType<StubPeer['said']> = []
  await waitUntil(`${count} answers`, () => {
    stub.flush()
    heard.push(...stub.said())
    return heard.length >= count
  })
  return heard
}

test('blocks are answered in the order asked, with the bytes of the content', async t => {
  const { join, ask, content, world } = start()
  const stub = join()
  const wanted = [
    [5, 0],
    [5, 1],
    [5, 3],
    [0, 2],
  ] as const
  for (const [piece, block] of wanted) t.true(ask(stub, piece, block))
  t.true(ask(stub, 8, 0, 100))
  const heard = await answered(stub, 5)
  t.deepEqual(
    heard.map(({ id, numbers }) => [id, numbers[0], numbers[1]! / blockLength]),
    [...wanted, [8, 0]].map(([piece, block]) => [messageId.piece, piece, block]),
  )
  for (const { numbers, body } of heard) {
    const at = numbers[0]! * 4 * blockLength + numbers[1]!
    t.true(body.subarray(8).equals(content.subarray(at, at + body.length - 8)))
  }
  t.is(heard.at(-1)!.body.length, 108)
  t.is(world.uploadedBytes, 4 * (13 + blockLength) + 113)
  t.is(stub.peer.up.total, world.uploadedBytes)
})

test('nonsense is told apart, and never answered', t => {
  const { join, uploads } = start()
  const { peer } = join()
  for (const [piece, begin, length] of [
    [9, 0, blockLength],
    [0xffffffff, 0, 1],
    [0, 0, 0],
    [0, 0, blockLength + 1],
    [0, 4 * blockLength, 1],
    [0, 0xffffffff, 1],
    [8, 90, 11],
  ] as const)
    t.false(uploads.request(peer, piece, begin, length), `${piece} ${begin} ${length}`)
})

test('what a choked peer asks for, what is not held and what is too much is rejected', t => {
  const { join, ask, have } = start()
  const choked = join()
  choked.peer.isChoked = true
  t.true(ask(choked, 0, 0))
  t.deepEqual(answers(choked), ['16:0/0'])
  const stub = join()
  have.delete(3)
  t.true(ask(stub, 3, 1))
  t.deepEqual(answers(stub), ['16:3/1'])
  stub.waitingBytes = 10_000_000
  for (let count = 0; count < 2_000; count++) ask(stub, 0, 0)
  t.deepEqual(answers(stub), [])
  ask(stub, 0, 1)
  t.deepEqual(answers(stub), ['16:0/1'])
  const silent = join({ hasFast: false })
  silent.peer.isChoked = true
  ask(silent, 0, 0)
  t.deepEqual(answers(silent), [], 'it would not understand')
})

test('a connection that does not drain is given no more than it may hold, and goes on once it does', async t => {
  const { join, ask } = start()
  const stub = join()
  stub.waitingBytes = 64 * 1024
  for (let block = 0; block < 4; block++) ask(stub, 1, block)
  await new Promise(resolve => setImmediate(resolve))
  t.deepEqual(answers(stub), [])
  stub.waitingBytes = 0
  // As its own flush would.
  ask(stub, 2, 0)
  t.is((await answered(stub, 5)).length, 5)
})

test('bytes that are no block of the piece are answered too', async t => {
  const { join, uploads, content } = start()
  const stub = join()
  t.true(uploads.request(stub.peer, 1, 5, 1_000))
  const [answer] = await answered(stub, 1)
  t.deepEqual(answer!.numbers.slice(0, 2), [1, 5])
  t.true(answer!.body.subarray(8).equals(content.subarray(4 * blockLength + 5, 4 * blockLength + 1_005)))
})

test('a piece that cannot be read is rejected and told of, and others are answered', async t => {
  const { join, ask, store, unreadable } = start()
  const stub = join()
  store.isGone = true
  for (const block of [0, 1]) ask(stub, 2, block)
  await waitUntil('it is told of', () => unreadable.length > 0)
  t.deepEqual(answers(stub), ['16:2/0', '16:2/1'])
  t.deepEqual(unreadable, [2])
  store.isGone = false
  ask(stub, 3, 0)
  t.is((await answered(stub, 1))[0]!.id, messageId.piece)
})

test('a piece that is held no more when its turn comes is rejected', async t => {
  const { join, ask, have } = start()
  const stub = join()
  stub.waitingBytes = 10_000_000
  ask(stub, 2, 0)
  ask(stub, 3, 0)
  have.delete(2)
  stub.waitingBytes = 0
  ask(stub, 3, 1)
  const heard = await answered(stub, 3)
  t.deepEqual(heard.map(({ id, numbers }) => `${id}:${numbers[0]}`).toSorted(), ['16:2', '7:3', '7:3'])
})

test('with a limit everything waits for its turn, and what was sent least goes first', async t => {
  const { join, ask, turns, uploads } = start(10_000_000)
  const [one, other] = [join(), join()]
  t.true(uploads.isLimited)
  for (const block of [0, 1]) ask(one, 6, block)
  await waitUntil('it waits for its turn', () => turns.includes(one))
  t.deepEqual(answers(one), [])
  const send = async (stub: StubPeer) => {
    uploads.takeTurn(stub.peer)
    await waitUntil('it is sent to', () => stub.writes > 0)
    return answers(stub)
  }
  t.deepEqual(await send(one), ['7:6/0', '7:6/1'])
  ask(other, 6, 0)
  t.false(uploads.hasFresh(other.peer))
  ask(other, 4, 0)
  t.true(uploads.hasFresh(other.peer))
  t.deepEqual(await send(other), ['7:4/0'])
  t.deepEqual(await send(other), ['7:6/0'])
})

test('a turn is four blocks at most', async t => {
  const { join, ask, uploads } = start(100_000_000)
  const stub = join()
  for (const piece of [1, 2]) for (let block = 0; block < 4; block++) ask(stub, piece, block)
  uploads.takeTurn(stub.peer)
  await waitUntil('it is read', () => {
    if (stub.writes === 0) uploads.takeTurn(stub.peer)
    return stub.writes > 0
  })
  t.deepEqual(answers(stub), ['7:1/0', '7:1/1', '7:1/2', '7:1/3'])
  t.is(stub.peer.uploads.size, 4)
})

test('what is asked for in one turn of the loop is answered in one write', async t => {
  const { join, ask } = start()
  const stub = join()
  ask(stub, 1, 0)
  t.is((await answered(stub, 1)).length, 1)
  for (let block = 0; block < 4; block++) ask(stub, 1, block)
  await waitUntil('it is answered', () => stub.writes > 0)
  t.is(stub.writes, 1)
  t.is(stub.said().length, 4)
})

test('with a limit a peer gets what was read for its turn, though others push it out of memory at once', async t => {
  const { join, ask, pool, turns, uploads, world } = start(100_000_000)
  // All frames but one are in use elsewhere, so that each read takes the place of the one before.
  for (let count = 1; count < 32; count++) pool.take(() => {})
  const stubs = [0, 2, 4, 6].map(piece => {
    const stub = join()
    ask(stub, piece, 0)
    return stub
  })
  await waitUntil('all wait for their turn', () => turns.length === 4)
  for (const { peer } of stubs) uploads.takeTurn(peer)
  await waitUntil('all are sent to', () => stubs.every(stub => stub.writes > 0), {
    state: () => stubs.map(stub => stub.writes),
  })
  t.is(world.uploadedBytes, 4 * (13 + blockLength))
})
