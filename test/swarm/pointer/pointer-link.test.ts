import test from 'ava'
import fc from 'fast-check'
import { cleanName } from '../../../src/core/safe-path.ts'
import { itemTarget } from '../../../src/swarm/discovery/dht-item.ts'
import { pointerLink, readPointerLink } from '../../../src/swarm/index.ts'
import { runs } from '../../kit/runs.ts'

const key = '8543d3e6115f0f98c944077a4493dcd543e49c739fd998550a1f614ab36ed63e'
const link = `magnet:?xs=urn:btpk:${key}`
const target = (text: string) => {
  const { publicKey, salt } = readPointerLink(text)
  return itemTarget({ publicKey, salt: Buffer.from(salt) }).toString('hex')
}

test('The links of BEP 46 lead to their targets', t => {
  t.is(target(link), 'cc3f9d90b572172053626f9980ce261a850d050b')
  t.is(target(`${link}&s=6e`), '59ee7c2cb9b4f7eb1986ee2d18fd2fdb8a56554f')
})

test('A link is read however it is spelled', t => {
  const base32 = 'QVB5HZQRL4HZRSKEA55EJE642VB6JHDTT7MZQVIKD5QUVM3O2Y7A'
  const spellings = [
    key,
    ` ${key.toUpperCase()}\n`,
    link,
    `${link}&s=`,
    `MAGNET:?XS=URN:BTPK:${key.toUpperCase()}`,
    `magnet:?xs=urn%3Abtpk%3A${key}`,
    `magnet:?xs=urn:btpk:${base32}`,
    `magnet:?xs=urn:btpk:${base32.toLowerCase()}`,
    `${link}&xs=urn:btpk:${key}&xs=http://a.example/&xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a&=&x`,
  ]
  for (const spelling of spellings)
    t.deepEqual(readPointerLink(spelling), { publicKey: key, salt: '' }, spelling)
  t.deepEqual(readPointerLink(`${link}&dn=&dn=The+zo%C3%B6%0A&s=7A6F6F`), {
    publicKey: key,
    salt: 'zoo',
    name: 'The zoö_',
  })
})

test('What is no link of a catalog is refused', t => {
  const broken = [
    '',
    'zoo',
    key.slice(1),
    `${key}0`,
    'magnet:',
    'magnet:?',
    'magnet:?xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a',
    'magnet:?xs=http://a.example/zoo.torrent',
    'magnet:?xs=urn:btpk:',
    `magnet:?xs=urn:btpk:${key.slice(1)}`,
    `magnet:?xs=urn:btpk:${key}0`,
    `magnet:?xs=urn:btpk:${'a'.repeat(51)}b`,
    `${link}&xs=urn:btpk:${key.replace('8', '9')}`,
    `${link}&s=6`,
    `${link}&s=zoo`,
    `${link}&s=ff`,
    `${link}&s=6e&s=6f`,
    `${link}&s=${'61'.repeat(65)}`,
    `${link}&dn=${'x'.repeat(2_048)}`,
  ]
  for (const text of broken) t.throws(() => readPointerLink(text), { code: 'ERR_INVALID_CATALOG' }, text)
})

test('What is written is read again', t => {
  const keys = fc
    .uint8Array({ minLength: 32, maxLength: 32 })
    .map(bytes => Buffer.from(bytes).toString('hex'))
  const salts = fc.string({ unit: 'grapheme', maxLength: 64 }).filter(salt => Buffer.byteLength(salt) <= 64)
  const names = fc.option(fc.string({ unit: 'grapheme', maxLength: 300 }), { nil: undefined })
  fc.assert(
    fc.property(keys, salts, names, (publicKey, salt, name) => {
      const read = readPointerLink(pointerLink({ publicKey, salt, name }))
      t.like(read, { publicKey, salt })
      const cleaned = cleanName(name ?? '')
      t.is(read.name, name?.trim() && cleaned.trim() ? cleaned : undefined)
    }),
  )
  t.throws(() => pointerLink({ publicKey: 'x', salt: '' }), { code: 'ERR_INVALID_POINTER' })
})

test('No text makes the reader throw anything but its error', t => {
  const parts = fc.constantFrom(
    'magnet:?',
    'xs=urn:btpk:',
    key,
    '&',
    '%',
    '=',
    's=',
    'dn=',
    '\ud800',
    'ff',
    '6e',
  )
  const texts = fc.oneof(
    fc.string(),
    fc.array(parts, { maxLength: 8 }).map(some => some.join('')),
  )
  fc.assert(
    fc.property(texts, text => {
      try {
        t.regex(readPointerLink(text).publicKey, /^[0-9a-f]{64}$/)
      } catch (error) {
        t.is((error as { code: string }).code, 'ERR_INVALID_CATALOG')
      }
    }),
    { numRuns: runs(500) },
  )
})
