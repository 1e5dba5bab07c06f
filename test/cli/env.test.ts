import { PassThrough } from 'node:stream'
import test from 'ava'
import { type Env, isLive, type Screen, systemClock } from '../../src/cli/env.ts'

const screen = (isTTY: boolean, columns?: number): Screen =>
  Object.assign(new PassThrough(), { isTTY, ...(columns !== undefined && { columns }) })

function envWith(variables: Env['variables']): Env {
  return {
    args: [],
    cwd: '/',
    stdin: process.stdin,
    stdout: screen(false),
    stderr: screen(false),
    variables,
    clock: systemClock,
    signal: new AbortController().signal,
    interrupt: () => {},
    onHangUp: () => () => {},
    program: ['p2pshare'],
  }
}

test('lines are rewritten on a terminal that can, and has a width', t => {
  t.true(isLive(screen(true, 80), envWith({})))
  t.false(isLive(screen(false), envWith({})))
  t.false(isLive(screen(true, 80), envWith({ TERM: 'dumb' })))
  t.false(isLive(screen(true, 0), envWith({})))
})
