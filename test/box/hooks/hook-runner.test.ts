import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { HookRunner } from '../../../src/box/hooks/hook-runner.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'
import { waitUntil } from '../../kit/wait-until.ts'

const node = (script: string, ...args: string[]) => [process.execPath, '-e', script, ...args] as const

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

function running(t: ExecutionContext, timeoutMs?: number) {
  const log: string[] = []
  const runner = new HookRunner({
    environment: { PATH: process.env.PATH },
    log: line => log.push(line),
    timeoutMs,
  })
  t.teardown(() => runner.stop())
  const says = (pattern: RegExp) =>
    waitUntil(`the log says ${pattern}`, () => log.find(line => pattern.test(line)), { state: () => log })
  return { log, runner, says }
}

test('no shell is between: names that hold anything arrive as they are', async t => {
  const { runner, says } = running(t)
  const path = join(await temporaryFolder(t), 'told.json')
  const name = '$(touch /tmp/x); `id` "\'\n\u001b[2J\u202e 日本 * ~ %PATH% ; rm -rf'
  runner.run({
    title: 'hook',
    program: node(
      'fs.writeFileSync(process.argv[1], JSON.stringify([process.env.P2PSHARE_NAME, process.argv[2]]))',
      path,
      '$HOME *',
    ),
    variables: { P2PSHARE_NAME: name },
  })
  await says(/ended with 0/)
  t.deepEqual(JSON.parse(await readFile(path, 'utf8')), [name, '$HOME *'])
})

test('a name with a NUL is refused, which no program can be handed', t => {
  const { runner, log } = running(t)
  runner.run({ title: 'hook', program: node(''), variables: { P2PSHARE_NAME: 'a\0b' } })
  t.regex(log[0]!, /not run, a NUL/)
  t.is(runner.running, 0)
})

test('a program that is not there is told of', async t => {
  const { runner, says } = running(t)
  runner.run({ title: 'hook', program: ['/nothing/here'], variables: {} })
  t.regex(await says(/hook/), /cannot be run: .*ENOENT/)
  t.is(runner.running, 0)
})

test('how a program ended and the beginning of what it said are told', async t => {
  const { runner, log, says } = running(t)
  const script = 'console.log("hello"); console.error("x".repeat(100000)); process.exitCode = 3'
  runner.run({ title: 'hook', program: node(script), variables: {} })
  await says(/and more/)
  t.regex(log[0]!, /^hook: ended with 3 after \d+\.\d s$/)
  t.true(log.includes('hook: hello'))
  t.true(log.join('').length < 5_000)
})

test('a program that takes too long is ended, also where it does not care to be', async t => {
  const { runner, says } = running(t, 300)
  runner.run({ title: 'hook', program: node('setInterval(() => {}, 1000)'), variables: {} })
  t.regex(await says(/hook/), /ended, it took more than 0.3 s/)
  t.is(runner.running, 0)
})

test('what takes too long is ended with all that it has started, also where neither cares', async t => {
  const { runner, says } = running(t, 1_500)
  const told = join(await temporaryFolder(t), 'pid')
  const deaf = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)`
  const script = `${deaf}; const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(deaf)}], { stdio: 'ignore' }); fs.writeFileSync(process.argv[1], String(child.pid))`
  runner.run({ title: 'hook', program: node(script, told), variables: {} })
  t.regex(await says(/hook/), /ended, it took more than 1.5 s/)
  const pid = Number(await readFile(told, 'utf8'))
  t.true(pid > 1)
  await waitUntil('what it started has ended', () => !isAlive(pid))
})

test('what a program leaves behind holds up nobody', async t => {
  const { runner, says } = running(t)
  const script = `require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 20000)'], { stdio: 'inherit', detached: true }).unref()`
  const startMs = performance.now()
  runner.run({ title: 'hook', program: node(script), variables: {} })
  await says(/ended with 0/)
  t.true(performance.now() - startMs < 15_000)
})

test('four run at a time; the others wait, a thousand of them at most', async t => {
  const { runner, log } = running(t)
  const folder = await temporaryFolder(t)
  const open = join(folder, 'open')
  // Each says that it runs, and ends once the test lets it.
  const script = `const fs = require('node:fs'); fs.writeFileSync(process.argv[1] + '/' + process.env.N, ''); setInterval(() => { if (fs.existsSync(process.argv[1] + '/open')) process.exit() }, 20)`
  const run = (number: number) =>
    runner.run({ title: `hook ${number}`, program: node(script, folder), variables: { N: String(number) } })
  for (let number = 0; number < 6; number++) run(number)
  await waitUntil('four run', async () => (await readdir(folder)).length === 4)
  t.is(runner.running, 4)
  t.is(runner.waiting, 2)
  await writeFile(open, '')
  await waitUntil('all have run', async () => (await readdir(folder)).length === 7)
  await waitUntil('all have ended', () => runner.running === 0)
  t.is(log.length, 6)
})

test('beyond a thousand that wait no more are taken', t => {
  const { runner, log } = running(t)
  const wait = node('setInterval(() => {}, 1000)')
  for (let number = 0; number < 1_005; number++) runner.run({ title: 'hook', program: wait, variables: {} })
  t.is(runner.waiting, 1_000)
  t.deepEqual(log, ['hook: not run, 1000 others wait'])
})

test('once it is stopped those that run are ended, and no more begin', async t => {
  const { runner, says } = running(t)
  const wait = node('setInterval(() => {}, 1000)')
  for (let number = 0; number < 5; number++) runner.run({ title: 'hook', program: wait, variables: {} })
  runner.stop()
  await says(/ended by SIGTERM/)
  await waitUntil('all have ended', () => runner.running === 0)
  runner.run({ title: 'hook', program: wait, variables: {} })
  t.is(runner.running + runner.waiting, 0)
})

test('what is about the same is run one after another, and keeps nothing else waiting', async t => {
  const { runner, log, says } = running(t)
  const folder = await temporaryFolder(t)
  const untilOpen = node(
    'setInterval(() => { if (fs.existsSync(process.argv[1])) process.exit() }, 20)',
    join(folder, 'open'),
  )
  const ended = () => log.map(line => line.split(':')[0])
  runner.run({ title: 'added 1', about: '1', program: untilOpen, variables: {} })
  runner.run({ title: 'done 1', about: '1', program: node(''), variables: {} })
  runner.run({ title: 'done 2', about: '2', program: node(''), variables: {} })
  runner.run({ title: 'alone', program: node(''), variables: {} })
  await says(/^done 2/)
  await says(/^alone/)
  t.is(runner.waiting, 1)
  await writeFile(join(folder, 'open'), '')
  await says(/^done 1/)
  t.deepEqual(ended().slice(2), ['added 1', 'done 1'])
})
