import { dirname, join } from 'node:path'
import test from 'ava'
import { startBox } from '../../../kit/box.ts'
import { runCommand } from '../../../kit/command.ts'
import { writeSampleFile } from '../../../kit/sample-files.ts'
import { addressOf, startSwarm } from '../../../kit/swarm.ts'
import { temporaryFolder } from '../../../kit/temp-folder.ts'
import { waitUntil } from '../../../kit/wait-until.ts'

test('box link prints the link of what is shared from a path, or says that nothing is', async t => {
  const cwd = await temporaryFolder(t)
  const settings = `[[folders.watch]]\npath = ${JSON.stringify(cwd)}\nsettle = 0\n`
  const { box, home } = await startBox(t, { settings })
  await writeSampleFile(join(cwd, 'zoo/a.jpg'), 50_000)
  const item = await waitUntil('the album is shared', () =>
    box.shelf.items().find(({ state }) => state === 'seeding'),
  )
  const run = (...args: string[]) =>
    runCommand(t, ['box', 'link', ...args], { cwd, variables: { P2PSHARE_HOME: home } })
  // It is told of as soon as that is written down, which is a moment after it is shared.
  const { stdout } = await waitUntil('the link is printed', async () => {
    const done = await run('zoo/a.jpg')
    return done.exitCode === 0 && done
  })
  t.is(stdout, `${item.transfer?.magnetLink}\n`)
  const json = await run('zoo', '--json')
  t.like(json.events()[0], { event: 'link', path: join(cwd, 'zoo'), name: 'zoo', infoHash: item.infoHash })
  const none = await run('elsewhere')
  t.is(none.exitCode, 3)
  t.regex(none.stderr, /Nothing is shared from .*elsewhere/)
})

test('box link finds what was shared by itself and what was fetched, by a file within an album too', async t => {
  const cwd = await temporaryFolder(t)
  const { box, home } = await startBox(t)
  const clip = await writeSampleFile(join(cwd, 'own/clip.avi'), 40_000, 'clip')
  await writeSampleFile(join(cwd, 'own/zoo/a.jpg'), 50_000, 'a')
  await writeSampleFile(join(cwd, 'own/zoo/day 2/b.jpg'), 50_000, 'b')
  await writeSampleFile(join(cwd, 'own/zoo/day 2/c.jpg'), 50_000, 'c')
  const one = await box.shelf.share(await box.swarm.create(clip), { origin: 'api' })
  const album = await box.shelf.share(await box.swarm.create(join(cwd, 'own/zoo')), { origin: 'api' })
  // Later than the torrent: it is in the folder, and not in the album.
  await writeSampleFile(join(cwd, 'own/zoo/late.jpg'), 50_000, 'late')
  const seeder = await startSwarm(t)
  const { magnetLink } = await seeder.seed(
    await writeSampleFile(join(cwd, 'far/film/1.avi'), 60_000).then(dirname),
  )
  const folder = join(cwd, 'films')
  const film = await box.shelf.get(magnetLink, { origin: 'api', folder, peers: [addressOf(seeder)] })
  await waitUntil('it is fetched', () => film.state === 'seeding')
  const links = async (path: string) => {
    const variables = { P2PSHARE_HOME: home }
    const { stdout } = await runCommand(t, ['box', 'link', path], { cwd, variables })
    return stdout.split('\n').filter(Boolean)
  }
  const [ofClip, ofAlbum, ofFilm] = [one, album, film].map(({ transfer }) => transfer!.magnetLink)
  t.deepEqual(await links('own/clip.avi'), [ofClip])
  t.deepEqual(await links('own/zoo'), [ofAlbum])
  t.deepEqual(await links('own/zoo/day 2'), [ofAlbum])
  t.deepEqual(await links('own/zoo/day 2/b.jpg'), [ofAlbum])
  t.deepEqual(await links('own/zoo/late.jpg'), [])
  t.deepEqual(await links('own'), [ofClip, ofAlbum])
  t.deepEqual(await links('films/film/1.avi'), [ofFilm])
  t.deepEqual(await links('films'), [ofFilm])
})
