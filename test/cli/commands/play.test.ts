import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { runCommand, startCommand } from '../../kit/command.ts'
import { writeSampleAlbum, writeSampleFile } from '../../kit/sample-files.ts'
import { addressOf, startSwarm } from '../../kit/swarm.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'
import { waitUntil } from '../../kit/wait-until.ts'

async function seeded(t: ExecutionContext, content: 'clip' | 'album') {
  const seeder = await startSwarm(t)
  const source = join(await temporaryFolder(t), content === 'clip' ? 'zoo clip.avi' : 'Our trip')
  await (content === 'clip' ? writeSampleFile(source, 400_000) : writeSampleAlbum(source))
  const { magnetLink } = await seeder.seed(source)
  return { magnetLink, source, peer: ['--peer', addressOf(seeder)] }
}

/** A hundred times as fast, so that a minute without a reader is soon over. */
function fastClock() {
  return {
    now: () => new Date(),
    monotonicMs: () => performance.now() * 100,
    wait: async (ms: number, signal: AbortSignal) => {
      await new Promise(resolve => setTimeout(resolve, ms / 100))
      signal.throwIfAborted()
    },
  }
}

test('the address is the first line on stdout, plays, and Ctrl-C ends it with 130', async t => {
  const { magnetLink, source, peer } = await seeded(t, 'clip')
  const play = await startCommand(t, ['play', magnetLink, '-o', 'films', ...peer])
  await play.says(/Playing zoo clip\.avi \(400 kB\)/)
  const lines = play.stdout().split('\n')
  t.regex(lines[0]!, /^http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}\/0\/zoo%20clip\.avi$/)
  t.is(lines.length, 2)
  const bytes = await (await fetch(lines[0]!)).arrayBuffer()
  t.true((await readFile(source)).equals(Buffer.from(bytes)))
  await play.says(/seeding on/)
  t.true((await readFile(join(play.cwd, 'films', 'zoo clip.avi'))).equals(Buffer.from(bytes)))
  play.interrupt()
  t.is(await play.exitCode, 130)
  await t.throwsAsync(fetch(lines[0]!))
})

test('--json says what plays where, and the largest video of an album is chosen', async t => {
  const { magnetLink, peer } = await seeded(t, 'album')
  const play = await startCommand(t, ['play', magnetLink, '--json', ...peer])
  const playing = await play.event('playing')
  t.deepEqual(Object.keys(playing), [
    ...['event', 'url', 'infoHash', 'number', 'path', 'sizeBytes', 'pageUrl', 'playlistUrl'],
  ])
  t.like(playing, { path: 'Our trip/day 1/🦁 roar.avi', sizeBytes: 2_500_003 })
  t.is((await fetch(String(playing.url))).status, 200)
  const list = await (await fetch(String(playing.playlistUrl))).text()
  t.true(list.includes(String(playing.url)))
  t.like(await play.event('done'), { sizeBytes: 2_500_003 })
})

test('a file is chosen by number or name; what is not there ends it with 3', async t => {
  const { magnetLink, peer } = await seeded(t, 'album')
  const play = await startCommand(t, ['play', magnetLink, 'cover.jpg', '--json', ...peer])
  t.like(await play.event('playing'), { path: 'Our trip/cover.jpg' })
  const wrong = await runCommand(t, ['play', magnetLink, '99', ...peer])
  t.is(wrong.exitCode, 3)
  t.true(wrong.stderr.includes('ERR_NO_SUCH_FILE'))
  t.is(wrong.stdout, '')
})

for (const engine of ['native', 'webtorrent']) {
  test(`${engine}: a file that was not chosen is fetched as soon as it is asked for`, async t => {
    const { magnetLink, peer, source } = await seeded(t, 'album')
    const play = await startCommand(t, ['play', magnetLink, 'cover.jpg', '--json', ...peer], {
      variables: { P2PSHARE_ENGINE: engine },
    })
    const { playlistUrl } = await play.event('playing')
    const list = await (await fetch(String(playlistUrl))).text()
    const url = list.split('\n').find(line => line.endsWith('roar.avi') && line.startsWith('http'))
    const bytes = Buffer.from(await (await fetch(url!)).arrayBuffer())
    t.true((await readFile(join(source, 'day 1', '🦁 roar.avi'))).equals(bytes))
  })
}

test('--player gets the address as one argument, without a shell, and --no-seed ends with it', async t => {
  const { magnetLink, peer } = await seeded(t, 'clip')
  const cwd = await temporaryFolder(t, 'cwd')
  await writeFile(join(cwd, 'my player'), `#!/bin/sh\nprintf '%s' "$#:$1" > played\n`)
  await chmod(join(cwd, 'my player'), 0o700)
  const words = ['play', magnetLink, '--no-seed', '--player', './my player', ...peer]
  const { exitCode, stdout, stderr } = await runCommand(t, words, { cwd })
  t.is(exitCode, 0, stderr)
  const played = await waitUntil('the player ran', () => readFile(join(cwd, 'played'), 'utf8'))
  t.is(played, `1:${stdout.trim()}`)
})

test('a player that is not there ends it with 3 and says the address', async t => {
  const { magnetLink, peer } = await seeded(t, 'clip')
  const { exitCode, stderr } = await runCommand(t, [
    'play',
    magnetLink,
    '--player',
    'no-such-player',
    ...peer,
  ])
  t.is(exitCode, 3)
  t.regex(stderr, /no-such-player cannot be started: open http:/)
})

test('--no-seed ends once everything is here and nobody has read for a minute', async t => {
  const { magnetLink, peer } = await seeded(t, 'clip')
  const { exitCode, stderr } = await runCommand(t, ['play', magnetLink, '--no-seed', ...peer], {
    clock: fastClock(),
  })
  t.is(exitCode, 0, stderr)
})
