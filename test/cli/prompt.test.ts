import test from 'ava'
import { type Env, systemClock } from '../../src/cli/env.ts'
import { Prompt } from '../../src/cli/prompt.ts'

/** A terminal on which the chunks are typed. */
function terminal(...chunks: (string | Uint8Array)[]) {
  const interruption = new AbortController()
  const written: string[] = []
  const modes: boolean[] = []
  const screen = { isTTY: true, write: (text: string) => written.push(text) } as unknown as Env['stderr']
  const stdin = {
    isTTY: true,
    setRawMode: (isRaw: boolean) => modes.push(isRaw),
    async *[Symbol.asyncIterator]() {
      yield* chunks
    },
  }
  const env: Env = {
    args: [],
    cwd: '/',
    stdin,
    stdout: screen,
    stderr: screen,
    variables: {},
    clock: systemClock,
    signal: interruption.signal,
    interrupt: () => interruption.abort(new DOMException('Interrupted', 'AbortError')),
    onHangUp: () => () => {},
    program: ['p2pshare'],
  }
  return { prompt: new Prompt(env), written: () => written.join(''), modes, signal: interruption.signal }
}

test('answers are read a line each, however they arrive', async t => {
  const { prompt } = terminal(
    'Li',
    'ons\nzoo\r\n',
    '\n',
    Buffer.from('Löwe\n').subarray(0, 2),
    Buffer.from('Löwe\n').subarray(2),
  )
  t.is(await prompt.ask('Title'), 'Lions')
  t.is(await prompt.ask('Tags'), 'zoo')
  t.is(await prompt.ask('Section', 'video'), 'video')
  t.is(await prompt.ask('Creator'), 'Löwe')
})

test('a question shows what an empty answer stands for', async t => {
  const { prompt, written } = terminal('\n')
  await prompt.ask('Licence', 'all rights reserved')
  t.is(written(), 'Licence [all rights reserved]: ')
})

test('only a yes is a yes', async t => {
  for (const [typed, expected] of [
    ['y\n', true],
    ['YES\n', true],
    ['\n', false],
    ['no\n', false],
    ['yesterday\n', false],
  ] as const)
    t.is(await terminal(typed).prompt.confirm('Forget it?'), expected, typed)
})

test('what is hidden is never written, and keys come one by one only meanwhile', async t => {
  const { prompt, written, modes } = terminal('secx\u007fret\r', 'plain\n')
  t.is(await prompt.askHidden('Passphrase'), 'secret')
  t.is(written(), 'Passphrase: \n')
  t.deepEqual(modes, [true, false])
  t.is(await prompt.ask('Title'), 'plain')
})

test('a hidden answer can be begun anew, and two follow each other', async t => {
  const { prompt } = terminal('wrong\u0015right\n', 'ri', 'ght\n')
  t.is(await prompt.askHidden('Passphrase'), 'right')
  t.is(await prompt.askHidden('The same again'), 'right')
})

test('Ctrl-C at a hidden answer interrupts, and the terminal is as it was', async t => {
  const { prompt, modes, signal } = terminal('sec\u0003')
  await t.throwsAsync(prompt.askHidden('Passphrase'), { name: 'AbortError' })
  t.true(signal.aborted)
  t.deepEqual(modes, [true, false])
})

test('input that ends, or never does, is a usage error', async t => {
  await t.throwsAsync(terminal('Lions').prompt.ask('Title'), { code: 'ERR_USAGE' })
  await t.throwsAsync(terminal('sec\u0004').prompt.askHidden('Passphrase'), { code: 'ERR_USAGE' })
  await t.throwsAsync(terminal('a'.repeat(10_000)).prompt.ask('Title'), { code: 'ERR_USAGE' })
})
