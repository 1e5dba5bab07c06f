import { Writable } from 'node:stream'
import test from 'ava'
import { Declined } from '../../src/cli/agreement.ts'
import { type Env, systemClock } from '../../src/cli/env.ts'
import { report } from '../../src/cli/report.ts'
import { P2pShareError } from '../../src/core/index.ts'

function fakeEnv(variables: Record<string, string> = {}, signal = new AbortController().signal) {
  const written = { stdout: '', stderr: '' }
  const screen = (name: keyof typeof written) =>
    new Writable({
      write(chunk, _encoding, done) {
        written[name] += chunk
        done()
      },
    })
  const env: Env = {
    args: [],
    cwd: '/',
    stdin: process.stdin,
    stdout: screen('stdout'),
    stderr: screen('stderr'),
    variables,
    clock: systemClock,
    signal,
    interrupt: () => {},
    onHangUp: () => () => {},
    program: ['p2pshare'],
  }
  return { env, written }
}

test('an error is its message, what to do and its code, on stderr', t => {
  const { env, written } = fakeEnv()
  const error = new P2pShareError('ERR_DISK_FULL', 'No room left to write /films/zoo.avi')
  t.is(report(error, env, false), 5)
  t.is(written.stdout, '')
  t.regex(
    written.stderr,
    /^p2pshare: No room left to write \/films\/zoo\.avi\n {2}Free some space.*\n {2}ERR_DISK_FULL\n$/,
  )
})

test('with --json it is also one object on stdout', t => {
  const { env, written } = fakeEnv()
  report(new P2pShareError('ERR_NO_PEERS', 'Nobody has it'), env, true)
  t.like(JSON.parse(written.stdout), { event: 'error', code: 'ERR_NO_PEERS', message: 'Nobody has it' })
})

test('control characters of a name in the message are shown, not obeyed', t => {
  const { env, written } = fakeEnv()
  report(new P2pShareError('ERR_PATH_NOT_FOUND', 'There is nothing at \u001B[2J\u0007x'), env, false)
  t.notRegex(written.stderr, /[\u0000-\u0009\u000B-\u001F]/)
})

test('a fault of ours is ERR_INTERNAL without a stack, and has one with P2PSHARE_DEBUG', t => {
  const fault = new TypeError('x is not a function', { cause: new Error('deeper') })
  const plain = fakeEnv()
  t.is(report(fault, plain.env, false), 1)
  t.regex(plain.written.stderr, /ERR_INTERNAL\n$/)
  t.notRegex(plain.written.stderr, /^\s+at /m)
  const debug = fakeEnv({ P2PSHARE_DEBUG: '1' })
  report(fault, debug.env, false)
  t.regex(debug.written.stderr, /^\s+at /m)
  t.regex(debug.written.stderr, /Caused by: Error: deeper/)
})

test('an interruption is 130 and no error; a real error while interrupted stays one', t => {
  const controller = new AbortController()
  controller.abort(new DOMException('Interrupted', 'AbortError'))
  const { env, written } = fakeEnv({}, controller.signal)
  t.is(report(controller.signal.reason, env, false), 130)
  t.is(written.stderr, '')
  t.is(report(new P2pShareError('ERR_DISK_FULL', 'No room'), env, false), 5)
})

test('of a no its own line is all that is said, and the exit code is 7', t => {
  const { env, written } = fakeEnv()
  t.is(report(new Declined('Nothing is forgotten'), env, false), 7)
  t.is(written.stderr, 'Nothing is forgotten\n')
  report(new Declined('Nothing is forgotten'), env, true)
  t.deepEqual(JSON.parse(written.stdout), { event: 'declined', message: 'Nothing is forgotten' })
})
