import test from 'ava'
import fc from 'fast-check'
import { decodeBencode, encodeBencode, generateIdentity, identityFromSeed } from '../../../src/core/index.ts'
import { signedBytes } from '../../../src/swarm/discovery/dht-item.ts'
import { isPointerExpired, type RawPointer, readPointer, signPointer } from '../../../src/swarm/index.ts'
import { runs } from '../../kit/runs.ts'

const infoHash = 'c12fe1c06bba254a9dc9f519b335aa7c1367a88a'
const identity = identityFromSeed(new Uint8Array(32).fill(7))
const { publicKey } = identity

/** A value as somebody else may sign it. */
function signedValue(value: Uint8Array, { seq = 1, salt = '' } = {}): RawPointer {
  const signature = identity.sign(signedBytes({ salt: Buffer.from(salt), seq, value }))
  return { publicKey, salt, seq, value, signature }
}

test('The value is what BEP 46 has, with the expiry as a further key', t => {
  const expiresAt = new Date('2030-01-02T03:04:05.678Z')
  const plain = signPointer({ infoHash, seq: 3 }, identity)
  t.is(Buffer.from(plain.value).toString('hex'), `64323a696832303a${infoHash}65`)
  t.is(plain.expiresAt, undefined)
  const mortal = signPointer({ infoHash, seq: 3, salt: 'zoo', expiresAt }, identity)
  t.is(Buffer.from(mortal.value).toString('latin1').slice(0, 21), 'd3:expi1893553445e2:i')
  t.deepEqual(mortal.expiresAt, new Date('2030-01-02T03:04:05Z'))
  t.false(isPointerExpired(mortal, new Date('2030-01-02T03:04:04Z')))
  t.true(isPointerExpired(mortal, new Date('2030-01-02T03:04:05Z')))
  t.false(isPointerExpired(plain, new Date(8.64e15)))
})

test('What is signed is read again as it was', t => {
  const hashes = fc
    .uint8Array({ minLength: 20, maxLength: 20 })
    .map(bytes => Buffer.from(bytes).toString('hex'))
  const seqs = fc.nat({ max: Number.MAX_SAFE_INTEGER })
  const salts = fc.string({ unit: 'grapheme', maxLength: 64 }).filter(salt => Buffer.byteLength(salt) <= 64)
  const times = fc.option(fc.date({ min: new Date(0), noInvalidDate: true }), { nil: undefined })
  fc.assert(
    fc.property(hashes, seqs, salts, times, (hash, seq, salt, expiresAt) => {
      const pointer = signPointer({ infoHash: hash, seq, salt, expiresAt }, identity)
      const { infoHash: _, expiresAt: __, ...raw } = pointer
      t.deepEqual(readPointer(raw), pointer)
      t.like(pointer, { infoHash: hash, seq, salt, publicKey })
      const seconds = expiresAt && Math.floor(expiresAt.getTime() / 1_000)
      t.is(pointer.expiresAt?.getTime(), seconds && seconds * 1_000)
    }),
  )
})

test('Keys that others put into the value survive, in whatever order they stand', t => {
  const value = Buffer.concat([
    Buffer.from('d1:zi1e2:ih20:'),
    Buffer.from(infoHash, 'hex'),
    Buffer.from('1:al0:ee'),
  ])
  const pointer = readPointer(signedValue(value))
  t.is(pointer.infoHash, infoHash)
  t.deepEqual(Buffer.from(pointer.value), value)
})

test('A pointer that was changed in any of its parts is refused', t => {
  const good = signPointer({ infoHash, seq: 3, salt: 'zoo' }, identity)
  const value = Uint8Array.from(good.value)
  value[10]! ^= 1
  const changes: Partial<RawPointer>[] = [
    { seq: 4 },
    { salt: 'zo' },
    { salt: '' },
    { value },
    { publicKey: generateIdentity().publicKey },
    { signature: good.signature.slice(1) },
    { signature: good.signature.map(byte => byte ^ 1) },
  ]
  for (const change of changes)
    t.throws(() => readPointer({ ...good, ...change }), { code: 'ERR_BAD_SIGNATURE' })
})

test('What is signed and yet no pointer is refused', t => {
  const ih = Buffer.from(infoHash, 'hex')
  const broken = [
    Buffer.alloc(0),
    Buffer.from('12:Hello World!'),
    Buffer.from('d2:ih'),
    Buffer.from('de'),
    ...[
      [ih],
      { ih: infoHash },
      { ih: 1 },
      { ih: ih.subarray(1) },
      { ih, exp: -1 },
      { ih, exp: 'soon' },
      { ih, exp: 8_640_000_000_001 },
      { ih, pad: new Uint8Array(970) },
    ].map(encodeBencode),
    Buffer.concat([encodeBencode({ ih }), Buffer.from('x')]),
  ]
  for (const value of broken)
    t.throws(
      () => readPointer(signedValue(value)),
      { code: 'ERR_INVALID_POINTER' },
      Buffer.from(value).toString(),
    )
  const good = encodeBencode({ ih })
  for (const seq of [-1, 1.5, Number.NaN, 2 ** 53])
    t.throws(() => readPointer(signedValue(good, { seq })), { code: 'ERR_INVALID_POINTER' })
  for (const salt of ['x'.repeat(65), 'ö'.repeat(33), '\ud800'])
    t.throws(() => readPointer(signedValue(good, { salt })), { code: 'ERR_INVALID_POINTER' })
  for (const key of ['', publicKey.toUpperCase(), publicKey.slice(1)])
    t.throws(() => readPointer({ ...signedValue(good), publicKey: key }), { code: 'ERR_INVALID_POINTER' })
})

test('No pointer is signed that could not be read', t => {
  const drafts = [
    { infoHash: infoHash.slice(1), seq: 1 },
    { infoHash: infoHash.toUpperCase(), seq: 1 },
    { infoHash, seq: -1 },
    { infoHash, seq: 1, salt: 'x'.repeat(65) },
    { infoHash, seq: 1, expiresAt: new Date(-1) },
    { infoHash, seq: 1, expiresAt: new Date(Number.NaN) },
  ]
  for (const draft of drafts) t.throws(() => signPointer(draft, identity), { code: 'ERR_INVALID_POINTER' })
})

test('No bytes make a pointer throw anything but its two errors', t => {
  const good = signPointer({ infoHash, seq: 3, expiresAt: new Date(1e12) }, identity).value
  const changed = fc
    .record({ at: fc.nat(good.length - 1), length: fc.nat(4), by: fc.uint8Array({ maxLength: 4 }) })
    .map(({ at, length, by }) => Buffer.concat([good.subarray(0, at), by, good.subarray(at + length)]))
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 1_100 }), changed), value => {
      try {
        const { infoHash: read } = readPointer(signedValue(value))
        t.is(read.length, 40)
        decodeBencode(value)
      } catch (error) {
        t.is((error as { code: string }).code, 'ERR_INVALID_POINTER')
      }
    }),
    { numRuns: runs(500) },
  )
})
