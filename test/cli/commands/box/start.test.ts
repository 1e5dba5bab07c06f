import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { listen } from '../../../../src/http/index.ts'
import { runCommand, startCommand } from '../../../kit/command.ts'
import { requireThat } from '../../../kit/external.ts'
import { temporaryFolder } from '../../../kit/temp-folder.ts'

/** A box, until it says that it runs. */
async function start(
  t: ExecutionContext,
  how: { home?: string; columns?: number; settings?: string; until?: RegExp },
) {
  const home = how.home ?? (await temporaryFolder(t, 'home'))
  if (how.settings !== undefined) {
    await mkdir(join(home, 'config'))
    await writeFile(join(home, 'config', 'box.toml'), how.settings)
  }
  const variables = { P2PSHARE_HOME: home, TERM: 'xterm', NOTIFY_SOCKET: '' }
  const args = ['box', 'start', '--listen', '127.0.0.1:0']
  const box = await startCommand(t, args, { variables, ...(how.columns && { columns: how.columns }) })
  await box.says(how.until ?? /oken/)
  const end = async () => {
    box.interrupt()
    await box.exitCode
  }
  return { box, home, end, token: (await readFile(join(home, 'api-token'), 'utf8')).trim() }
}

test('the first start prints the token, and says on a terminal that the owner needs none', async t => {
  if (!requireThat(t, process.platform === 'linux', 'only Linux tells whose program asks')) return
  const { box, token } = await start(t, { columns: 80 })
  t.regex(box.stdout(), /^http:\/\/127\.0\.0\.1:\d+\n$/)
  await box.says(new RegExp(`in a browser of yours: it asks you for no token\nToken, .*:\n${token}\n`))
})

test('where the pages ask for the token a terminal is given a link that signs in, and a pipe is not', async t => {
  const settings = '[server]\npublic_url = "http://box.localhost"\n'
  const { box } = await start(t, { columns: 80, settings })
  const [, path] = /^http:\/\/box\.localhost(\/sign-in\/\S+)$/m.exec(box.stderr()) ?? []
  const answer = await fetch(box.stdout().trim() + path, { redirect: 'manual' })
  t.deepEqual([answer.status, answer.headers.get('location')], [303, '/'])
  const piped = await start(t, { settings })
  t.false(piped.box.stderr().includes('/sign-in/'))
})

test('where nobody sits only the place of the token is told, and the first terminal is shown it, once', async t => {
  const piped = await start(t, {})
  const { home, token } = piped
  t.regex(piped.box.stderr(), /^The token is in .*api-token$/m)
  t.false(piped.box.stderr().includes(token))
  await piped.end()
  const seen = await start(t, { home, columns: 80 })
  await seen.box.says(new RegExp(`^Token, .*:\n${token}$`, 'm'))
  await seen.end()
  const again = await start(t, { home, columns: 80, until: /transfers/ })
  t.false(again.box.stderr().includes(token))
})

test('a first start that fails leaves the token to be shown by the next', async t => {
  const taken = await listen(() => new Response(), { port: 0 })
  t.teardown(taken.close)
  const home = await temporaryFolder(t, 'home')
  const args = ['box', 'start', '--listen', `${taken.host}:${taken.port}`]
  t.is(
    (await runCommand(t, args, { variables: { P2PSHARE_HOME: home, TERM: 'xterm' }, columns: 80 })).exitCode,
    5,
  )
  const { box, token } = await start(t, { home, columns: 80 })
  await box.says(new RegExp(`^${token}$`, 'm'))
})

test('a token that is made anew is shown again', async t => {
  const first = await start(t, { columns: 80 })
  await first.box.says(new RegExp(`^${first.token}$`, 'm'))
  await first.end()
  await rm(join(first.home, 'api-token'))
  const { box, token } = await start(t, { home: first.home, columns: 80 })
  t.not(token, first.token)
  await box.says(new RegExp(`^${token}$`, 'm'))
})

test('a port that the page cannot have is told with the option of the page, which is not that of the peers', async t => {
  const { host, port, close } = await listen(() => new Response(), { port: 0 })
  t.teardown(close)
  const { exitCode, stderr } = await runCommand(t, ['box', 'start', '--listen', `${host}:${port}`])
  t.is(exitCode, 5)
  t.regex(stderr, /is taken: choose another; for the page that is --listen, or listen under \[server\]/)
})
