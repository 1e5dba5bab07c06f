import test from 'ava'
import fc from 'fast-check'
import { encodeBencode } from '../../../../../src/core/index.ts'
import {
  type ExtendedHandshake,
  ownExtensionIds,
  readExtendedHandshake,
  writeExtendedHandshake,
} from '../../../../../src/swarm/engine/native/extension/extended-handshake.ts'

const read = (value: Parameters<typeof encodeBencode>[0]) => readExtendedHandshake(encodeBencode(value))

const id = fc.integer({ min: 1, max: 255 })
const optional = { requiredKeys: [] }
const handshake: fc.Arbitrary<ExtendedHandshake> = fc
  .record(
    {
      requestQueue: fc.integer({ min: 1, max: 65_535 }),
      version: fc.stringMatching(/^[ -~]{1,64}$/),
      listenPort: fc.integer({ min: 1, max: 65_535 }),
      metadataSize: fc.integer({ min: 1, max: 10_000_000 }),
      isUploadOnly: fc.boolean(),
      yourAddress: fc.ipV4(),
    },
    optional,
  )
  .chain(rest =>
    fc
      .record({ utMetadata: id, utPex: id, ltDonthave: id }, optional)
      .map(ids => ({ ids, ...rest }) as ExtendedHandshake),
  )

test('a handshake comes out as it went in', t => {
  fc.assert(
    fc.property(handshake, said => {
      t.deepEqual(readExtendedHandshake(writeExtendedHandshake(said)), said)
    }),
  )
})

test('the bytes are those of BEP 10', t => {
  const payload = writeExtendedHandshake({
    ids: ownExtensionIds,
    requestQueue: 500,
    version: 'p2pshare 1',
    listenPort: 6881,
    metadataSize: 31_235,
    isUploadOnly: true,
    yourAddress: '::ffff:1.2.3.4',
  })
  const m = 'd11:lt_donthavei3e11:ut_metadatai1e6:ut_pexi2ee'
  const rest = '13:metadata_sizei31235e1:pi6881e4:reqqi500e11:upload_onlyi1e1:v10:p2pshare 16:yourip4:'
  t.is(Buffer.from(payload).toString('latin1'), `d1:m${m}${rest}\x01\x02\x03\x04e`)
})

test('whatever bytes come, reading neither throws nor hands out a value out of bounds', t => {
  const anyPayload = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc
      .dictionary(
        fc.constantFrom('m', 'v', 'p', 'reqq', 'metadata_size', 'upload_only', 'yourip'),
        fc.oneof(
          fc.maxSafeInteger(),
          fc.uint8Array({ maxLength: 100 }),
          fc.constant([]),
          fc.dictionary(fc.constantFrom('ut_pex', 'ut_metadata'), fc.integer()),
        ),
      )
      .map(encodeBencode),
  )
  fc.assert(
    fc.property(anyPayload, payload => {
      const said = readExtendedHandshake(payload)
      if (!said) return
      for (const value of Object.values(said.ids)) t.true(value >= 1 && value <= 255)
      t.true((said.listenPort ?? 1) >= 1 && (said.listenPort ?? 1) <= 65_535)
      t.true((said.requestQueue ?? 1) >= 1 && (said.requestQueue ?? 1) <= 65_535)
      t.true((said.metadataSize ?? 1) >= 1)
    }),
  )
})

test('what is no dictionary is no handshake', t => {
  for (const text of ['', 'i1e', 'le', '4:text', 'd', 'd1:m', '<html>'])
    t.is(readExtendedHandshake(Buffer.from(text)), undefined)
})

test('a field of a wrong type is left out and the others are read', t => {
  const said = read({
    m: { ut_pex: 'one', ut_metadata: 3 },
    v: 7,
    p: 'port',
    reqq: -1,
    metadata_size: [],
    yourip: 'x',
  })
  t.deepEqual(said, { ids: { utMetadata: 3 } })
  t.deepEqual(read({ m: 'none', p: 6881 }), { ids: {}, listenPort: 6881 })
})

test('an id of 0 means that the extension is not spoken', t => {
  t.deepEqual(read({ m: { ut_pex: 0, ut_metadata: 256, lt_donthave: 7 } })?.ids, { ltDonthave: 7 })
})

test('what was said earlier holds as far as it is not said anew, and is added to', t => {
  const before = read({ m: { ut_metadata: 3, ut_pex: 1 }, p: 6881, reqq: 500, v: 'Client' })
  const after = readExtendedHandshake(encodeBencode({ m: { ut_pex: 0, lt_donthave: 7 }, reqq: 250 }), before)
  t.deepEqual(after, {
    ids: { utMetadata: 3, ltDonthave: 7 },
    listenPort: 6881,
    requestQueue: 250,
    version: 'Client',
  })
  t.deepEqual(readExtendedHandshake(encodeBencode({}), after), after)
})

test('a name is cut to 64 bytes and safe to print', t => {
  t.is(read({ v: 'a'.repeat(5_000) })?.version, 'a'.repeat(64))
  t.is(read({ v: 'µ\u001b[2J' })?.version, 'µ␛[2J')
  t.is(read({ v: Uint8Array.of(0x61, 0xff) })?.version, 'a\ufffd')
  t.is(read({ v: `${'a'.repeat(63)}€` })?.version, 'a'.repeat(63))
})

test('a dictionary nested without end is refused', t => {
  t.is(readExtendedHandshake(Buffer.from(`d1:m${'l'.repeat(10_000)}`)), undefined)
})
