import test from 'ava'
import fc from 'fast-check'
import { type BencodeLimits, decodeBencode, decodeBencodePrefix } from '../../../src/core/bencode/decode.ts'
import { type Bencodable, encodeBencode } from '../../../src/core/bencode/encode.ts'
import { BencodeDict, BencodeList, type BencodeValue } from '../../../src/core/bencode/value.ts'
import { P2pShareError } from '../../../src/core/errors.ts'
import { runs } from '../../kit/runs.ts'

const bytesOf = (text: string) => Buffer.from(text, 'latin1')
const decode = (text: string, limits?: BencodeLimits) => decodeBencode(bytesOf(text), limits)

/** What was decoded as plain values: strings as Buffers, dictionaries as lists of pairs. */
function plain(value: BencodeValue): unknown {
  if (value instanceof BencodeDict)
    return { dict: [...value.entries()].map(([key, inner]) => [Buffer.from(key), plain(inner)]) }
  if (value instanceof BencodeList) return [...value].map(plain)
  return value instanceof Uint8Array ? Buffer.from(value) : value
}

/** The same of a value before it is encoded. */
function expected(value: Bencodable): unknown {
  if (value instanceof Map)
    return {
      dict: [...value]
        .map(([key, inner]) => [Buffer.from(key), expected(inner)] as const)
        .sort(([one], [other]) => Buffer.compare(one, other))
        .map(pair => [...pair]),
    }
  if (Array.isArray(value)) return value.map(expected)
  return typeof value === 'number' ? value : Buffer.from(value as Uint8Array)
}

const { value: anyValue } = fc.letrec<{ value: Bencodable; string: Uint8Array }>(tie => ({
  string: fc.uint8Array({ maxLength: 20 }),
  value: fc.oneof(
    { depthSize: 'small' },
    fc.maxSafeInteger(),
    tie('string'),
    fc.array(tie('value'), { maxLength: 5 }),
    fc
      .uniqueArray(fc.tuple(fc.string({ maxLength: 8 }), tie('value')), {
        maxLength: 5,
        selector: ([key]) => key,
      })
      .map(entries => new Map(entries)),
  ),
}))

test('Integers, strings, lists and dictionaries are read', t => {
  t.is(decode('i0e'), 0)
  t.is(decode('i-12e'), -12)
  t.is(decode('i9007199254740991e'), Number.MAX_SAFE_INTEGER)
  t.is(decode('i-9007199254740991e'), Number.MIN_SAFE_INTEGER)
  t.deepEqual(plain(decode('3:abc')), Buffer.from('abc'))
  t.deepEqual(plain(decode('0:')), Buffer.alloc(0))
  t.deepEqual(plain(decode('li1e1:ald1:bleeee')), [1, Buffer.from('a'), [{ dict: [[Buffer.from('b'), []]] }]])
})

test('A dictionary gives values and their raw bytes by key', t => {
  const dict = decode('d4:infod1:ai7e1:b2:xye3:keyli1eee')
  if (!(dict instanceof BencodeDict)) return t.fail()
  t.is(dict.size, 2)
  t.deepEqual(dict.rawOf('info'), bytesOf('d1:ai7e1:b2:xye'))
  t.deepEqual(dict.rawOf('key'), bytesOf('li1ee'))
  const info = dict.get('info')
  if (!(info instanceof BencodeDict)) return t.fail()
  t.is(info.get('a'), 7)
  t.deepEqual(info.raw, bytesOf('d1:ai7e1:b2:xye'))
  for (const absent of ['', 'k', 'ey', 'keys', ':info', '4:info']) t.is(dict.get(absent), undefined, absent)
  const list = dict.get('key')
  if (!(list instanceof BencodeList)) return t.fail()
  t.is(list.length, 1)
})

test('Raw bytes are those of the input, not of a copy', t => {
  const bytes = bytesOf('d4:infod1:b0:1:a0:ee')
  const raw = (decodeBencode(bytes) as BencodeDict).rawOf('info')!
  t.is(raw.buffer, bytes.buffer)
  t.is(Buffer.from(raw).toString(), 'd1:b0:1:a0:e')
})

test('What breaks the rules is refused at the byte where it does', t => {
  const broken: [text: string, position: number][] = [
    ['', 0],
    ['x', 0],
    ['e', 0],
    ['i1', 2],
    ['ie', 0],
    ['i-e', 0],
    ['i-0e', 0],
    ['i00e', 0],
    ['i01e', 0],
    ['i-01e', 0],
    ['i1.5e', 2],
    ['i 1e', 0],
    ['i9007199254740992e', 0],
    ['i9007199254740993e', 0],
    [`i${'9'.repeat(400)}e`, 0],
    ['-1:a', 0],
    ['1', 1],
    ['01:a', 0],
    ['00:', 0],
    ['2:a', 0],
    ['4294967296:a', 0],
    ['99999999999999999999:a', 0],
    ['1;a', 1],
    ['l', 1],
    ['li1e', 4],
    ['d', 1],
    ['di1e1:ae', 1],
    ['dle1:ae', 1],
    ['d1:ae', 4],
    ['d1:a', 4],
    ['d1:ai1e1:ai2ee', 7],
    ['d1:bi1e1:ai1e1:bi2ee', 13],
    ['i1ei2e', 3],
    ['i1e\n', 3],
  ]
  for (const [text, position] of broken) {
    const error = t.throws(
      () => decode(text),
      { instanceOf: P2pShareError, code: 'ERR_INVALID_BENCODE' },
      text,
    )
    t.regex(error?.message ?? '', new RegExp(`at byte ${position}:`), text)
  }
})

test('Keys out of order are read as they stand, unless order is asked for', t => {
  const text = 'd1:bi1e1:ai2e2:aai3ee'
  t.deepEqual(
    [...(decode(text) as BencodeDict).entries()].map(([key]) => Buffer.from(key).toString()),
    ['b', 'a', 'aa'],
  )
  t.throws(() => decode(text, { sortedKeys: true }), { message: /byte 7: the keys are not in order/ })
  t.notThrows(() => decode('d0:i1e1:ai2e2:aai3e1:bi1ee', { sortedKeys: true }))
})

test('A value may be followed by other bytes where that is asked for', t => {
  const { value, end } = decodeBencodePrefix(bytesOf('d5:piecei0eeDATA'))
  t.is((value as BencodeDict).get('piece'), 0)
  t.is(end, 12)
})

test('Depth and number of values are bounded', t => {
  const nested = (depth: number) => 'l'.repeat(depth) + 'e'.repeat(depth)
  t.notThrows(() => decode(nested(100)))
  t.throws(() => decode(nested(101)), { message: /byte 100: nested deeper than 100/ })
  t.notThrows(() => decode('li1ei2ee', { maxItems: 3 }))
  t.throws(() => decode('li1ei2ei3ee', { maxItems: 3 }), { message: /byte 7: more than 3 values/ })
  t.throws(() => decode('l'.repeat(5_000_000)), { code: 'ERR_INVALID_BENCODE' })
})

test('Two million values are read, one more is not', t => {
  const strings = (count: number) => decode(`l${'0:'.repeat(count)}e`)
  t.is((strings(1_999_999) as BencodeList).length, 1_999_999)
  t.throws(() => strings(2_000_000), { code: 'ERR_INVALID_BENCODE' })
})

test('A dictionary of many unsorted keys is checked for duplicates without delay', t => {
  const keys = Array.from({ length: 300_000 }, (_, index) => `${index + 1_000_000}`).reverse()
  const text = keys.map(key => `7:${key}0:`).join('')
  const started = performance.now()
  t.is((decode(`d${text}e`) as BencodeDict).size, keys.length)
  t.throws(() => decode(`d${text}7:1234567${'0:'}e`), { message: /a key comes twice/ })
  t.true(performance.now() - started < 10_000)
})

test('What is encoded is decoded again, keys in the order of their bytes', t => {
  fc.assert(
    fc.property(anyValue, value => {
      const bytes = encodeBencode(value)
      const decoded = decodeBencode(bytes, { sortedKeys: true })
      t.deepEqual(plain(decoded), expected(value))
      t.deepEqual(encodeBencode(decoded), bytes)
    }),
  )
})

test('Whatever the bytes are, they are decoded or refused with a code', t => {
  const mutated = fc
    .tuple(anyValue, fc.array(fc.tuple(fc.nat(), fc.constantFrom(...bytesOf('0123456789deil:-\n\u00ff')))))
    .map(([value, changes]) => {
      const bytes = encodeBencode(value)
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte
      return bytes
    })
  const tokens = fc
    .array(fc.constantFrom('d', 'l', 'e', 'i', '1:a', '0:', 'i1e', '-', ':', '1', '0'))
    .map(parts => bytesOf(parts.join('')))
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), mutated, tokens), bytes => {
      try {
        const decoded = decodeBencode(bytes)
        t.deepEqual(
          decoded instanceof BencodeDict || decoded instanceof BencodeList ? decoded.raw : bytes,
          bytes,
        )
        plain(decoded)
      } catch (error) {
        t.true(error instanceof P2pShareError && error.code === 'ERR_INVALID_BENCODE', String(error))
      }
    }),
    { numRuns: runs(500) },
  )
  t.pass()
})
