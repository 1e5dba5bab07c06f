import test from 'ava'
import fc from 'fast-check'
import { P2pShareError } from '../../../src/core/errors.ts'
import { infoHashesOf, parseInfoHash } from '../../../src/core/torrent/info-hash.ts'

const v1 = 'c12fe1c06bba254a9dc9f519b335aa7c1367a88a'
const v2 = 'caf1e1c30e81cb361b9ee167c4aa64228a7fa4fa9f6105232b28ad099f3a302e'

test('Info-hashes are SHA-1 and SHA-256 of the bytes, as the format has them', t => {
  const bytes = Buffer.from('abc')
  const infoHash = 'a9993e364706816aba3e25717850c26c9cd0d89d'
  const infoHashV2 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
  t.deepEqual(infoHashesOf(bytes, 'v1'), { infoHash })
  t.deepEqual(infoHashesOf(bytes, 'v2'), { infoHashV2 })
  t.deepEqual(infoHashesOf(bytes, 'hybrid'), { infoHash, infoHashV2 })
})

test('An info-hash is read in each way that people write it', t => {
  t.deepEqual(parseInfoHash(v1), { infoHash: v1 })
  t.deepEqual(parseInfoHash(v1.toUpperCase()), { infoHash: v1 })
  t.deepEqual(parseInfoHash('YEX6DQDLXISUVHOJ6UM3GNNKPQJWPKEK'), { infoHash: v1 })
  t.deepEqual(parseInfoHash('yex6dqdlxisuvhoj6um3gnnkpqjwpkek'), { infoHash: v1 })
  t.deepEqual(parseInfoHash('a'.repeat(32)), { infoHash: '0'.repeat(40) })
  t.deepEqual(parseInfoHash(v2), { infoHashV2: v2 })
  t.deepEqual(parseInfoHash(`1220${v2}`), { infoHashV2: v2 })
})

test('What is no info-hash is refused', t => {
  for (const text of [
    '',
    v1.slice(1),
    `${v1}0`,
    `${v1.slice(1)}g`,
    '1'.repeat(32),
    `1320${v2}`,
    ` ${v1}`,
    'a\n',
  ])
    t.throws(() => parseInfoHash(text), { instanceOf: P2pShareError, code: 'ERR_INVALID_IDENTIFIER' }, text)
})

test('Base32 stands for the same bytes as hexadecimal', t => {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), bytes => {
      const bits = [...bytes].map(byte => byte.toString(2).padStart(8, '0')).join('')
      const base32 = bits.replaceAll(/.{5}/g, five => digits[Number.parseInt(five, 2)]!)
      t.is(parseInfoHash(base32).infoHash, Buffer.from(bytes).toString('hex'))
    }),
  )
})
