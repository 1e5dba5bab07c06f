import test from 'ava'
import fc from 'fast-check'
import { listingSchema } from '../../../src/catalog/listing/fields.ts'
import { surelyValid } from '../../../src/catalog/listing/surely-valid.ts'
import { readMagnet } from '../../../src/core/index.ts'
import { sampleDraft } from '../../kit/sample-listing.ts'

const valid = {
  ...sampleDraft(),
  type: 'p2pshare/listing',
  version: 1,
  publisher: 'a'.repeat(64),
  nonce: 'b'.repeat(32),
  revision: 1,
  signature: 'c'.repeat(128),
  publishedAt: '2026-05-01T12:00:00Z',
  creator: 'Ada',
  language: 'en',
  createdAt: '2026-02-28',
  media: { durationMs: 5, width: 1_920 },
  poster: { sha256: 'd'.repeat(64), sizeBytes: 4, width: 2, height: 3 },
}
const names = Object.keys(valid) as (keyof typeof valid)[]

const v1 = 'urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a'
const v2 = `urn:btmh:1220${'ab'.repeat(32)}`
const piece = fc.constantFrom(
  ...[
    '',
    ' ',
    '\n',
    '\u0085',
    '\u00a0',
    'a',
    'É',
    'é',
    'é',
    'ß',
    '字',
    '😀',
    '\ud800',
    '0',
    '9',
    '-',
    '.',
    '+',
  ],
  ...[
    '#',
    ':',
    'T12:00:00Z',
    '2026-02-30',
    '2024-02-29',
    '2026-13-01',
    'x'.repeat(40),
    'é'.repeat(200),
    '(',
    '&',
    '%',
  ],
  ...[
    'magnet:?',
    'xt=',
    `xt=${v1}`,
    `xt=${v2}`,
    v1.toUpperCase(),
    '&tr=http://a.example/',
    '&dn=',
    '&so=x',
    '&xl=1',
  ],
)
const text = fc.oneof(
  fc.array(piece, { maxLength: 4 }).map(pieces => pieces.join('')),
  fc.array(piece, { maxLength: 4 }).map(pieces => `magnet:?xt=${v1}${pieces.join('')}`),
  fc.string({ unit: 'grapheme' }),
)
const number = fc.oneof(
  fc.integer(),
  fc.constantFrom(0, 1, -1, 0.5, 4_096, 4_097, 32_768, 32_769, 100_000, 100_001, 2 ** 53, 1e300),
)
const any = fc.oneof(
  text,
  number,
  fc.array(text, { maxLength: 3 }),
  fc.constantFrom(null, true, undefined, {}, [], { width: 1, depth: 2 }, { ...valid.poster, width: 0 }),
  fc.record({ width: number, durationMs: number }, { requiredKeys: [] }),
)

test('what is surely valid is valid, with the hashes that its magnet link has', t => {
  const changes = fc.array(fc.tuple(fc.oneof(fc.constantFrom(...names), text), any), { maxLength: 2 })
  let sureCount = 0
  fc.assert(
    fc.property(changes, changed => {
      const fields = { ...valid, ...Object.fromEntries(changed) }
      const sure = surelyValid(fields)
      if (!sure) return
      sureCount++
      const { success, data } = listingSchema.safeParse(fields)
      t.true(success)
      t.deepEqual(data, fields as typeof data)
      const { infoHash, infoHashV2 } = readMagnet(fields.magnet)
      t.deepEqual([sure.infoHash, sure.infoHashV2], [infoHash, infoHashV2])
    }),
    { numRuns: 3_000 },
  )
  t.true(sureCount > 300)
})

test('a listing as most are is found to be valid, each of its fields changed to nothing is not', t => {
  t.truthy(surelyValid(valid))
  for (const magnet of [`magnet:?xt=${v1}&xt=${v2}&dn=zoo`, `magnet:?xt=${v2}&tr=udp%3A%2F%2Fa.example`])
    t.truthy(surelyValid({ ...valid, magnet }))
  for (const name of names) t.falsy(surelyValid({ ...valid, [name]: null }))
  for (const value of [null, [], 'x', 1, {}]) t.falsy(surelyValid(value))
})
