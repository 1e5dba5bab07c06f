import { readFile } from 'node:fs/promises'
import test from 'ava'
import { problemText } from '../../../src/box/log/problem-text.ts'
import { P2pShareError } from '../../../src/index.ts'

test('what the box met is told without the place in the program', async t => {
  const full = new P2pShareError('ERR_DISK_FULL', 'No room on /films')
  t.is(problemText('a.avi cannot be moved', full), 'a.avi cannot be moved: No room on /films')
  const missing: unknown = await readFile('/no/such/file').catch(error => error)
  t.regex(problemText('It cannot be read', missing), /^It cannot be read: ENOENT: [^\n]*$/)
  t.is(problemText('It failed', 'for no reason'), 'It failed: for no reason')
})

test('of a fault the place is told, and of what it came from too', t => {
  const cause = new RangeError('beyond the end')
  const fault = new P2pShareError('ERR_INTERNAL', 'It cannot be', { cause })
  const text = problemText('GET / failed', fault)
  t.regex(text, /^GET \/ failed: P2pShareError: It cannot be\nat .*problem-text\.test\.ts:\d+/)
  t.regex(text, /\nbecause of RangeError: beyond the end\nat .*problem-text\.test\.ts:\d+/)
})
