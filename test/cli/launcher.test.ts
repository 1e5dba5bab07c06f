import { chmod, cp, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test, { type ExecutionContext } from 'ava'
import { type Child, startChild } from '../kit/child.ts'
import { quietVariables } from '../kit/command.ts'
import { requireThat } from '../kit/external.ts'
import { writeSampleFile } from '../kit/sample-files.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'
import { waitUntil } from '../kit/wait-until.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const launcher = join(root, 'bin', 'p2pshare.js')

/** The real command, in a folder and with a home of its own. */
async function launch(
  t: ExecutionContext,
  args: string[],
  options: { preload?: string; bin?: string; home?: string } = {},
) {
  const cwd = await temporaryFolder(t)
  const { preload, bin = launcher, home = join(cwd, 'home') } = options
  const own = { P2PSHARE_HOME: home, NODE_OPTIONS: '', NODE_COMPILE_CACHE: '' }
  const env = { ...process.env, ...quietVariables, ...own }
  const program = [...(preload ? ['--require', preload] : []), bin, ...args]
  await writeSampleFile(join(cwd, 'zoo.avi'), 50_000)
  return startChild(t, process.execPath, program, { cwd, env })
}

async function endOf(child: Child): Promise<{ exit: number | string; output: string }> {
  const exit = await child.exited
  await waitUntil('everything is written', () => child.stdout.closed || child.stdout.readableEnded)
  return { exit, output: child.output() }
}

/** A module that makes Node believe that it is 20. */
async function pretendOldNode(t: ExecutionContext): Promise<string> {
  const path = join(await temporaryFolder(t), 'old.cjs')
  await writeFile(
    path,
    "if (!process.env.P2PSHARE_RELAUNCHED) Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.1.0' } })",
  )
  return path
}

const says = (child: Child, pattern: RegExp) =>
  waitUntil(`the command says ${pattern}`, () => pattern.test(child.output()), { state: child.output })

test('--version is that of the package', async t => {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  for (const flag of ['--version', '-V']) {
    const { exit, output } = await endOf(await launch(t, [flag]))
    t.is(output, `${version}\n`)
    t.is(exit, 0)
  }
})

test('the launcher is written so that an old Node can read it', async t => {
  const source = await readFile(launcher, 'utf8')
  t.notRegex(source, /\b(const|let|class|async|await)\s|=>|`\$|\?\?|\?\.[a-z]|\.\.\.[a-z]/)
})

test('too old a Node is told which one to install, and how, with 5', async t => {
  const copy = await temporaryFolder(t)
  await cp(dirname(launcher), join(copy, 'bin'), { recursive: true })
  await cp(join(root, 'package.json'), join(copy, 'package.json'))
  const options = { preload: await pretendOldNode(t), bin: join(copy, 'bin', 'p2pshare.js') }
  const { exit, output } = await endOf(await launch(t, ['seed', 'zoo.avi'], options))
  t.is(exit, 5)
  t.regex(
    output,
    /needs Node 22\.22 or newer, and this is Node 20\.1\.0\n {2}Install .*nvm install 24.*\n {2}ERR_NODE_TOO_OLD\n$/,
  )
})

test('a checkout runs on its own Node where the machine’s is too old, and passes signals and exit code on', async t => {
  const copy = await temporaryFolder(t)
  await cp(dirname(launcher), join(copy, 'bin'), { recursive: true })
  for (const shared of ['package.json', 'dist']) await symlink(join(root, shared), join(copy, shared))
  await mkdir(join(copy, 'node_modules', 'node', 'bin'), { recursive: true })
  await symlink(process.execPath, join(copy, 'node_modules', 'node', 'bin', 'node'))
  const options = { preload: await pretendOldNode(t), bin: join(copy, 'bin', 'p2pshare.js') }

  t.is((await endOf(await launch(t, ['info', 'gone.avi'], options))).exit, 3)
  const seed = await launch(t, ['seed', 'zoo.avi'], options)
  await says(seed, /\[2\/2\] Seeding/)
  process.kill(seed.pid, 'SIGTERM')
  t.is(await seed.exited, 130)
})

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  test(`${signal} ends seeding cleanly with 130`, async t => {
    const seed = await launch(t, ['seed', 'zoo.avi'])
    await says(seed, /\[2\/2\] Seeding/)
    process.kill(seed.pid, signal)
    t.is(await seed.exited, 130)
    t.regex(seed.output(), /Stopping: 0 B uploaded/)
  })

test('Ctrl-C that arrives twice at once, as npx passes it on, is one', async t => {
  const seed = await launch(t, ['seed', 'zoo.avi'])
  await says(seed, /\[2\/2\] Seeding/)
  process.kill(seed.pid, 'SIGINT')
  process.kill(seed.pid, 'SIGINT')
  t.is(await seed.exited, 130)
  t.regex(seed.output(), /Stopping: 0 B uploaded/)
})

test('a reader that leaves after the first line does not end the seeding', async t => {
  const seed = await launch(t, ['seed', 'zoo.avi'])
  await says(seed, /magnet:/)
  seed.stdout.destroy()
  await says(seed, /\[2\/2\] Seeding/)
  process.kill(seed.pid, 'SIGINT')
  t.is(await seed.exited, 130)
})

test('all of a result reaches a pipe before the command ends', async t => {
  const child = await launch(t, ['create', 'zoo.avi', '-o', '-'])
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  t.is((await endOf(child)).exit, 0)
  const bytes = Buffer.concat(chunks)
  t.is(bytes.subarray(-1).toString(), 'e')
  t.true(bytes.includes('zoo.avi'))
})

test('compiled code is kept where no other user can write, whatever the umask', async t => {
  if (!requireThat(t, process.platform !== 'win32', 'Windows has no umask')) return
  const preload = join(await temporaryFolder(t), 'umask.cjs')
  await writeFile(preload, 'process.umask(0)')
  const home = join(await temporaryFolder(t), 'home')
  await endOf(await launch(t, ['info', 'nothing.torrent'], { preload, home }))
  const cache = join(home, 'compile-cache')
  t.is((await stat(cache)).mode & 0o777, 0o700)
  t.not((await readdir(cache)).length, 0, 'it is in use')
})

test('a folder for compiled code that others can write is left alone', async t => {
  if (!requireThat(t, process.platform !== 'win32', 'Windows has no such rights')) return
  const home = await temporaryFolder(t)
  const cache = join(home, 'compile-cache')
  await mkdir(cache)
  await chmod(cache, 0o777)
  await endOf(await launch(t, ['info', 'nothing.torrent'], { home }))
  t.deepEqual(await readdir(cache), [])
})
