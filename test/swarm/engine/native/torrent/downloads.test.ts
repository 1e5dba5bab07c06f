import test from 'ava'
import { blockLength, messageId } from '../../../../../src/swarm/engine/native/wire/message.ts'
import { DownloadsLab } from '../../../../kit/stub-downloads.ts'
import type { StubPeer } from '../../../../kit/stub-peer.ts'

const all = (piece: number, blocks: number): [number, number][] =>
  Array.from({ length: blocks }, (_, block) => [piece, block])

/** What was said, as `6:2/1` for a request of the second block of piece 2. */
const heard = (stub: StubPeer) =>
  stub.said().map(({ id, numbers: [piece, begin] }) => `${id}:${piece}/${begin! / blockLength}`)

test('a peer is asked for piece after piece, as much as it takes, in one write', t => {
  const lab = new DownloadsLab({ pieceCount: 3, lastLength: blockLength + 5 })
  const stub = lab.join()
  lab.downloads.fill(stub.peer)
  t.is(stub.writes, 1)
  const said = stub.said()
  t.true(said.every(({ id }) => id === messageId.request))
  t.deepEqual(
    said.map(({ numbers }) => numbers),
    [0, 1, 2].flatMap(piece =>
      Array.from({ length: lab.blocksOf(piece) }, (_, block) => [
        piece,
        block * blockLength,
        piece === 2 && block === 1 ? 5 : blockLength,
      ]),
    ),
  )
  t.is(stub.peer.outstanding, said.length)
  lab.downloads.fill(stub.peer)
  t.is(stub.writes, 0, 'there is nothing more')
})

test('blocks go to their place, and the whole piece is told of once, with who sent it', t => {
  const lab = new DownloadsLab({ pieceCount: 1, lastLength: blockLength + 5 })
  const [one, other] = [lab.join(), lab.join()]
  one.peer.pipeline.setPeerLimit(1)
  lab.fill(one)
  lab.fill(other)
  lab.send(other, 0, 1)
  t.is(lab.complete.length, 0)
  lab.send(one, 0, 0)
  t.is(lab.complete.length, 1)
  const [download] = lab.complete
  const { bytes } = download!.buffer
  t.deepEqual([bytes[0], bytes[blockLength - 1], bytes[blockLength], bytes[blockLength + 4]], [1, 1, 2, 2])
  t.deepEqual(
    [...download!.senders],
    [
      [2, '10.0.0.2:6881'],
      [1, '10.0.0.1:6881'],
    ],
  )
  t.is(one.peer.outstanding + other.peer.outstanding, 0)
})

test('a peer that chokes us is asked for nothing but what it lets us have of pieces on their way', t => {
  const lab = new DownloadsLab()
  const choking = lab.join({ chokesUs: true })
  t.deepEqual(lab.fill(choking), [])
  choking.peer.allowedFast.add(1)
  t.deepEqual(lab.fill(choking), [], 'nobody began it')
  const other = lab.join({ pieces: [1] })
  other.peer.pipeline.setPeerLimit(1)
  lab.fill(other)
  t.deepEqual(lab.fill(choking), all(1, 4).slice(1))
})

test('more is asked for in batches: not for each block that comes', t => {
  const lab = new DownloadsLab({ pieceCount: 40 })
  const stub = lab.join()
  const first = lab.fill(stub)
  t.is(first.length, stub.peer.pipeline.target)
  let writes = 0
  for (const [piece, block] of first) {
    lab.send(stub, piece, block)
    lab.downloads.fill(stub.peer)
    writes += stub.writes
    stub.said()
  }
  t.true(writes >= 2 && writes <= 8, `${writes} writes for ${first.length} blocks`)
})

test('what nobody asked for is thrown away, counted, and at last ends the connection', t => {
  const lab = new DownloadsLab()
  const stub = lab.join()
  for (let count = 0; count < 64; count++) lab.send(stub, 0, 0)
  t.deepEqual(lab.faults, [])
  t.is(lab.wastedBytes, 64 * blockLength)
  lab.send(stub, 0, 0)
  t.is(lab.faults.length, 1)
  t.is(stub.peer.outstanding, 0)
})

test('a block of another length, at another place or of another piece than asked is thrown away', t => {
  const lab = new DownloadsLab({ lastLength: blockLength + 5 })
  const stub = lab.join()
  lab.fill(stub)
  for (const [piece, begin, length] of [
    [0, 0, blockLength - 1],
    [0, 1, blockLength],
    [0, 4 * blockLength, blockLength],
    [3, blockLength, 6],
    [4, 0, blockLength],
    [0xffffffff, 0xffffffff, 1],
  ] as const)
    t.is(lab.downloads.blockStart(stub.peer, piece, begin, length), undefined, `${piece} ${begin} ${length}`)
})

test('the same block twice is taken once', t => {
  const lab = new DownloadsLab({ pieceCount: 1 })
  const stub = lab.join()
  lab.fill(stub)
  lab.send(stub, 0, 0)
  lab.send(stub, 0, 0)
  t.is(lab.wastedBytes, blockLength)
  t.is(stub.peer.outstanding, 3)
  for (const block of [1, 2, 3]) lab.send(stub, 0, block)
  t.is(lab.complete.length, 1)
})

test('who lets us wait loses its blocks to another, and a late one is taken while the other has sent nothing', t => {
  const lab = new DownloadsLab({ pieceCount: 1 })
  const [slow, quick] = [lab.join(), lab.join()]
  lab.fill(slow)
  slow.peer.isSnubbed = true
  lab.downloads.release(slow.peer, true)
  t.deepEqual([slow.peer.outstanding, slow.peer.late], [0, 4])
  t.deepEqual(lab.fill(quick), all(0, 4))
  lab.send(slow, 0, 2)
  t.deepEqual(heard(quick), ['8:0/2'], 'it is not wanted of the quick one any more')
  t.deepEqual([slow.peer.outstanding, slow.peer.late], [0, 3])
  t.deepEqual([quick.peer.outstanding, quick.peer.late], [3, 1])
  t.is(lab.wastedBytes, 0)
  lab.send(quick, 0, 2)
  t.is(lab.wastedBytes, blockLength)
  t.deepEqual(lab.faults, [])
  for (const block of [0, 1, 3]) lab.send(quick, 0, block)
  t.deepEqual([...lab.complete[0]!.senders.keys()], [1, 2])
})

test('a choke gives up all but the block that is arriving', t => {
  const lab = new DownloadsLab({ pieceCount: 1 })
  const [stub, other] = [lab.join({ hasFast: false }), lab.join()]
  lab.fill(stub)
  const message = lab.blockOf(0, 0, 1)
  stub.receive(message.subarray(0, 5_000))
  stub.peer.chokesUs = true
  lab.downloads.release(stub.peer, false)
  t.deepEqual([stub.peer.outstanding, stub.peer.late], [1, 3])
  t.deepEqual(lab.fill(other), all(0, 4).slice(1))
  stub.receive(message.subarray(5_000))
  t.is(stub.peer.outstanding, 0)
  for (const block of [1, 2, 3]) lab.send(other, 0, block)
  t.is(lab.complete.length, 1)
})

test('a block whose first half came before its peer was given up does not get its second half', t => {
  const lab = new DownloadsLab({ pieceCount: 1, lastLength: blockLength })
  const [slow, quick] = [lab.join(), lab.join()]
  lab.fill(slow)
  const message = lab.blockOf(0, 0, 1)
  slow.receive(message.subarray(0, 5_000))
  lab.downloads.release(slow.peer, true)
  // With its last block the piece has gone: another one is begun, and all of it is asked of the quick one.
  t.deepEqual(lab.fill(quick), all(0, 1))
  lab.send(quick, 0, 0)
  slow.receive(message.subarray(5_000))
  t.true(lab.complete[0]!.buffer.bytes.subarray(0, blockLength).every(byte => byte === 2))
  t.deepEqual([slow.peer.outstanding, slow.peer.late], [0, 0])
})

test('a reject frees its block for others; one that was taken back is late, even where it was asked for again', t => {
  const lab = new DownloadsLab({ pieceCount: 1 })
  const [stub, other] = [lab.join(), lab.join()]
  lab.fill(stub)
  t.is(lab.downloads.reject(stub.peer, 0, 3 * blockLength), 'asked')
  t.is(stub.peer.outstanding, 3)
  t.deepEqual(lab.fill(other), [[0, 3]])
  lab.downloads.makeWay(stub.peer, () => false)
  t.deepEqual(heard(stub), ['8:0/0', '8:0/1', '8:0/2'])
  t.deepEqual(lab.fill(stub), all(0, 3))
  for (const block of [0, 1, 2]) t.is(lab.downloads.reject(stub.peer, 0, block * blockLength), 'late')
  t.deepEqual([stub.peer.outstanding, stub.peer.late], [3, 0])
  for (const block of [0, 1, 2]) t.is(lab.downloads.reject(stub.peer, 0, block * blockLength), 'asked')
  t.is(lab.downloads.reject(stub.peer, 0, 0), 'unasked')
  t.is(lab.downloads.reject(stub.peer, 9, 1), 'unasked')
})

test('a request that was taken back and answered by its block all the same takes no later reject for its own', t => {
  for (const isOfUse of [true, false]) {
    const lab = new DownloadsLab({ pieceCount: 1, lastLength: blockLength })
    const [stub, other] = [lab.join(), lab.join()]
    lab.fill(stub)
    lab.downloads.makeWay(stub.peer, () => false)
    lab.fill(other)
    if (!isOfUse) lab.send(other, 0, 0)
    lab.send(stub, 0, 0)
    t.is(lab.wastedBytes, isOfUse ? 0 : blockLength)
    t.is(stub.peer.late, 0)
    lab.downloads.retry(lab.complete[0]!, false)
    t.deepEqual(lab.fill(stub), all(0, 1))
    t.deepEqual([lab.downloads.reject(stub.peer, 0, 0), stub.peer.outstanding], ['asked', 0])
  }
})

test('a peer that rejects all it is asked for holds no memory', t => {
  const lab = new DownloadsLab({ pieceCount: 20, budgetBytes: 16 * 4 * blockLength })
  const [liar, honest] = [lab.join(), lab.join({ pieces: [19] })]
  for (let round = 0; round < 40; round++) {
    for (const [piece, block] of lab.fill(liar)) {
      lab.downloads.reject(liar.peer, piece, block * blockLength)
      lab.lose(liar, piece)
    }
  }
  t.is(lab.buffers.usedBytes, 0)
  t.deepEqual(lab.fill(honest), all(19, 4))
})

test('a peer that has ended takes no more blocks, though they came in the same read', t => {
  const lab = new DownloadsLab({ pieceCount: 1 })
  const [liar, honest] = [lab.join(), lab.join()]
  lab.fill(liar)
  lab.send(liar, 0, 3)
  // In this lab a have ends the connection, as a breach of the protocol does.
  const have = Buffer.from([0, 0, 0, 5, messageId.have, 0, 0, 0, 0])
  liar.receive(have, lab.blockOf(0, 0, 1).subarray(0, 100))
  t.truthy(liar.closedFor)
  t.deepEqual(lab.fill(honest), all(0, 3), 'no block waits for it')
})

test('blocks that a stuck peer was asked for are asked of another, who alone is waited for then', t => {
  const lab = new DownloadsLab({ pieceCount: 1 })
  const [stuck, other] = [lab.join(), lab.join()]
  lab.fill(stuck)
  stuck.peer.hasDelivered = true
  stuck.peer.down.add(1_000_000)
  t.deepEqual(lab.fill(other), [], 'it is quick')
  stuck.peer.lastBlockAtMs = performance.now() - 3_000
  other.peer.takesOverAgainAtMs = 0
  t.deepEqual(lab.fill(other).toReversed(), all(0, 4))
  t.deepEqual(heard(stuck).toReversed(), ['8:0/0', '8:0/1', '8:0/2', '8:0/3'])
  t.deepEqual([stuck.peer.outstanding, stuck.peer.late, other.peer.outstanding], [0, 4, 4])
})

test('news of a piece is an offer to take over what its owners will be long in sending', t => {
  const lab = new DownloadsLab({ pieceCount: 2 })
  const [stuck, other] = [lab.join(), lab.join({ pieces: [] })]
  lab.fill(stuck)
  stuck.peer.lastBlockAtMs = performance.now() - 3_000
  lab.downloads.offer(other.peer, 1)
  t.deepEqual(heard(other).toReversed(), ['6:1/0', '6:1/1', '6:1/2', '6:1/3'])
  t.is(stuck.peer.outstanding, 4)
})

test('what is not urgent makes way, and its memory with it', t => {
  const lab = new DownloadsLab({ pieceCount: 3 })
  const stub = lab.join()
  lab.fill(stub)
  lab.downloads.makeWay(stub.peer, piece => piece === 2)
  t.deepEqual(
    heard(stub),
    [...all(0, 4), ...all(1, 4)].map(([piece, block]) => `8:${piece}/${block}`),
  )
  t.deepEqual([stub.peer.outstanding, stub.peer.late], [4, 8])
  t.is(lab.buffers.usedBytes, 4 * blockLength)
  lab.picker.hurry(Symbol(), [1])
  t.deepEqual(lab.fill(stub), [...all(1, 4), ...all(0, 4)])
})

test('after a failure that nobody can be blamed for, one peer alone is asked', t => {
  const lab = new DownloadsLab({ pieceCount: 1 })
  const [one, other] = [lab.join(), lab.join()]
  one.peer.pipeline.setPeerLimit(2)
  lab.fill(one)
  lab.fill(other)
  for (const block of [0, 1]) lab.send(one, 0, block)
  for (const block of [2, 3]) lab.send(other, 0, block)
  lab.downloads.retry(lab.complete[0]!, true)
  t.deepEqual(lab.fill(one), all(0, 2))
  t.deepEqual(lab.fill(other), [], 'it waits for the first one')
  lab.send(one, 0, 0)
  lab.send(one, 0, 1)
  t.deepEqual(lab.fill(other), [])
  t.deepEqual(lab.fill(one), all(0, 4).slice(2))
})

const reasons: Record<string, (lab: DownloadsLab, stub: StubPeer) => void> = {
  leaves: (lab, { peer }) => lab.leave(peer),
  'lets us wait': (lab, { peer }) => lab.downloads.release(peer, true),
  'rejects it': (lab, stub) => {
    for (const block of [0, 1]) lab.downloads.reject(stub.peer, 0, block * blockLength)
    lab.lose(stub, 0)
  },
  'chokes us when it owes nothing': (lab, stub) => {
    for (const block of [0, 1]) lab.send(stub, 0, block)
    stub.peer.chokesUs = true
  },
  'has the piece no more': (lab, stub) => {
    for (const block of [0, 1]) lab.send(stub, 0, block)
    lab.lose(stub, 0)
  },
}
for (const [reason, happens] of Object.entries(reasons))
  test(`a piece that one peer alone was to send is asked of others where that one ${reason}`, t => {
    const lab = new DownloadsLab({ pieceCount: 1 })
    const [one, other] = [lab.join(), lab.join()]
    one.peer.pipeline.setPeerLimit(2)
    lab.fill(other)
    for (const block of [0, 1, 2, 3]) lab.send(other, 0, block)
    lab.downloads.retry(lab.complete[0]!, true)
    t.deepEqual(lab.fill(one), all(0, 2))
    t.deepEqual(lab.fill(other), [])
    happens(lab, one)
    t.true(lab.fill(other).length >= 2)
  })

test('a piece that is not wanted any more is given up, and bytes of it that still come harm nobody', t => {
  const lab = new DownloadsLab({ pieceCount: 2, budgetBytes: 0 })
  const stub = lab.join()
  lab.fill(stub)
  const message = lab.blockOf(0, 0, 1)
  stub.receive(message.subarray(0, 5_000))
  lab.downloads.drop(piece => piece !== 0)
  t.deepEqual([stub.peer.outstanding, stub.peer.late], [4, 4])
  lab.picker.setLevels(Uint8Array.of(4, 0))
  const memory = lab.buffers.take(4 * blockLength)!
  memory.bytes.fill(0)
  stub.receive(message.subarray(5_000))
  t.true(memory.bytes.every(byte => byte === 0))
  t.deepEqual([stub.peer.outstanding, stub.peer.late], [4, 3])
})

test('while there is no memory nothing new is begun, and room is told of once there is some', async t => {
  const lab = new DownloadsLab({ pieceCount: 6, budgetBytes: 0 })
  const stub = lab.join()
  t.deepEqual(new Set(lab.fill(stub).map(([piece]) => piece)).size, 4)
  t.is(lab.roomAgain, 0)
  for (const block of [0, 1, 2, 3]) lab.send(stub, 0, block)
  lab.downloads.finish(lab.complete[0]!)
  await Promise.resolve()
  t.is(lab.roomAgain, 1)
  lab.picker.done(0)
  stub.peer.lastBlockAtMs = 0
  t.deepEqual(lab.fill(stub), all(4, 4))
})

test('while it is held nothing is asked for, and what was asked for is still taken', t => {
  const lab = new DownloadsLab({ pieceCount: 2 })
  const stub = lab.join()
  stub.peer.pipeline.setPeerLimit(4)
  lab.fill(stub)
  lab.downloads.hold()
  for (const block of [0, 1, 2, 3]) lab.send(stub, 0, block)
  t.is(lab.complete.length, 1)
  t.deepEqual(lab.fill(stub), [])
  t.is(lab.downloads.claims.claim(-1), undefined)
  lab.downloads.go()
  t.deepEqual(lab.fill(stub), all(1, 4))
})

test('a piece that another source claims is not asked of peers until it is disclaimed', t => {
  const lab = new DownloadsLab({ pieceCount: 2 })
  const stub = lab.join()
  const first = lab.downloads.claims.claim(-7)!
  const other = lab.downloads.claims.claim(-7)!
  t.is(lab.downloads.claims.claim(-7), undefined)
  t.deepEqual(lab.fill(stub), [])
  lab.downloads.drop(() => false)
  lab.downloads.claims.disclaim(first)
  t.deepEqual(lab.fill(stub), all(first.piece, 4))
  lab.downloads.claims.deliver(other, -7, 'https://seed.example/')
  t.deepEqual(lab.complete, [other])
})

test('closing gives all memory back', t => {
  const lab = new DownloadsLab()
  const stub = lab.join()
  lab.fill(stub)
  lab.downloads.claims.claim(-1)
  lab.downloads.close()
  t.is(lab.buffers.usedBytes, 0)
  t.deepEqual(lab.fill(stub), [])
})
