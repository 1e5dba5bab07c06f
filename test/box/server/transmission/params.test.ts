import test from 'ava'
import { Params } from '../../../../src/box/server/transmission/params.ts'
import { RpcError } from '../../../../src/box/server/transmission/rpc-error.ts'

test('what sloppy clients send is taken for what they mean', t => {
  const params = new Params({
    downloadLimit: '50',
    'download-limited': 1,
    paused: 'false',
    'files-wanted': 3,
    labels: 'zoo',
  })
  t.is(params.number('download_limit'), 50)
  t.true(params.flag('download_limited'))
  t.false(params.flag('paused'))
  t.deepEqual(params.numbers('files_wanted'), [3])
  t.deepEqual(params.texts('labels'), ['zoo'])
  t.is(params.number('upload_limit'), undefined)
})

test('what means nothing is refused by its name', t => {
  const params = new Params({ a: {}, b: 'much', c: Number.NaN, d: [null], e: 'x'.repeat(5_000), f: null })
  const refusals = [
    () => params.number('b'),
    () => params.number('c'),
    () => params.number('f'),
    () => params.flag('a'),
    () => params.text('a'),
    () => params.text('e'),
    () => params.texts('d'),
    () => params.numbers('d'),
  ]
  for (const refusal of refusals) t.throws(refusal, { instanceOf: RpcError })
  t.throws(() => new Params([]), { instanceOf: RpcError })
  t.throws(() => new Params('ids'), { instanceOf: RpcError })
})

test('lists are bounded', t => {
  const params = new Params({ ids: Array.from({ length: 100_001 }, () => 1), fields: ['a', 'b', 'c'] })
  t.throws(() => params.numbers('ids'), { instanceOf: RpcError, message: /more than/ })
  t.throws(() => params.texts('fields', 2), { instanceOf: RpcError, message: /more than 2/ })
})

test('names of objects that every object has are none of the arguments', t => {
  const params = new Params(JSON.parse('{"__proto__": {"ids": 1}}'))
  t.false(params.has('ids'))
  t.false(params.has('constructor'))
})
