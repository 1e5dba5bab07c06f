import { once } from 'node:events'
import { mkdir, readFile, truncate } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { type RunningCommand, runCommand, startCommand } from '../../kit/command.ts'
import { freePort } from '../../kit/free-port.ts'
import { sameContent, writeSampleAlbum, writeSampleFile } from '../../kit/sample-files.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

interface Seeded {
  readonly seed: RunningCommand
  readonly source: string
  readonly magnet: string
  readonly infoHash: string
  readonly torrent: string
  readonly peer: string[]
}

async function seeded(t: ExecutionContext, content: 'clip' | 'album', more: string[] = []): Promise<Seeded> {
  const cwd = await temporaryFolder(t, 'seed')
  const source = join(cwd, content === 'clip' ? 'zoo clip.avi' : 'Our trip')
  await (content === 'clip' ? writeSampleFile(source, 400_000) : writeSampleAlbum(source))
  const torrent = join(cwd, 'made.torrent')
  const seed = await startCommand(t, ['seed', source, '--out', torrent, '--json', ...more], { cwd })
  const { magnet, infoHash, port } = await seed.event('seeding')
  return {
    seed,
    source,
    magnet: String(magnet),
    infoHash: String(infoHash),
    torrent,
    peer: ['--peer', `127.0.0.1:${port}`],
  }
}

test('a magnet link is fetched, its path is the line on stdout, and it seeds on until Ctrl-C', async t => {
  const { magnet, peer, source } = await seeded(t, 'clip')
  const get = await startCommand(t, ['get', magnet, '-o', 'films', ...peer])
  await get.says(/Seeding on/)
  const path = join(get.cwd, 'films', 'zoo clip.avi')
  t.is(get.stdout(), `${path}\n`)
  await sameContent(t, path, source)
  t.regex(get.stderr(), /^Fetching zoo clip\.avi \(1 file, 400 kB\)\nDone: 400 kB in/)
  get.interrupt()
  t.is(await get.exitCode, 130)
})

test('a second get takes it from the first one once the seeder is gone', async t => {
  const { seed, magnet, peer, source } = await seeded(t, 'clip')
  const port = String(await freePort())
  const first = await startCommand(t, ['get', magnet, '--json', ...peer, '--port', port])
  await first.event('done')
  seed.interrupt()
  await seed.exitCode
  const second = await runCommand(t, ['get', magnet, '--no-seed', '--peer', `127.0.0.1:${port}`])
  t.is(second.exitCode, 0)
  await sameContent(t, join(second.cwd, 'zoo clip.avi'), source)
})

test('a .torrent is fetched from its address; a redirect to another private address is refused with 7', async t => {
  const { torrent, peer, source } = await seeded(t, 'clip')
  const bytes = await readFile(torrent)
  const server = createServer((request, response) => {
    if (request.url === '/zoo.torrent') response.end(bytes)
    else response.writeHead(302, { location: 'http://127.0.0.2:1/zoo.torrent' }).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => void server.close())
  const { port } = server.address() as { port: number }
  const address = `http://127.0.0.1:${port}`

  const got = await runCommand(t, ['get', `${address}/zoo.torrent`, '--no-seed', ...peer])
  t.is(got.exitCode, 0)
  await sameContent(t, join(got.cwd, 'zoo clip.avi'), source)

  const denied = await runCommand(t, ['get', `${address}/elsewhere`, '--no-seed'])
  t.is(denied.exitCode, 7)
  t.true(denied.stderr.includes('ERR_ADDRESS_NOT_ALLOWED'))
})

test('an address that does not answer ends it with 4', async t => {
  const { exitCode, stderr } = await runCommand(t, [
    'get',
    `http://127.0.0.1:${await freePort()}/zoo.torrent`,
  ])
  t.is(exitCode, 4)
  t.true(stderr.includes('ERR_FETCH_FAILED'))
})

test('--json gives metadata and done with all that the contract names', async t => {
  const { magnet, infoHash, peer } = await seeded(t, 'album')
  const { exitCode, events, cwd, stderr } = await runCommand(t, [
    'get',
    magnet,
    '--json',
    '--no-seed',
    ...peer,
  ])
  t.is(exitCode, 0)
  const [metadata, done] = events().filter(({ event }) => event !== 'progress')
  t.deepEqual(metadata, { event: 'metadata', infoHash, name: 'Our trip', sizeBytes: 3_898_587, fileCount: 6 })
  t.deepEqual(Object.keys(done!), ['event', 'infoHash', 'path', 'sizeBytes', 'seconds'])
  t.like(done, { event: 'done', path: join(cwd, 'Our trip'), sizeBytes: 3_898_587 })
  t.is(stderr, '')
})

test('an info-hash, a .torrent file and stdin lead to the same files', async t => {
  const { infoHash, torrent, magnet, peer, source } = await seeded(t, 'album')
  const bytes = await readFile(torrent)
  for (const [id, stdin] of [[infoHash], [torrent], ['-', bytes], ['-', `${magnet}\n`]] as const) {
    const got = await runCommand(t, ['get', id, '--no-seed', ...peer], stdin === undefined ? {} : { stdin })
    t.is(got.exitCode, 0, got.stderr)
    await sameContent(t, join(got.cwd, 'Our trip'), source)
  }
})

test('--list numbers the files of a torrent without the network, and of a magnet link by asking peers', async t => {
  const { torrent, magnet, peer } = await seeded(t, 'album')
  const fromFile = await runCommand(t, ['get', torrent, '--list'])
  t.regex(fromFile.stdout, /^#\s+Size\s+Path\n1\s+40 kB\s+Our trip\/cover\.jpg\n/)
  const fromPeers = await runCommand(t, ['get', magnet, '--list', ...peer])
  t.is(fromPeers.stdout, fromFile.stdout)
  t.is(fromPeers.exitCode, 0)
  const json = await runCommand(t, ['get', torrent, '--list', '--json'])
  t.like(json.events()[0], { event: 'file', number: 1, path: 'Our trip/cover.jpg', sizeBytes: 40_000 })
})

test('--select fetches only what it names', async t => {
  const { torrent, peer } = await seeded(t, 'album')
  const { exitCode, cwd } = await runCommand(t, [
    'get',
    torrent,
    '-s',
    '1',
    '-s',
    '*.JPG',
    '--no-seed',
    ...peer,
  ])
  t.is(exitCode, 0)
  t.is((await readFile(join(cwd, 'Our trip', 'cover.jpg'))).length, 40_000)
  t.is((await readFile(join(cwd, 'Our trip', 'day 1', 'Löwe im Gras.jpg'))).length, 310_007)
  await t.throwsAsync(readFile(join(cwd, 'Our trip', 'day 2', 'exact.bin')), { code: 'ENOENT' })
})

test('--select of a file that is not there ends with 3, and of two torrents with 2', async t => {
  const { torrent, peer } = await seeded(t, 'clip')
  const missing = await runCommand(t, ['get', torrent, '-s', '9', '--no-seed', ...peer])
  t.is(missing.exitCode, 3)
  t.true(missing.stderr.includes('ERR_NO_SUCH_FILE'))
  t.is((await runCommand(t, ['get', torrent, torrent, '-s', '1'])).exitCode, 2)
})

test('with nobody there it says why, channel by channel, and --timeout ends it with 4', async t => {
  const magnet = `magnet:?xt=urn:btih:${'ab'.repeat(20)}&dn=zoo%1B%5B31m&tr=http%3A%2F%2F127.0.0.1%3A1%2Fannounce`
  const args = [
    'get',
    magnet,
    '--timeout',
    '200ms',
    '--peer',
    '127.0.0.1:1',
    '-a',
    'http://127.0.0.1:2/announce',
  ]
  const { exitCode, stdout, stderr } = await runCommand(t, args)
  t.is(exitCode, 4)
  t.is(stdout, '')
  for (const line of [
    /^ {2}DHT +off$/m,
    /^ {2}Local network +off/m,
    /^ {2}Peer exchange +off$/m,
    /^ {2}Tracker http:\/\/127\.0\.0\.1:1\/announce +a private address/m,
    /^ {2}Tracker http:\/\/127\.0\.0\.1:2\/announce +(fails: |has not answered yet)/m,
    /^ {2}Peer 127\.0\.0\.1:1 +does not answer$/m,
    /ERR_NO_PEERS\n$/,
  ])
    t.regex(stderr, line)
  t.false(stderr.includes('\u001B'))
})

test('after ten seconds without peers it says why once, and goes on', async t => {
  let nowMs = 0
  const clock = {
    now: () => new Date(nowMs),
    monotonicMs: () => nowMs,
    wait: async (ms: number, signal: AbortSignal) => {
      await new Promise(resolve => setImmediate(resolve))
      signal.throwIfAborted()
      nowMs += ms
    },
  }
  const get = await startCommand(t, ['get', 'ab'.repeat(20), '--timeout', '40s'], { clock })
  t.is(await get.exitCode, 4)
  t.is(get.stderr().match(/is there yet/g)?.length, 1)
})

test('interrupted while it looks for peers it ends with 130', async t => {
  const get = await startCommand(t, ['get', 'ab'.repeat(20), '--json'])
  get.interrupt()
  t.is(await get.exitCode, 130)
  t.deepEqual(get.events().at(-1), { event: 'interrupted' })
})

test('started again after files were damaged it fetches what is missing', async t => {
  const { torrent, peer, source } = await seeded(t, 'album')
  const home = await temporaryFolder(t, 'home')
  const options = { cwd: await temporaryFolder(t), variables: { P2PSHARE_HOME: home } }
  t.is((await runCommand(t, ['get', torrent, '--no-seed', ...peer], options)).exitCode, 0)
  const copy = join(options.cwd, 'Our trip')
  await truncate(join(copy, 'day 2', 'exact.bin'), 1000)
  const again = await runCommand(t, ['get', torrent, '--no-seed', ...peer], options)
  t.is(again.exitCode, 0)
  t.is(again.stdout, `${copy}\n`)
  await sameContent(t, copy, source)
})

test('a folder that cannot be written ends it with 5', async t => {
  const { torrent, peer } = await seeded(t, 'clip')
  const cwd = await temporaryFolder(t)
  await writeSampleFile(join(cwd, 'films'), 10)
  const { exitCode } = await runCommand(t, ['get', torrent, '-o', 'films', '--no-seed', ...peer], { cwd })
  t.is(exitCode, 5)
})

const badIds: Record<string, [id: string, code: string]> = {
  'a magnet link without an info-hash': ['magnet:?dn=zoo', 'ERR_INVALID_MAGNET'],
  'a file that is not there': ['gone.torrent', 'ERR_PATH_NOT_FOUND'],
  'an empty stdin': ['-', 'ERR_INVALID_IDENTIFIER'],
  'a folder': ['folder', 'ERR_UNREADABLE_FILE'],
}

for (const [what, [id, code]] of Object.entries(badIds))
  test(`${what} ends with 3 and ${code}`, async t => {
    const cwd = await temporaryFolder(t)
    await mkdir(join(cwd, 'folder'))
    const { exitCode, stderr } = await runCommand(t, ['get', id], { cwd })
    t.is(exitCode, 3)
    t.true(stderr.includes(code), stderr)
  })
