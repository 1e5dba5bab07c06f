import test from 'ava'
import type { Hex, Metainfo } from '../../../../../src/core/index.ts'
import { HashAnswers } from '../../../../../src/swarm/engine/native/hash-exchange/hash-answers.ts'
import {
  type HashRange,
  readHashes,
  readHashRange,
  writeHashRequest,
} from '../../../../../src/swarm/engine/native/hash-exchange/hash-message.ts'
import { messageId } from '../../../../../src/swarm/engine/native/wire/message.ts'
import { layeredTorrent } from '../../../../kit/layered-torrent.ts'
import { waitUntil } from '../../../../kit/wait-until.ts'

const answersOf = (metainfo: Metainfo) => new HashAnswers({ metainfo, pendingBytes: () => 0 })
const bodyOf = (message: Buffer) => message.subarray(5)

/** What is answered at once, and by which message. */
function ask(answers: HashAnswers, range: HashRange, peer = 1): { id: number; body: Buffer } {
  const sent: Buffer[] = []
  answers.answer(peer, bodyOf(writeHashRequest(range)), message => sent.push(message))
  return { id: sent[0]![4]!, body: bodyOf(sent[0]!) }
}

function rangeIn(metainfo: Metainfo, file: number, more: Partial<HashRange> = {}): HashRange {
  const root = [...metainfo.pieceLayers.keys()][file]!
  return { root, baseLayer: 2, index: 0, length: 2, proofLayers: 0, ...more }
}

const pieceLength = 65_536

test('rows within the padded layer are answered with hashes, one that was cut by its end as well', t => {
  const metainfo = layeredTorrent([5, 700], pieceLength)
  const answers = answersOf(metainfo)
  const good: Partial<HashRange>[] = [
    { length: 8, proofLayers: 2 },
    { index: 4, length: 2, proofLayers: 2 },
    { index: 6, length: 2, proofLayers: 0 },
    { index: 4, length: 1, proofLayers: 2 },
    { index: 4, length: 3, proofLayers: 2 },
  ]
  for (const more of good) {
    const range = rangeIn(metainfo, 0, more)
    const { id, body } = ask(answers, range)
    t.is(id, messageId.hashes)
    t.deepEqual(readHashes(body)!.range, range)
  }
})

test('a row that does not exist, of a file that is not known, or of another layer is rejected in its own words', t => {
  const metainfo = layeredTorrent([5, 700], pieceLength)
  const answers = answersOf(metainfo)
  const bad: Partial<HashRange>[] = [
    { index: 8 },
    { index: 6, length: 4 },
    { index: 1 },
    { length: 0 },
    { length: 16 },
    { length: 8, proofLayers: 3 },
    { baseLayer: 0 },
    { baseLayer: 3 },
    { baseLayer: 0xffffffff },
    { index: 0xfffffffe },
    { length: 0xffffffff, proofLayers: 0xffffffff },
    { root: 'ab'.repeat(32) },
  ]
  for (const more of bad) {
    const range = rangeIn(metainfo, 0, more)
    const { id, body } = ask(answers, range)
    t.is(id, messageId.hashReject)
    t.deepEqual(readHashRange(body), range)
  }
  t.is(ask(answers, rangeIn(metainfo, 1, { length: 513 })).id, messageId.hashReject)
})

test('bytes that are no hash request are a breach', t => {
  const answers = answersOf(layeredTorrent([5]))
  t.false(answers.answer(1, Buffer.alloc(47), () => t.fail()))
  t.false(answers.answer(1, Buffer.alloc(49), () => t.fail()))
})

test('a layer is given from when it was added', t => {
  const metainfo = layeredTorrent([5], pieceLength)
  const answers = answersOf({ ...metainfo, pieceLayers: new Map<Hex, Uint8Array>() })
  const range = rangeIn(metainfo, 0)
  t.is(ask(answers, range).id, messageId.hashReject)
  answers.addLayer(range.root, metainfo.pieceLayers.get(range.root)!)
  t.is(ask(answers, range).id, messageId.hashes)
})

test('a peer that asks too often is refused, for as long as it does, and others are not', t => {
  const metainfo = layeredTorrent([5], pieceLength)
  let nowMs = 0
  const answers = new HashAnswers({ metainfo, pendingBytes: () => 0, now: () => nowMs })
  const range = rangeIn(metainfo, 0)
  for (let count = 0; count < 1024; count++) t.is(ask(answers, range).id, messageId.hashes)
  t.is(ask(answers, range).id, messageId.hashReject)
  t.is(ask(answers, range, 2).id, messageId.hashes)
  nowMs += 1000
  for (let count = 0; count < 64; count++) t.is(ask(answers, range).id, messageId.hashes)
  t.is(ask(answers, range).id, messageId.hashReject)
})

test('requests to a long layer wait for it in bounded number, and not for a peer that left', async t => {
  const metainfo = layeredTorrent([200_000], pieceLength)
  const answers = answersOf(metainfo)
  const body = bodyOf(writeHashRequest(rangeIn(metainfo, 0, { length: 512, proofLayers: 17 })))
  const ids: number[] = []
  answers.answer(7, body, () => t.fail())
  for (let count = 0; count < 300; count++) answers.answer(1, body, message => ids.push(message[4]!))
  t.is(ids.length, 45)
  t.true(ids.every(id => id === messageId.hashReject))
  answers.removePeer(7)
  await waitUntil('all are answered', () => ids.length === 300)
  t.is(ids.filter(id => id === messageId.hashes).length, 255)
})

test('a peer that takes nothing in is given nothing more, not even a reject', t => {
  const metainfo = layeredTorrent([5], pieceLength)
  let pending = 5_000_000
  const answers = new HashAnswers({ metainfo, pendingBytes: peer => (peer === 1 ? pending : 0) })
  const range = rangeIn(metainfo, 0)
  t.true(answers.answer(1, bodyOf(writeHashRequest(range)), () => t.fail('something was sent')))
  t.is(ask(answers, range, 2).id, messageId.hashes)
  pending = 0
  t.is(ask(answers, range).id, messageId.hashes)
})
