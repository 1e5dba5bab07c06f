import test from 'ava'
import { decodeBencode } from '../../../src/core/bencode/decode.ts'
import { type Bencodable, encodeBencode } from '../../../src/core/bencode/encode.ts'
import type { BencodeDict } from '../../../src/core/bencode/value.ts'

const encode = (value: Bencodable) => Buffer.from(encodeBencode(value)).toString('latin1')

test('Numbers, strings, bytes, lists, objects and maps are written', t => {
  t.is(encode(-5), 'i-5e')
  t.is(encode(2n ** 60n), 'i1152921504606846976e')
  t.is(encode('é'), '2:\u00c3\u00a9')
  t.is(encode(new Uint8Array([255])), '1:\u00ff')
  t.is(encode([1, ['a']]), 'li1el1:aee')
  t.is(encode({ b: 1, a: undefined, '': 'x' }), 'd0:1:x1:bi1ee')
  t.is(
    encode(
      new Map<string | Uint8Array, Bencodable>([
        ['z', 1],
        [new Uint8Array([0]), 2],
      ]),
    ),
    'd1:\0i2e1:zi1ee',
  )
})

test('Keys are ordered by their bytes, not by their characters', t => {
  t.is(
    encode({ '\uffff': 1, '\u{10000}': 2, Z: 3, a: 4 }).replaceAll(/[^\x20-\x7e]/g, '?'),
    'd1:Zi3e1:ai4e3:???i1e4:????i2ee',
  )
})

test('What was decoded goes in byte for byte', t => {
  const torrent = decodeBencode(Buffer.from('d4:infod1:b0:1:a0:ee')) as BencodeDict
  t.is(encode({ info: torrent.get('info'), announce: 'x' }), 'd8:announce1:x4:infod1:b0:1:a0:ee')
})

test('What bencode cannot express is refused', t => {
  const cyclic: Bencodable[] = []
  cyclic.push(cyclic)
  const twice = new Map<string | Uint8Array, Bencodable>([
    ['a', 1],
    [Buffer.from('a'), 2],
  ])
  const values = [1.5, Number.NaN, 2 ** 53, null, true, undefined, () => 1, cyclic, twice]
  for (const value of values)
    t.throws(() => encodeBencode(value as Bencodable), { code: 'ERR_INVALID_ARGUMENT' }, String(typeof value))
})
