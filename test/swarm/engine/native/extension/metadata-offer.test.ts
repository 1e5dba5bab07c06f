import test from 'ava'
import fc from 'fast-check'
import { encodeBencode } from '../../../../../src/core/index.ts'
import {
  type MetadataMessage,
  readMetadataMessage,
  writeMetadataData,
  writeMetadataReject,
  writeMetadataRequest,
} from '../../../../../src/swarm/engine/native/extension/metadata-message.ts'
import { MetadataOffer } from '../../../../../src/swarm/engine/native/extension/metadata-offer.ts'

const infoBytes = Buffer.alloc(40_000, 'info')

const kindOf = (payload: Uint8Array | undefined): MetadataMessage['kind'] | undefined =>
  payload && readMetadataMessage(payload)?.kind

function offerAt(ms: { now: number }, bytes: Uint8Array | undefined = infoBytes): MetadataOffer {
  return new MetadataOffer(
    () => bytes,
    () => ms.now,
  )
}

test('the blocks put together are the dictionary', t => {
  const offer = offerAt({ now: 0 })
  const blocks = [0, 1, 2].map(block => readMetadataMessage(offer.answer(1, writeMetadataRequest(block))!)!)
  t.true(Buffer.concat(blocks.map(({ bytes }) => bytes)).equals(infoBytes))
  t.deepEqual(
    blocks.map(({ totalBytes }) => totalBytes),
    [40_000, 40_000, 40_000],
  )
})

test('the messages have the bytes of BEP 9', t => {
  const text = (payload: Uint8Array) => Buffer.from(payload).toString()
  t.is(text(writeMetadataRequest(0)), 'd8:msg_typei0e5:piecei0ee')
  t.is(text(writeMetadataReject(7)), 'd8:msg_typei2e5:piecei7ee')
  t.is(text(writeMetadataData(0, Buffer.from('xx'))), 'd8:msg_typei1e5:piecei0e10:total_sizei2eexx')
})

test('a block beyond the end is rejected, and every one while the dictionary is not known', t => {
  t.is(kindOf(offerAt({ now: 0 }).answer(1, writeMetadataRequest(3))), 'reject')
  const offer = new MetadataOffer(() => undefined)
  t.is(kindOf(offer.answer(1, writeMetadataRequest(0))), 'reject')
})

test('a peer may have the whole at once, and from then on only a little', t => {
  const time = { now: 0 }
  const offer = offerAt(time)
  const ask = (peer: number) => kindOf(offer.answer(peer, writeMetadataRequest(0)))
  const answers = Array.from({ length: 500 }, () => ask(1))
  t.is(answers.filter(kind => kind === 'data').length, 67)
  t.is(answers.filter(kind => kind === 'reject').length, 64)
  t.is(answers.at(-1), undefined)
  t.is(ask(2), 'data')
  time.now = 1_000
  t.is(ask(1), 'data')
})

test('asking before the dictionary is known takes nothing of what may be had later', t => {
  const known: { bytes: Uint8Array | undefined } = { bytes: undefined }
  const big = Buffer.alloc(16_384 * 200)
  const offer = new MetadataOffer(() => known.bytes)
  for (let count = 0; count < 100; count++) offer.answer(1, writeMetadataRequest(0))
  known.bytes = big
  for (let block = 0; block < 200; block++) t.is(kindOf(offer.answer(1, writeMetadataRequest(block))), 'data')
})

test('many peers together get no more than 32 MiB at once', t => {
  const offer = offerAt({ now: 0 })
  let given = 0
  for (let peer = 0; peer < 100; peer++)
    for (let count = 0; count < 60; count++)
      if (kindOf(offer.answer(peer, writeMetadataRequest(0))) === 'data') given++
  t.is(given, 2_048)
})

test('whatever bytes come, an answer is one of BEP 9 or none', t => {
  const anyPayload = fc.oneof(
    fc.uint8Array({ maxLength: 100 }),
    fc
      .dictionary(
        fc.constantFrom('msg_type', 'piece', 'total_size'),
        fc.oneof(fc.integer({ min: -3, max: 1_000 }), fc.maxSafeInteger(), fc.string()),
      )
      .map(encodeBencode),
  )
  fc.assert(
    fc.property(anyPayload, payload => {
      const answer = offerAt({ now: 0 }).answer(1, payload)
      t.true([undefined, 'data', 'reject'].includes(kindOf(answer)))
      if (answer) t.not(kindOf(answer), undefined)
    }),
  )
})

test('data longer than a block is no message', t => {
  t.truthy(readMetadataMessage(writeMetadataData(0, Buffer.alloc(16_384))))
  t.is(
    readMetadataMessage(Buffer.concat([writeMetadataData(0, Buffer.alloc(16_384)), Buffer.alloc(1)])),
    undefined,
  )
})
