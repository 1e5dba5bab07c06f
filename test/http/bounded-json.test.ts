import test from 'ava'
import fc from 'fast-check'
import { parseBoundedJson } from '../../src/http/index.ts'

const refused = { code: 'ERR_INVALID_JSON' }

test('what is within the bounds is read as JSON reads it', t => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 8 }), text => {
      t.deepEqual(parseBoundedJson(text), JSON.parse(text))
    }),
  )
})

test('brackets, commas and quotes within texts are only letters', t => {
  const bounds = { maxDepth: 1, maxValues: 3 }
  for (const text of ['[[[[,,,,::::{{{{', '"', '\\', '\\"', '"[', '\\\\"[[', ''])
    t.deepEqual(parseBoundedJson(JSON.stringify([text]), bounds), [text], text)
})

test('what is nested too deep or of too many values is refused before it is read', t => {
  t.deepEqual(parseBoundedJson('[[1]]', { maxDepth: 2 }), [[1]])
  for (const text of ['[[[1]]]', '{"a":{"b":[1]}}', '[["]",[1]]]', '[[["']) {
    t.throws(() => parseBoundedJson(text, { maxDepth: 2 }), { ...refused, message: /deeper than 2/ }, text)
  }
  t.deepEqual(parseBoundedJson('[1,2,3]', { maxValues: 3 }), [1, 2, 3])
  t.throws(() => parseBoundedJson('[1,2,3,4]', { maxValues: 3 }), { ...refused, message: /more than 3/ })
  t.throws(() => parseBoundedJson('{"a":1,"b":2}', { maxValues: 3 }), refused)
  t.throws(() => parseBoundedJson('['.repeat(13_000_000)), { ...refused, message: /deeper than 32/ })
})

test('what is no JSON is refused', t => {
  for (const text of ['', '{', '"', '"\\"', '\\"', '[1,]', 'undefined', ']]]', '{"a":1}}'])
    t.throws(() => parseBoundedJson(text), { ...refused, message: 'This is no JSON' }, text)
})

test('thirteen megabytes that were made to be slow are judged in no time that anybody would notice', t => {
  const size = 13_000_000
  const hostile = [
    ' '.repeat(size),
    `"${'\\"'.repeat(size / 2)}`,
    `"${'\\\\'.repeat(size / 2)}`,
    `["${'\\'.repeat(size)}`,
    '""'.repeat(size / 2),
    ','.repeat(size),
    '0'.repeat(size),
  ]
  for (const text of hostile) {
    const startMs = performance.now()
    t.throws(() => parseBoundedJson(text), refused)
    // A tenth of that on a machine that does nothing else.
    t.true(performance.now() - startMs < 2000, text.slice(0, 10))
  }
})
