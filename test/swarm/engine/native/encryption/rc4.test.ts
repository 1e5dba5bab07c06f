import test from 'ava'
import fc from 'fast-check'
import { Rc4 } from '../../../../../src/swarm/engine/native/encryption/rc4.ts'
import { TextbookRc4 } from '../../../../kit/mse-speaker.ts'

const keys = fc.uint8Array({ minLength: 1, maxLength: 256 })

function keystream(key: string, skipped: number): string {
  const cipher = new Rc4(Buffer.from(key, 'hex'))
  cipher.skip(skipped)
  const zeros = Buffer.alloc(16)
  cipher.apply(zeros)
  return zeros.toString('hex')
}

test('the keystream is that of RFC 6229', t => {
  t.is(keystream('0102030405', 0), 'b2396305f03dc027ccc3524a0a1118a8')
  t.is(keystream('0102030405', 1_024), '30abbcc7c20b01609f23ee2d5f6bb7df')
  t.is(keystream('0102030405060708090a0b0c0d0e0f10', 0), '9ac7cc9a609d1ef7b2932899cde41b97')
  t.is(keystream('0102030405060708090a0b0c0d0e0f10', 1_024), 'bdf0324e6083dcc6d3cedd3ca8c53c16')
})

test('a stream comes to the same however it is cut', t => {
  fc.assert(
    fc.property(keys, fc.array(fc.uint8Array({ maxLength: 300 })), fc.nat(3_000), (key, parts, skipped) => {
      const [ours, textbook] = [new Rc4(key), new TextbookRc4(key)]
      ours.skip(skipped)
      textbook.apply(new Uint8Array(skipped))
      const all = textbook.apply(Buffer.concat(parts))
      for (const part of parts) ours.apply(part)
      t.deepEqual(Buffer.concat(parts), all)
    }),
  )
})

for (const length of [65_535, 65_536, 65_537, 200_000])
  test(`${length} bytes at once are encrypted like byte after byte`, t => {
    const key = Buffer.from('a key of some length')
    const plain = Buffer.alloc(length, 'content')
    const [ours, textbook] = [new Rc4(key), new TextbookRc4(key)]
    const encrypted = Buffer.alloc(length)
    ours.apply(plain, encrypted)
    t.deepEqual(encrypted, textbook.apply(plain))
    const after = Buffer.from('after it')
    ours.apply(after)
    t.deepEqual(after, textbook.apply(Buffer.from('after it')))
  })

test('encrypting into another place leaves the source and what lies beyond as they were', t => {
  const plain = Buffer.from('plain text')
  const place = Buffer.alloc(20, 7)
  new Rc4(Buffer.of(1)).apply(plain, place)
  t.is(plain.toString(), 'plain text')
  t.deepEqual(place.subarray(10), Buffer.alloc(10, 7))
  t.notDeepEqual(place.subarray(0, 10), plain)
})

test('memory shared with other threads can be encrypted', t => {
  const shared = new Uint8Array(new SharedArrayBuffer(16))
  new Rc4(Buffer.of(1)).apply(shared)
  t.deepEqual(Buffer.from(shared), new TextbookRc4(Buffer.of(1)).apply(new Uint8Array(16)))
})

test('two streams do not disturb each other', t => {
  const alone = new Rc4(Buffer.of(1))
  const [one, other] = [new Rc4(Buffer.of(1)), new Rc4(Buffer.of(2))]
  const expected = Buffer.alloc(100)
  alone.apply(expected)
  const mixed = Buffer.alloc(100)
  for (let at = 0; at < 100; at += 10) {
    one.apply(mixed.subarray(at, at + 10))
    other.apply(Buffer.alloc(7))
  }
  t.deepEqual(mixed, expected)
})
