import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import test from 'ava'
import { sampleBytes } from './kit/sample-files.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('..', import.meta.url))
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }

/** As a person's shell would have it: nothing of the npm that runs these tests, and its Node first. */
const env: NodeJS.ProcessEnv = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(npm_(package|lifecycle|command)|INIT_CWD$|NODE_OPTIONS$)/.test(name),
  ),
)
env.PATH = [dirname(process.execPath), process.env.PATH].join(delimiter)

let folder = ''
let tarball = ''

async function inFolder(command: string, ...args: string[]) {
  try {
    return await run(command, args, { cwd: folder, env, maxBuffer: 1 << 24 })
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Error(`${command} ${args.join(' ')} failed: ${stderr}${stdout}`, { cause: error })
  }
}

test.before('npm installs what npm packs', async t => {
  t.timeout(180_000)
  folder = await mkdtemp(join(tmpdir(), 'p2pshare-package-'))
  await writeFile(join(folder, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }')
  await writeFile(join(folder, 'clip.avi'), sampleBytes(100_000))
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root, env })
  tarball = join(folder, `p2pshare-${version}.tgz`)
  await inFolder('npm', 'install', '--prefix', folder, '--prefer-offline', '--no-audit', '--no-fund', tarball)
})

test.after.always(async () => {
  if (folder) await rm(folder, { recursive: true, force: true })
})

test('the installed command tells its version', async t => {
  const { stdout } = await inFolder('npx', '--no-install', 'p2pshare', '--version')
  t.is(stdout.trim(), version)
})

test('no built file imports a source file', async t => {
  const dist = join(root, 'dist')
  const built = (await readdir(dist, { recursive: true })).filter(name => name.endsWith('.js'))
  t.true(built.length > 100)
  for (const name of built) {
    const text = await readFile(join(dist, name), 'utf8')
    t.notRegex(text, /(?:from|import\() ?['"][^'"]+\.ts['"]/, name)
  }
})

test('the installed command creates a torrent and tells what is in it', async t => {
  await inFolder('npx', '--no-install', 'p2pshare', 'create', 'clip.avi', '--out', 'clip.torrent')
  const { stdout } = await inFolder('npx', '--no-install', 'p2pshare', 'info', 'clip.torrent')
  t.regex(stdout, /clip\.avi/)
})

test('the installed library seeds a file and fetches it', async t => {
  const script = `
    import { createTorrent, readMagnet, readTorrent, Swarm } from 'p2pshare'
    const off = { port: 0, dht: false, lsd: false, pex: false, nat: false }
    await using one = await Swarm.start({ ...off, home: 'one' })
    await using other = await Swarm.start({ ...off, home: 'other' })
    const { bytes } = await createTorrent('clip.avi')
    const clip = await one.seed('clip.avi')
    const copy = await other.get(clip.magnetLink, { out: 'copies', peers: ['127.0.0.1:' + one.port] })
    await copy.finished({ signal: AbortSignal.timeout(30_000) })
    const hashes = [(await readTorrent(bytes)).infoHash, readMagnet(clip.magnetLink).infoHash, copy.infoHash]
    console.log(new Set(hashes).size, copy.path)
  `
  await writeFile(join(folder, 'consumer.js'), script)
  const { stdout } = await inFolder('node', 'consumer.js')
  t.is(stdout.trim(), `1 ${join(folder, 'copies', 'clip.avi')}`)
  t.deepEqual(await readFile(join(folder, 'copies', 'clip.avi')), sampleBytes(100_000))
})

test('the types of the installed library hold where everything is checked', async t => {
  const example = await readFile(join(root, 'test', 'public-api.ts'), 'utf8')
  await writeFile(join(folder, 'consumer.ts'), example.replaceAll('../src/index.ts', 'p2pshare'))
  await mkdir(join(folder, 'node_modules', '@types'), { recursive: true })
  await symlink(join(root, 'node_modules', '@types', 'node'), join(folder, 'node_modules', '@types', 'node'))
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const options = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    'false',
    '--module',
    'nodenext',
    '--target',
    'es2024',
  ]
  const libraries = ['--lib', 'es2024,esnext.disposable,esnext.iterator', '--types', 'node']
  await t.notThrowsAsync(inFolder('node', tsc, ...options, ...libraries, 'consumer.ts'))
})

test('publint and arethetypeswrong find nothing wrong with the package', async t => {
  const bin = join(root, 'node_modules', '.bin')
  await t.notThrowsAsync(inFolder(join(bin, 'publint'), tarball, '--strict'))
  await t.notThrowsAsync(inFolder(join(bin, 'attw'), tarball, '--profile', 'esm-only'))
})

for (const tooOld of ['22.21.1', '20.20.2', '18.0.0'])
  test(`on Node ${tooOld} the installed command names what to do instead of failing in its own code`, async t => {
    const disguise = join(folder, `node-${tooOld}.cjs`)
    const versions = `{ ...process.versions, node: '${tooOld}' }`
    await writeFile(disguise, `Object.defineProperty(process, 'versions', { value: ${versions} })`)
    const launcher = join(folder, 'node_modules', 'p2pshare', 'bin', 'p2pshare.js')
    const failure = await t.throwsAsync<Error & { code: number; stderr: string }>(
      run('node', ['--require', disguise, launcher, 'info', 'clip.avi'], { cwd: folder, env }),
    )
    t.is(failure?.code, 5)
    t.true(failure?.stderr.includes(`needs Node 22.22 or newer, and this is Node ${tooOld}`))
    t.regex(failure?.stderr ?? '', /nodejs\.org/)
    t.notRegex(failure?.stderr ?? '', /^\s+at /m)
  })
