import { randomBytes } from 'node:crypto'
import test from 'ava'
import fc from 'fast-check'
import { type Bencodable, encodeBencode } from '../../src/core/index.ts'
import { loadNative } from '../kit/engines.ts'
import { type Attack, testAttacks } from '../kit/hostile/attacks.ts'
import { message, numbers, say } from '../kit/hostile/speech.ts'
import { startVictim } from '../kit/hostile/victim.ts'

const native = await loadNative()
const far = 2 ** 52

const saying =
  (...parts: readonly Uint8Array[]): Attack =>
  peer =>
    peer.sayAll(Buffer.concat(parts))

const text = (bencoded: string) => Buffer.from(bencoded, 'latin1')
const nested = (depth: number) => text('l'.repeat(depth) + 'e'.repeat(depth))

/** Things that stand where a message of an extension should. */
const nonsense: readonly Bencodable[] = [
  Buffer.alloc(0),
  text('i1e'),
  text('le'),
  text('d'),
  text('d1:'),
  text('99999999999:a'),
  text('-1:a'),
  text('d1:ai-0ee'),
  text(`i${'9'.repeat(10_000)}e`),
  nested(50_000),
  randomBytes(10_000),
  {},
  { m: 1 },
  { m: [] },
  { m: { ut_metadata: 'one', ut_pex: {}, lt_donthave: [] } },
  { m: { ut_metadata: -1, ut_pex: far, lt_donthave: 256 } },
  { m: { ut_metadata: 1, ut_pex: 1, lt_donthave: 1, upload_only: 1 } },
  { m: Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`x${index}`, index])) },
  { metadata_size: -1, reqq: -1, p: -1 },
  { metadata_size: far, reqq: far, p: far },
  { metadata_size: 'large', reqq: 'many', p: 'some', v: 7, yourip: 'here', ipv4: 1, ipv6: [] },
  { reqq: 0, v: 'x'.repeat(100_000), yourip: randomBytes(1_000) },
  { msg_type: 0, piece: -1 },
  { msg_type: 0, piece: far },
  { msg_type: 1, piece: 0, total_size: far },
  { msg_type: 1, piece: far, total_size: -1 },
  { msg_type: 2, piece: 'none' },
  { msg_type: 9, piece: 0 },
  { added: 1, 'added.f': 2, dropped: 3 },
  { added: randomBytes(7), 'added.f': '', added6: randomBytes(17), dropped: randomBytes(1) },
  { added: Buffer.alloc(6 * 500), 'added.f': Buffer.alloc(1) },
]

const attacks: Record<string, Attack> = {
  'an extension without an id': saying(message(20)),
  'extensions of every id without more': saying(
    ...Array.from({ length: 256 }, (_, id) => say.extended(id, Buffer.alloc(0))),
  ),
  'a piece that it has no longer, past the end': saying(
    ...Array.from({ length: 8 }, (_, id) => [
      say.extended(id, numbers(24)),
      say.extended(id, numbers(0xffffffff)),
    ]).flat(),
  ),
  'metadata that was not asked for': saying(
    ...Array.from({ length: 8 }, (_, id) =>
      say.extended(id, { msg_type: 1, piece: 0, total_size: 16_384 }, randomBytes(16_384)),
    ),
  ),
  'questions for metadata without end': saying(
    ...Array.from({ length: 3_000 }, (_, piece) => say.extended(1, { msg_type: 0, piece: piece % 3 })),
  ),
  'handshakes of extensions without end': saying(
    ...Array.from({ length: 3_000 }, (_, id) =>
      say.extended(0, { m: { ut_metadata: (id % 200) + 1 }, v: `v${id}` }),
    ),
  ),
}
for (const [index, bad] of nonsense.entries())
  attacks[`nonsense no. ${index + 1} as every extension`] = saying(
    ...Array.from({ length: 8 }, (_, id) => say.extended(id, bad)),
  )
testAttacks(native, attacks, { init: { pex: true } })

test(`${native.name}: any dictionary as any extension does no harm`, async t => {
  const victim = await startVictim(t, native.factory, { init: { pex: true } })
  const key = fc.constantFrom(
    ...[
      'm',
      'p',
      'v',
      'reqq',
      'metadata_size',
      'yourip',
      'upload_only',
      'ut_metadata',
      'ut_pex',
      'msg_type',
      'piece',
    ],
    ...[
      'total_size',
      'added',
      'added.f',
      'added6',
      'added6.f',
      'dropped',
      'dropped6',
      'lt_donthave',
      'e',
      'ipv6',
    ],
  )
  const { value } = fc.letrec<{ value: Bencodable }>(tie => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.maxSafeInteger(),
      fc.integer({ min: -3, max: 300 }),
      fc.string({ maxLength: 20 }),
      fc.uint8Array({ maxLength: 60 }),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(key, tie('value'), { maxKeys: 5 }),
    ),
  }))
  const dictionary = fc.dictionary(key, value, { maxKeys: 8 }).map(fields => encodeBencode(fields))
  const cut = fc.tuple(dictionary, fc.nat(3)).map(([bytes, less]) => bytes.subarray(0, bytes.length - less))
  const messages = fc.array(fc.tuple(fc.nat(6), cut, fc.uint8Array({ maxLength: 20 })), {
    minLength: 1,
    maxLength: 20,
  })
  await fc.assert(
    fc.asyncProperty(messages, async series => {
      const peer = await victim.greet()
      await peer.sayAll(Buffer.concat(series.map(([id, bytes, tail]) => say.extended(id, bytes, tail))))
      peer.socket.end()
      await peer.ended
    }),
    { numRuns: 60 },
  )
  await victim.survives()
})
