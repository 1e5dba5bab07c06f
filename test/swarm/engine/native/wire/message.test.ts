import test from 'ava'
import fc from 'fast-check'
import {
  blockHeaderLength,
  messageId,
  requestLength,
  writeBare,
  writeBlockHeader,
  writeBlockReference,
  writeIndex,
  writeKeepAlive,
  writeMessage,
} from '../../../../../src/swarm/engine/native/wire/message.ts'

const uint32 = fc.nat(0xffffffff)
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

test('messages have the bytes that BEP 3, 6 and 10 give them', t => {
  t.is(hex(writeKeepAlive()), '00000000')
  t.is(hex(writeBare(messageId.interested)), '0000000102')
  t.is(hex(writeBare(messageId.haveAll)), '000000010e')
  t.is(hex(writeIndex(messageId.have, 0x01020304)), '000000050401020304')
  t.is(hex(writeMessage(messageId.bitfield, Uint8Array.of(0xf0, 0x80))), '0000000305f080')
  t.is(hex(writeMessage(messageId.extended, Uint8Array.of(3), Buffer.from('de'))), '0000000414036465')
  const request = Buffer.alloc(requestLength)
  t.is(writeBlockReference(request, 0, messageId.request, 1, 0x4000, 0x4000), requestLength)
  t.is(hex(request), '0000000d06000000010000400000004000')
  const header = Buffer.alloc(blockHeaderLength)
  writeBlockHeader(header, 0, 1, 0x4000, 3)
  t.is(hex(header), '0000000c070000000100004000')
})

test('the length in front of a message is that of what follows', t => {
  const parts = fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 5 })
  fc.assert(
    fc.property(fc.nat(255), parts, (id, bodies) => {
      const bytes = writeMessage(id, ...bodies)
      t.is(bytes.readUInt32BE(0), bytes.length - 4)
      t.is(bytes[4], id)
      t.deepEqual(bytes.subarray(5), Buffer.concat(bodies))
    }),
  )
})

test('references to blocks are written one behind the other, and touch nothing around them', t => {
  const references = fc.array(fc.tuple(uint32, uint32, uint32), { maxLength: 8 })
  fc.assert(
    fc.property(references, fc.nat(20), (blocks, before) => {
      const into = Buffer.alloc(before + blocks.length * requestLength + 4, 0xee)
      let at = before
      for (const [piece, begin, length] of blocks)
        at = writeBlockReference(into, at, messageId.cancel, piece, begin, length)
      t.is(at, before + blocks.length * requestLength)
      t.true(into.subarray(0, before).every(byte => byte === 0xee))
      t.true(into.subarray(at).every(byte => byte === 0xee))
      for (const [index, block] of blocks.entries()) {
        const start = before + index * requestLength
        t.deepEqual(
          [5, 9, 13].map(offset => into.readUInt32BE(start + offset)),
          block,
        )
      }
    }),
  )
})
