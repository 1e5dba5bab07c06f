import test from 'ava'
import fc from 'fast-check'
import { readRecord, readRecordInBackground } from '../../../src/catalog/listing/record.ts'
import { draftOf, signListing, signWithdrawal } from '../../../src/catalog/listing/sign.ts'
import { canonicalJson, generateIdentity, P2pShareError } from '../../../src/core/index.ts'
import { sampleDraft } from '../../kit/sample-listing.ts'

const identity = generateIdentity()
const codes = new Set(['ERR_INVALID_JSON', 'ERR_INVALID_LISTING', 'ERR_BAD_SIGNATURE'])

test('a signed listing is read again as it was, with the hashes of its magnet link', async t => {
  const listing = signListing(sampleDraft(), identity)
  t.deepEqual(readRecord(listing.json), listing)
  t.deepEqual(await readRecordInBackground(listing.json), listing)
  t.is(listing.infoHash, 'c12fe1c06bba254a9dc9f519b335aa7c1367a88a')
  t.is(listing.infoHashV2, undefined)
  t.regex(listing.id, /^[a-z2-7]{26}$/)
})

test('a later revision and a withdrawal keep the id, which another key cannot have', t => {
  const first = signListing(sampleDraft(), identity)
  const second = signListing({ ...draftOf(first), title: 'Lions' }, identity, { revises: first })
  const withdrawal = signWithdrawal(second, identity, { reason: 'wrong file' })
  t.deepEqual([second.id, second.revision], [first.id, 2])
  t.deepEqual([withdrawal.id, withdrawal.revision], [first.id, 3])
  t.is(readRecord(withdrawal.json).type, 'p2pshare/withdrawal')
  const other = signListing(draftOf(first), generateIdentity(), { revises: first })
  t.not(other.id, first.id)
})

test('fields that this version does not know survive, even one that is called signature', t => {
  const extra = { subtitles: ['de', 'fr'], zoo: { keeper: 'x', signature: 'mine' } }
  const listing = signListing({ ...sampleDraft(), ...extra }, identity)
  t.like(readRecord(listing.json), extra)
  const later = signListing(draftOf(listing), identity, { revises: listing })
  t.like(later, extra)
})

test('a changed field, another key and another signature are refused', async t => {
  const listing = signListing(sampleDraft(), identity)
  const fields = JSON.parse(listing.json)
  const other = generateIdentity().publicKey
  for (const change of [
    { title: 'Tigers' },
    { publisher: other },
    { revision: 2 },
    { nonce: '0'.repeat(32) },
  ]) {
    const json = canonicalJson({ ...fields, ...change })
    t.throws(() => readRecord(json), { instanceOf: P2pShareError, code: 'ERR_BAD_SIGNATURE' })
    await t.throwsAsync(readRecordInBackground(json), { code: 'ERR_BAD_SIGNATURE' })
  }
})

test('bytes that are not canonical are refused though the signature fits', t => {
  const { json } = signListing(sampleDraft(), identity)
  for (const text of [
    ` ${json}`,
    `${json}\n`,
    json.replace(',', ', '),
    JSON.stringify(JSON.parse(json), null, 1),
  ])
    t.throws(() => readRecord(text), { code: 'ERR_INVALID_JSON' })
})

for (const [what, change] of Object.entries({
  'an empty title': { title: '' },
  'a title of two lines': { title: 'a\nb' },
  'a title longer than 200 characters': { title: 'a'.repeat(201) },
  'a title with an escape sequence': { title: 'a\u001b[31m' },
  'a description longer than 5,000 characters': { description: 'a'.repeat(5_001) },
  'a section that is none': { section: 'films' },
  'more than 20 tags': { tags: Array.from({ length: 21 }, (_, index) => `tag${index}`) },
  'a tag twice': { tags: ['zoo', 'zoo'] },
  'a tag in capitals': { tags: ['Zoo'] },
  'a tag with markup': { tags: ['<b>'] },
  'a licence with markup': { license: '<b>' },
  'a language that is a sentence': { language: 'in English' },
  'a time that is none': { publishedAt: '2026-13-01T00:00:00Z' },
  'a link that is no magnet link': { magnet: 'https://example.org/a' },
  'a magnet link without an info-hash': { magnet: 'magnet:?dn=zoo' },
  'a negative size': { sizeBytes: -1 },
  'half a file': { fileCount: 1.5 },
  'a poster above 32 KiB': { poster: { sha256: 'a'.repeat(64), sizeBytes: 32_769, width: 1, height: 1 } },
  'more than 16 KiB': { zzz: 'a'.repeat(17_000) },
}))
  test(`a listing with ${what} is neither signed nor read`, t => {
    t.throws(() => signListing({ ...sampleDraft(), ...change } as never, identity), {
      code: 'ERR_INVALID_LISTING',
    })
  })

test('whatever the text is, reading it gives a record or one of three typed errors', t => {
  const { json } = signListing(sampleDraft(), identity)
  const mutated = fc
    .tuple(fc.nat(json.length - 1), fc.string({ unit: 'binary', maxLength: 4 }), fc.nat(3))
    .map(([at, text, removed]) => json.slice(0, at) + text + json.slice(at + removed))
  fc.assert(
    fc.property(fc.oneof(mutated, fc.json(), fc.string()), text => {
      try {
        t.is(readRecord(text).json, text)
      } catch (error) {
        t.true(codes.has((error as P2pShareError).code), String(error))
      }
    }),
  )
})
