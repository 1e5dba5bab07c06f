import test from 'ava'
import fc from 'fast-check'
import { looksLikePlainHandshake } from '../../../../../src/swarm/engine/native/encryption/plain-handshake.ts'

const greeting = Buffer.from('\x13BitTorrent protocol', 'latin1')

test('a plain handshake is known by its first 20 bytes, and not before', t => {
  for (let length = 0; length < 20; length++)
    t.is(looksLikePlainHandshake(greeting.subarray(0, length)), undefined)
  t.is(looksLikePlainHandshake(greeting), true)
  t.is(looksLikePlainHandshake(Buffer.concat([greeting, Buffer.alloc(48)])), true)
})

test('one byte that differs makes it something else at once', t => {
  fc.assert(
    fc.property(fc.nat(19), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const bytes = Buffer.from(greeting)
      bytes[at]! ^= change
      t.is(looksLikePlainHandshake(bytes.subarray(0, at + 1)), false)
      t.is(looksLikePlainHandshake(bytes), false)
    }),
  )
})
