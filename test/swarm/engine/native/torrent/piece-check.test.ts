import { createHash } from 'node:crypto'
import test, { type ExecutionContext } from 'ava'
import { type P2pShareError, type PieceExpectation, SharedVerifier } from '../../../../../src/core/index.ts'
import { Suspects } from '../../../../../src/swarm/engine/native/picker/suspects.ts'
import { PieceBuffers } from '../../../../../src/swarm/engine/native/storage/piece-buffers.ts'
import { PieceCheck } from '../../../../../src/swarm/engine/native/torrent/piece-check.ts'
import { PieceDownload } from '../../../../../src/swarm/engine/native/torrent/piece-download.ts'
import { makeTorrent } from '../../../../kit/made-torrent.ts'
import { MemoryStore } from '../../../../kit/memory-store.ts'
import { sampleBytes } from '../../../../kit/sample-files.ts'

/** Two leaves of a file, and a third one that fills the piece up. */
const fileBytes = 2 * 16_384
const pieceBytes = 3 * 16_384
const truth = Buffer.concat([sampleBytes(fileBytes, 'truth'), Buffer.alloc(pieceBytes - fileBytes)])
const other = Buffer.concat([sampleBytes(fileBytes, 'other'), Buffer.alloc(pieceBytes - fileBytes)])

function sha1(bytes: Uint8Array): string {
  return createHash('sha1').update(bytes).digest('binary')
}

function node(bytes: Uint8Array): string {
  const leaf = (at: number) =>
    createHash('sha256')
      .update(bytes.subarray(at, at + 16_384))
      .digest()
  return createHash('sha256')
    .update(Buffer.concat([leaf(0), leaf(16_384)]))
    .digest('binary')
}

const metainfo = makeTorrent('clip.avi', truth, pieceBytes)

/** What comes of a piece that one peer sent. */
async function outcome(
  t: ExecutionContext,
  sent: Uint8Array,
  expected: Pick<PieceExpectation, 'sha1' | 'node'>,
): Promise<string[]> {
  const said: string[] = []
  const verifier = new SharedVerifier(error => t.fail(error.message))
  t.teardown(() => verifier.stop())
  const store = new MemoryStore(pieceBytes)
  const { promise: over, resolve } = Promise.withResolvers<void>()
  const end = (word: string) => {
    said.push(word)
    resolve()
  }
  const check = new PieceCheck({
    content: {
      ...{ metainfo, store },
      onVerified: (piece, bytes) => said.push(`shown ${piece} ${bytes.equals(sent)}, ${store.writes} writes`),
    },
    verifier,
    suspects: new Suspects(),
    expectationOf: () => ({ ...expected, leaves: 2, sizeBytes: fileBytes }),
    onHeld: () => end('held'),
    onFailed: (_, isCorrupt) => end(isCorrupt ? 'corrupt' : 'unknown'),
    onLiar: address => said.push(`${address} lied`),
    onContradiction: (error: P2pShareError) => end(`${error.code}: ${/has its .*/.exec(error.message)?.[0]}`),
    onStalled: () => {},
    onFlowing: () => {},
  })
  t.teardown(() => check.stop())
  const buffer = new PieceBuffers(() => {}).take(pieceBytes)!
  const download = new PieceDownload(0, pieceBytes, buffer)
  buffer.bytes.set(sent)
  download.senders.set(1, 'somebody')
  for (let block = 0; block < download.blocks; block++) {
    download.request(block, 1)
    download.receive(block)
  }
  check.check(download)
  await over
  return said
}

const hybrid = { sha1: sha1(truth), node: node(truth) }

test('a piece that meets both of its hashes is shown to whoever waits for it, and held', async t => {
  t.deepEqual(await outcome(t, truth, hybrid), ['shown 0 true, 1 writes', 'held'])
})

test('whoever sent a piece that meets neither of its hashes lied', async t => {
  t.deepEqual(await outcome(t, other, hybrid), ['corrupt', 'somebody lied'])
  t.deepEqual(await outcome(t, other, { ...hybrid, node: undefined }), ['corrupt', 'somebody lied'])
})

test('nobody lied where a piece meets one of its hashes: the torrent contradicts itself', async t => {
  const torn = { sha1: sha1(truth), node: node(other) }
  t.deepEqual(await outcome(t, truth, torn), ['ERR_INVALID_TORRENT: has its v1 hash and not its v2 hash'])
  t.deepEqual(await outcome(t, other, torn), ['ERR_INVALID_TORRENT: has its v2 hash and not its v1 hash'])
})

test('whoever lies in what fills a piece up, which its v2 hash leaves out, lied', async t => {
  const sent = Buffer.from(truth)
  sent[pieceBytes - 1] = 1
  t.deepEqual(await outcome(t, sent, hybrid), ['corrupt', 'somebody lied'])
})
