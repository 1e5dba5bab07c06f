import test from 'ava'
import { readPreferences } from '../../../src/http/index.ts'

test('what a client would like best is read as it may be written', t => {
  const rows: [string | undefined, boolean, number][] = [
    [undefined, false, 0],
    ['', false, 0],
    ['respond-async', true, 0],
    ['Respond-Async', true, 0],
    ['return=minimal, respond-async; foo=bar, wait=10', true, 10],
    ['wait = "7"', false, 7],
    ['wait=3, wait=99', false, 3],
    ['respond-asynchronously', false, 0],
    ['x=respond-async', false, 0],
    ['wait=-1', false, 0],
    ['wait=1e9', false, 0],
    [`wait=${'9'.repeat(4000)}`, false, 0],
  ]
  for (const [header, respondsAsync, waitSeconds] of rows)
    t.deepEqual(readPreferences(header), { respondsAsync, waitSeconds }, String(header))
})
