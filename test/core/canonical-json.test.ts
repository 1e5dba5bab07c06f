import test from 'ava'
import fc from 'fast-check'
import { canonicalJson, P2pShareError, parseCanonicalJson } from '../../src/core/index.ts'

const invalid = { instanceOf: P2pShareError, code: 'ERR_INVALID_JSON' }

test('the example of RFC 8785 comes out as it stands there', t => {
  const value = {
    numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
    string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
    literals: [null, true, false],
  }
  t.is(
    canonicalJson(value),
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  )
})

test('keys are in the order of their UTF-16 code units, as in RFC 8785', t => {
  const keys = ['\u20ac', '\r', '\ufb33', '1', '\u{1f600}', '\u0080', 'ö']
  const text = canonicalJson(Object.fromEntries(keys.map(key => [key, 0])))
  t.deepEqual(Object.keys(JSON.parse(text)), ['1', '\r', '\u0080', 'ö', '\u20ac', '\u{1f600}', '\ufb33'])
})

test('what is written is read again, and writing it once more changes nothing', t => {
  fc.assert(
    fc.property(fc.jsonValue(), value => {
      const text = canonicalJson(JSON.parse(JSON.stringify(value)))
      t.deepEqual(canonicalJson(parseCanonicalJson(text)), text)
    }),
  )
})

test('whatever the text is, reading it gives a value or the typed error', t => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      try {
        t.is(canonicalJson(parseCanonicalJson(text)), text)
      } catch (error) {
        t.is((error as P2pShareError).code, 'ERR_INVALID_JSON')
      }
    }),
  )
})

for (const [what, text] of [
  ['white space', '{"a": 1}'],
  ['another order', '{"b":1,"a":2}'],
  ['a key twice', '{"a":1,"a":1}'],
  ['a number in another form', '{"a":1.0}'],
  ['a negative zero', '[-0]'],
  ['a number that loses digits', '[9007199254740993]'],
  ['a needless escape', '["\\u0061"]'],
  ['half a surrogate pair', '["\\ud800"]'],
  ['nesting deeper than 32', `${'['.repeat(40)}${']'.repeat(40)}`],
  ['an end too early', '{"a":'],
] as const)
  test(`canonical JSON has not ${what}`, t => {
    t.throws(() => parseCanonicalJson(text), invalid)
  })

test('a key that is undefined is left out, and what JSON has not is refused', t => {
  t.is(canonicalJson({ a: undefined, b: 1 }), '{"b":1}')
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1n, () => 1, '\ud800'])
    t.throws(() => canonicalJson([value]), invalid)
})
