import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { startBox } from '../../../kit/box.ts'
import { runCommand, startCommand } from '../../../kit/command.ts'
import { writeSampleAlbum, writeSampleFile } from '../../../kit/sample-files.ts'
import { addressOf, startSwarm } from '../../../kit/swarm.ts'
import { temporaryFolder } from '../../../kit/temp-folder.ts'
import { waitUntil } from '../../../kit/wait-until.ts'

async function open(t: ExecutionContext) {
  const cwd = await temporaryFolder(t)
  const downloads = join(cwd, 'downloads')
  const { box, home } = await startBox(t, { settings: `[folders]\ndownloads = "${downloads}"\n` })
  const run = (args: readonly string[]) => runCommand(t, args, { cwd, variables: { P2PSHARE_HOME: home } })
  return { box, cwd, downloads, home, run }
}

test('seed --box leaves the sharing to the box, with the same torrent as without it', async t => {
  const { box, cwd, run } = await open(t)
  await writeSampleAlbum(join(cwd, 'trip'))
  const how = ['--name', 'Our trip', '--exclude', '*.bin', '--comment', 'by the sea']
  const { events, exitCode, stderr } = await run([
    ...['seed', 'trip', '--box', '--json', '--seed-ratio', '2', '--upload-limit', '1M'],
    ...how,
  ])
  t.is(exitCode, 0, stderr)
  const [first] = events()
  t.like(first, { event: 'seeding', name: 'Our trip', fileCount: 4, port: box.swarm.port, box: 1 })
  const item = box.shelf.find(1)
  t.is(first?.infoHash, item.infoHash as unknown)
  t.is(item.state, 'seeding')
  t.like(item.entry, {
    goals: { ratio: 2, seedMs: undefined },
    limits: { upload: 1_048_576, download: undefined },
  })
  const created = await run(['create', 'trip', '--json', '-o', 'trip.torrent', ...how])
  t.is(created.events()[0]?.infoHash, item.infoHash)
})

test('seed --box shows how far the box is, and says that it goes on without whoever has left', async t => {
  const { box, cwd, home } = await open(t)
  const clip = await writeSampleFile(join(cwd, 'clip.avi'), 1_000_000)
  const { promise: hashed, resolve: finish } = Promise.withResolvers<void>()
  const create = box.swarm.create.bind(box.swarm)
  const slowly: typeof create = async (paths, options) => {
    options?.onProgress?.({ hashedBytes: 250_000, totalBytes: 1_000_000, filesDone: 0, fileCount: 1 })
    await hashed
    return create(paths, options)
  }
  Object.defineProperty(box.swarm, 'create', { value: slowly })
  const how = { cwd, columns: 100, variables: { P2PSHARE_HOME: home, TERM: 'xterm' } }
  const seed = await startCommand(t, ['seed', clip, '--box'], how)
  await seed.says(/\[1\/2\] Hashing .*250 kB of 1 MB/)
  seed.interrupt()
  t.is(await seed.exitCode, 130)
  t.regex(seed.stderr(), /The box goes on with it: p2pshare box ls shows it once it is hashed/)
  finish()
  await waitUntil('the box shares it', () => box.shelf.items()[0]?.state === 'seeding')
})

test('get --box lets the box fetch, by a link or by a .torrent that lies here', async t => {
  const { box, cwd, downloads, run } = await open(t)
  const seeder = await startSwarm(t)
  const folder = await temporaryFolder(t)
  const clip = await seeder.seed(await writeSampleFile(join(folder, 'a.avi'), 60_000))
  const { events } = await run(['get', clip.magnetLink, '--box', '--peer', addressOf(seeder), '--json'])
  t.like(events()[0], { event: 'added', id: 1, infoHash: clip.infoHash })
  await waitUntil('it is fetched', () => box.shelf.find(1).state === 'seeding')
  t.is(box.shelf.find(1).transfer?.path, join(downloads, 'a.avi'))

  await writeSampleFile(join(cwd, 'b.avi'), 70_000)
  await run(['create', 'b.avi', '-o', 'b.torrent'])
  const added = await run(['get', 'b.torrent', '--box', '-o', 'films'])
  t.deepEqual([added.exitCode, added.stdout], [0, '2  b.avi\n'])
  t.is(box.shelf.find(2).entry.source.folder, join(cwd, 'films'))
})

test('get --box refuses what the box has no use for', async t => {
  const { run } = await open(t)
  for (const option of ['--list', '--no-seed', '--allow-private'])
    t.is((await run(['get', 'a'.repeat(40), '--box', option])).exitCode, 2, option)
})

test('publish --box lists here and shares in the box', async t => {
  const { box, cwd, run } = await open(t)
  await writeSampleFile(join(cwd, 'zoo.avi'), 80_000)
  const { events, exitCode, stderr } = await run(['publish', 'zoo.avi', '--title', 'Zoo', '--box', '--json'])
  t.is(exitCode, 0, stderr)
  const named = (name: string) => events().find(({ event }) => event === name)
  t.like(named('published'), { title: 'Zoo' })
  t.like(named('added'), { id: 1, name: 'zoo.avi', infoHash: named('published')?.infoHash })
  t.is(box.shelf.find(1).state, 'seeding')
})

test('publish --box has the box keep the catalog up, also one that the home did not have when the box began', async t => {
  const { box, cwd, home } = await open(t)
  t.is(box.catalog, undefined)
  await writeSampleFile(join(cwd, 'zoo.avi'), 80_000)
  const variables = { P2PSHARE_HOME: home }
  const { stderr } = await runCommand(t, ['publish', 'zoo.avi', '--title', 'Zoo', '--box'], {
    cwd,
    variables,
  })
  t.regex(stderr, /The box has it as number 1, and keeps your catalog up/)
  box.following.apply()
  await waitUntil('the box has the catalog', () => box.catalog !== undefined)
})

test('where no box runs, nothing is hashed for it', async t => {
  for (const verb of ['seed', 'publish']) {
    const { exitCode, stderr } = await runCommand(t, [verb, '/no/such/file', '--box'])
    t.is(exitCode, 4, verb)
    t.true(stderr.includes('ERR_NO_BOX'), stderr)
    t.is(stderr.split('p2pshare box start').length, 2, 'the remedy is told once')
  }
})
