import test from 'ava'
import fc from 'fast-check'
import {
  handshakeLength,
  readHandshake,
  writeHandshake,
} from '../../../../../src/swarm/engine/native/wire/handshake.ts'

const twentyBytes = fc.uint8Array({ minLength: 20, maxLength: 20 })
const handshakes = fc.record({
  infoHash: twentyBytes,
  peerId: twentyBytes,
  hasFast: fc.boolean(),
  hasExtensions: fc.boolean(),
  hasV2: fc.boolean(),
})

test('what is written is read back, whatever follows it', t => {
  fc.assert(
    fc.property(handshakes, fc.uint8Array({ maxLength: 40 }), (handshake, behind) => {
      const bytes = writeHandshake(handshake)
      t.is(bytes.length, handshakeLength)
      t.deepEqual(readHandshake(Buffer.concat([bytes, behind])), handshake)
    }),
  )
})

test('each capability has the bit that its BEP gives it', t => {
  const none = { infoHash: new Uint8Array(20), peerId: new Uint8Array(20) }
  const reserved = (has: { hasFast?: boolean; hasExtensions?: boolean; hasV2?: boolean }) =>
    writeHandshake({ ...none, hasFast: false, hasExtensions: false, hasV2: false, ...has })
      .subarray(20, 28)
      .toString('hex')
  t.is(reserved({}), '0000000000000000')
  t.is(reserved({ hasFast: true }), '0000000000000004')
  t.is(reserved({ hasExtensions: true }), '0000000000100000')
  t.is(reserved({ hasV2: true }), '0000000000000010')
})

test('bits that we do not know change nothing', t => {
  const bytes = writeHandshake({
    infoHash: new Uint8Array(20).fill(1),
    peerId: new Uint8Array(20).fill(2),
    hasFast: true,
    hasExtensions: false,
    hasV2: false,
  })
  const known = readHandshake(bytes)
  for (const [at, bits] of [0xff, 0xff, 0xff, 0xff, 0xff, 0xef, 0xff, 0xeb].entries()) bytes[20 + at]! |= bits
  t.deepEqual(readHandshake(bytes), known)
})

test('too few bytes, or another protocol by any one byte, are no handshake', t => {
  const bytes = writeHandshake({
    infoHash: new Uint8Array(20),
    peerId: new Uint8Array(20),
    hasFast: true,
    hasExtensions: true,
    hasV2: true,
  })
  for (let length = 0; length < handshakeLength; length++)
    t.is(readHandshake(bytes.subarray(0, length)), undefined)
  for (let at = 0; at < 20; at++) {
    const other = Buffer.from(bytes)
    other[at]! ^= 0x20
    t.is(readHandshake(other), undefined, `byte ${at}`)
  }
})

test('what was read does not change with the memory that it was read from', t => {
  const bytes = writeHandshake({
    infoHash: new Uint8Array(20).fill(1),
    peerId: new Uint8Array(20).fill(2),
    hasFast: false,
    hasExtensions: false,
    hasV2: false,
  })
  const handshake = readHandshake(bytes)!
  bytes.fill(9)
  t.deepEqual([handshake.infoHash[0], handshake.peerId[0]], [1, 2])
})
