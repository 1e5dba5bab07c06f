import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { displayWidth } from '../../../../src/cli/display-width.ts'
import { startBox } from '../../../kit/box.ts'
import { runCommand, startCommand } from '../../../kit/command.ts'
import { writeSampleAlbum, writeSampleFile } from '../../../kit/sample-files.ts'
import { addressOf, startSwarm } from '../../../kit/swarm.ts'
import { temporaryFolder } from '../../../kit/temp-folder.ts'
import { waitUntil } from '../../../kit/wait-until.ts'

const nowhere = `magnet:?xt=urn:btih:${'0123456789'.repeat(4)}&dn=nowhere`

/** A box that runs here, and the command line on its home. */
async function open(t: ExecutionContext) {
  const cwd = await temporaryFolder(t)
  const downloads = join(cwd, 'downloads')
  const { box, home } = await startBox(t, { settings: `[folders]\ndownloads = "${downloads}"\n` })
  const run = (args: readonly string[]) => runCommand(t, args, { cwd, variables: { P2PSHARE_HOME: home } })
  const json = async (args: readonly string[]) => {
    const done = await run([...args, '--json'])
    t.is(done.exitCode, 0, `${done.stdout}${done.stderr}`)
    return done.events()
  }
  return { box, home, cwd, downloads, run, json }
}

test('box status tells where the box is and what it does', async t => {
  const { box, run, json, downloads } = await open(t)
  t.like((await json(['box', 'status']))[0], {
    event: 'status',
    url: box.url,
    transfers: 0,
    downloads,
    uploadLimit: null,
  })
  const { stdout, exitCode } = await run(['box', 'status'])
  t.is(exitCode, 0)
  t.regex(stdout, new RegExp(`^Page +${box.url}$`, 'm'))
  t.regex(stdout, /^Transfers +0$/m)
  t.regex(stdout, /^Peers +0$/m)
  t.notRegex(stdout, /^Hours/m)
})

test('box status says of hours that never end that they are slow at all', async t => {
  const { home } = await startBox(t, { settings: '[slow]\nhours = ["daily 00:00-24:00"]\nupload = "1K"\n' })
  const { stdout } = await runCommand(t, ['box', 'status'], { variables: { P2PSHARE_HOME: home } })
  t.regex(stdout, /^Hours +slow at all hours$/m)
})

test('box limit sets and takes back the limits of one, and of all', async t => {
  const { json, run } = await open(t)
  await json(['box', 'add', nowhere])
  const one = { event: 'limits', id: 1, name: 'nowhere' }
  t.deepEqual(await json(['box', 'limit', '1', '--up', '2K']), [
    { ...one, uploadLimit: 2_048, downloadLimit: null },
  ])
  t.deepEqual(await json(['box', 'limit', '1', '--up', 'none', '--down', '1K']), [
    { ...one, uploadLimit: null, downloadLimit: 1_024 },
  ])
  const all = { event: 'limits', name: 'all' }
  t.deepEqual(await json(['box', 'limit', 'all', '--down', '3K']), [
    { ...all, uploadLimit: null, downloadLimit: 3_072 },
  ])
  t.deepEqual(await json(['box', 'limit', 'all']), [{ ...all, uploadLimit: null, downloadLimit: 3_072 }])
  t.is((await run(['box', 'limit', 'all', '--up', '0'])).exitCode, 2)
  t.is((await run(['box', 'limit', 'nosuch'])).exitCode, 3)
})

test('box show tells of a transfer what its limits and goals are, and how many wait before it', async t => {
  const { box, json, run, cwd } = await open(t)
  await box.shelf.share(await box.swarm.create(await writeSampleFile(join(cwd, 'a.avi'), 50_000)), {
    origin: 'api',
  })
  await box.shelf.change(box.shelf.find(1), { goals: { ratio: 1.5, seedMs: undefined } })
  await json(['box', 'limit', '1', '--up', '100kB'])
  const { stdout } = await run(['box', 'show', '1'])
  t.regex(stdout, /^Rates +down 0 B\/s, up 0 B\/s$/m)
  t.regex(stdout, /^Limits +down without limit, up at most 100 kB\/s$/m)
  t.regex(stdout, /^Rests +at ratio 1\.5, time as the settings say$/m)
  t.regex(stdout, /^Peers +0$/m)
  t.notRegex(stdout, /^Queue/m)
})

test('box show tells of one that waits how many fetch before it', async t => {
  const home = await temporaryFolder(t, 'home')
  const { box } = await startBox(t, { home, settings: '[queue]\ndownloads = 1\n' })
  for (const digit of '123')
    await box.shelf.get(`magnet:?xt=urn:btih:${digit.repeat(40)}`, { origin: 'api', folder: home })
  await waitUntil('two wait', () => box.shelf.items().filter(({ state }) => state === 'queued').length === 2)
  const { stdout } = await runCommand(t, ['box', 'show', '3'], { variables: { P2PSHARE_HOME: home } })
  t.regex(stdout, /^Queue +1 before it$/m)
})

test('the help of what takes a transfer says how many digits of its info-hash do, and they do', async t => {
  const { json, run } = await open(t)
  await json(['box', 'add', nowhere])
  t.regex((await run(['box', 'show', '--help'])).stdout, /the\s+first\s+6\s+digits/)
  t.is((await run(['box', 'show', 'a12345'])).exitCode, 3)
  const letters = 'abcdef0123'.repeat(4)
  await json(['box', 'add', letters])
  t.is((await json(['box', 'show', 'abcdef']))[0]?.infoHash, letters)
  t.is((await run(['box', 'show', 'abcde'])).exitCode, 3)
})

test('what pauses a transfer calls it what box ls does', async t => {
  const { json, run } = await open(t)
  await json(['box', 'add', nowhere])
  t.is((await run(['box', 'pause', '1'])).stdout, 'nowhere is paused\n')
  t.regex((await run(['box', 'ls'])).stdout, / paused /)
})

test('box label puts labels on and takes them off', async t => {
  const { json } = await open(t)
  await json(['box', 'add', nowhere, '--label', 'a'])
  const labelled = async (args: readonly string[]) => (await json(['box', 'label', '1', ...args]))[0]?.labels
  t.deepEqual(await labelled([]), ['a'])
  t.deepEqual(await labelled(['--add', 'b', '--add', 'a']), ['a', 'b'])
  t.deepEqual(await labelled(['--drop', 'a']), ['b'])
  t.deepEqual(await labelled(['--none']), [])
})

test('box add of what is there already gives it labels and peers, and says what stays as it was', async t => {
  const { box, run, json, cwd } = await open(t)
  const [first] = await json(['box', 'add', nowhere, '--label', 'a', '--peer', '127.0.0.1:9'])
  t.like(first, { event: 'added', id: 1, isNew: true })
  const args = ['box', 'add', nowhere, '--label', 'b', '--peer', '127.0.0.1:10', '--out', cwd, '--paused']
  const { stdout, stderr } = await run(args)
  t.is(stdout, '1  nowhere\n')
  t.regex(stderr, /nowhere was there already/)
  t.regex(stderr, /box move 1/)
  t.regex(stderr, /box pause 1/)
  const { entry, transfer } = box.shelf.find(1)
  t.deepEqual(entry.labels, ['a', 'b'])
  t.deepEqual(entry.peers, ['127.0.0.1:9', '127.0.0.1:10'])
  t.false(entry.isPaused)
  t.deepEqual(
    transfer?.channels().peers.map(({ address }) => address),
    entry.peers,
  )
  t.like((await json(args))[0], { id: 1, isNew: false, labels: ['a', 'b'] })
})

test('box files lists them, and chooses which are fetched', async t => {
  const { json, run, box } = await open(t)
  const seeder = await startSwarm(t)
  const { magnetLink } = await seeder.seed(await writeSampleAlbum(join(await temporaryFolder(t), 'trip')))
  await json(['box', 'add', magnetLink, '--peer', addressOf(seeder)])
  await waitUntil('it is fetched', () => box.shelf.items()[0]?.state === 'seeding')
  const wanted = (events: readonly Record<string, unknown>[]) =>
    events.filter(({ priority }) => priority !== 0).map(({ number }) => number)
  t.deepEqual(wanted(await json(['box', 'files', '1', '--skip', '*.jpg'])), [3, 4, 5, 6])
  t.deepEqual(wanted(await json(['box', 'files', '1', '--only', '1-2'])), [1, 2])
  const { stdout } = await run(['box', 'files', '1'])
  t.regex(stdout, /^1 +40 kB +100 % + trip\/cover\.jpg$/m)
  t.regex(stdout, /not wanted +trip\/day 1/)
})

test('box queue, recheck and move do what they say', async t => {
  const { json, run, box, cwd } = await open(t)
  const seeder = await startSwarm(t)
  const { magnetLink } = await seeder.seed(
    await writeSampleFile(join(await temporaryFolder(t), 'a.avi'), 90_000),
  )
  await json(['box', 'add', nowhere])
  await json(['box', 'add', magnetLink, '--peer', addressOf(seeder)])
  const isThere = () => box.shelf.find(2).state === 'seeding'
  await waitUntil('it is fetched', isThere)
  await json(['box', 'queue', 'a.avi', 'top'])
  const places = box.shelf.items().map(({ entry }) => entry.queuePlace)
  t.true(places[1]! < places[0]!)
  t.is((await run(['box', 'queue', '1', 'bottom'])).stdout, 'nowhere goes after all others\n')
  t.is((await run(['box', 'queue', '1', 'sideways'])).exitCode, 2)
  t.deepEqual(await json(['box', 'recheck', '2']), [{ event: 'checking', id: 2, name: 'a.avi' }])
  await waitUntil('it is checked', isThere)
  const path = join(cwd, 'films', 'a.avi')
  t.deepEqual(await json(['box', 'move', '2', 'films']), [{ event: 'moved', id: 2, name: 'a.avi', path }])
})

test('box rm asks once for all that it is given, and forgets none where the answer is no or one is not there', async t => {
  const { box, home, json, run } = await open(t)
  await json(['box', 'add', nowhere, '0123456789abcdef0123456789abcdef01234567'])
  const left = () => box.shelf.items().length
  t.is((await run(['box', 'rm', '1', 'nosuch'])).exitCode, 3)
  t.is(left(), 2)
  const answer = (typed: string) =>
    runCommand(t, ['box', 'rm', '1', '2', '1', '--data'], {
      ...{ typed, columns: 80, variables: { P2PSHARE_HOME: home, TERM: 'xterm' } },
    })
  const refused = await answer('n\n')
  t.is(refused.exitCode, 7)
  t.regex(refused.stderr, /^Forget nowhere, \w+ and delete their files\? \[y\/N\] Nothing is forgotten\n$/)
  t.is(left(), 2)
  t.is((await answer('y\n')).exitCode, 0)
  t.is(left(), 0)
})

test('box rm in a script deletes files only with --yes, and forgets without it', async t => {
  const { box, json, run } = await open(t)
  await json(['box', 'add', nowhere, '0123456789abcdef0123456789abcdef01234567'])
  const unasked = await run(['box', 'rm', '1', '--data'])
  t.is(unasked.exitCode, 2)
  t.regex(unasked.stderr, /Nothing is forgotten: say --yes to delete its files/)
  t.is(box.shelf.items().length, 2)
  await json(['box', 'rm', '1', '--data', '--yes'])
  await json(['box', 'rm', '2'])
  t.is(box.shelf.items().length, 0)
})

test('box top prints a table once where nobody looks on, and anew each second on a terminal', async t => {
  const { run, json, home } = await open(t)
  await json(['box', 'add', nowhere])
  const { stdout } = await run(['box', 'top'])
  t.regex(stdout, /^1 transfer, 0 peers, down 0 B\/s, up 0 B\/s/)
  t.regex(stdout, /^1 +nowhere +finding/m)
  t.false(stdout.includes('\u001b'))
  t.like((await json(['box', 'top']))[0], { event: 'transfer', id: 1 })

  const live = await startCommand(t, ['box', 'top'], { columns: 100, variables: { P2PSHARE_HOME: home } })
  await waitUntil('two rounds', () => live.stdout().split('1 transfer,').length > 2)
  live.interrupt()
  t.is(await live.exitCode, 130)
})

test('box top ends with q, and leaves the terminal as it was', async t => {
  const { home } = await open(t)
  const variables = { P2PSHARE_HOME: home, TERM: 'xterm' }
  const live = await startCommand(t, ['box', 'top'], { columns: 80, variables, typed: 'xq' })
  t.is(await live.exitCode, 0)
  t.regex(live.stdout(), /^\u001b\[\?1049h\u001b\[\?25l.*\u001b\[\?25h\u001b\[\?1049l$/s)
})

test('on a terminal a row of box ls is a line, however long the names are, and narrow as it is', async t => {
  const { home, json } = await open(t)
  const long = `magnet:?xt=urn:btih:${'0123456789'.repeat(4)}&dn=${'zoo visit '.repeat(20)}`
  await json([
    'box',
    'add',
    long.replaceAll(' ', '%20'),
    nowhere.replace('=nowhere', '=%E6%97%A5').replace('9&', '8&'),
  ])
  const variables = { P2PSHARE_HOME: home }
  for (const [columns, headings] of [
    [80, '# Name State Size Done Down Up Ratio Peers'],
    [40, '# Name State Done Down Up'],
    [20, '# Name'],
  ] as const) {
    const { stdout } = await runCommand(t, ['box', 'ls'], { columns, variables })
    const lines = stdout
      .trimEnd()
      .replaceAll(/\u001b\[[\d;]*m/g, '')
      .split('\n')
    t.is(lines.length, 3)
    t.is(lines[0]?.trim().replaceAll(/ +/g, ' '), headings)
    t.is(Math.max(...lines.map(displayWidth)), columns)
  }
})

test('box stop ends the box that box start runs, which is no failure', async t => {
  const home = await temporaryFolder(t, 'home')
  const variables = { P2PSHARE_HOME: home }
  const box = await startCommand(t, ['box', 'start', '--listen', '127.0.0.1:0', '--json'], { variables })
  await box.event('listening')
  const stopped = await runCommand(t, ['box', 'stop'], { variables })
  t.deepEqual([stopped.exitCode, stopped.stdout], [0, 'The box has stopped\n'])
  t.is(await box.exitCode, 0)
  t.is(box.events().at(-1)?.event, 'stopped')
  t.is((await runCommand(t, ['box', 'status'], { variables })).exitCode, 4)
})
