import { copyFile, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import test, { type ExecutionContext } from 'ava'
import { openBoxDatabase } from '../../src/box/database/open-box-database.ts'
import type { Box } from '../../src/box/index.ts'
import { createTorrent } from '../../src/index.ts'
import { startBox } from '../kit/box.ts'
import { writeBoxSettings } from '../kit/box-settings.ts'
import type { Owner } from '../kit/owner.ts'
import { sameContent, writeSampleFile } from '../kit/sample-files.ts'
import { addressOf, startSwarm } from '../kit/swarm.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'
import { waitUntil } from '../kit/wait-until.ts'

/** A clip that somebody seeds. */
async function seedClip(owner: Owner, name = 'clip.avi', sizeBytes = 1_500_000) {
  const swarm = await startSwarm(owner)
  const path = await writeSampleFile(join(await temporaryFolder(owner), name), sizeBytes)
  const { magnetLink } = await swarm.seed(path)
  return { path, magnetLink, peers: [addressOf(swarm)] }
}

const states = ({ shelf }: Box) => shelf.items().map(({ id, state }) => `${id} ${state}`)

async function settled(t: ExecutionContext, box: Box, expected: readonly string[]) {
  const what = `the box has ${expected.join(', ')}`
  await waitUntil(what, () => String(states(box)) === String(expected), { state: () => states(box) })
  t.pass(what)
}

test('what the box fetched it seeds again after a restart, without looking at all of it', async t => {
  const clip = await seedClip(t)
  const folder = await temporaryFolder(t)
  const first = await startBox(t)
  const done: string[] = []
  first.box.shelf.on('done', ({ name }) => done.push(name))
  await first.box.shelf.get(clip.magnetLink, { origin: 'api', folder, peers: clip.peers, labels: ['zoo'] })
  await settled(t, first.box, ['1 seeding'])
  t.deepEqual(done, ['clip.avi'])
  await sameContent(t, join(folder, 'clip.avi'), clip.path)
  const { downloaded } = first.box.shelf.find(1).totals(performance.now())
  await first.box.stop()
  t.deepEqual(first.problems, [])

  const second = await startBox(t, { home: first.home })
  await settled(t, second.box, ['1 seeding'])
  const item = second.box.shelf.find('clip.avi')
  t.like(item.entry, { labels: ['zoo'], origin: 'api', isPaused: false })
  t.true(item.isDone)
  t.true(downloaded > 1_500_000)
  const again = item.totals(performance.now()).downloaded
  t.true(again >= downloaded && again < downloaded + 100_000, 'totals go on')
  t.is(second.box.token.value, first.box.token.value)
})

test('files that are shared are never touched, neither by a restart nor by removing them with their data', async t => {
  const path = await writeSampleFile(join(await temporaryFolder(t), 'own.avi'), 300_000)
  const first = await startBox(t)
  const { swarm, shelf } = first.box
  await shelf.share(await swarm.create(path), { origin: 'api' })
  await settled(t, first.box, ['1 seeding'])
  await first.box.stop()
  const { box } = await startBox(t, { home: first.home })
  await settled(t, box, ['1 seeding'])
  t.deepEqual(await box.shelf.remove(box.shelf.find(1), { data: true }), [path], 'it is told that they stay')
  t.is((await stat(path)).size, 300_000)
  t.deepEqual(states(box), [])
})

test('whoever is told that something is shared can ask where it lies, how large it is and for its link', async t => {
  const path = await writeSampleFile(join(await temporaryFolder(t), 'own.avi'), 300_000)
  const { box } = await startBox(t, { settings: '[queue]\nseeds = 1\n' })
  const told: [string | undefined, number | undefined, boolean | undefined][] = []
  box.shelf.on('added', ({ transfer }) =>
    told.push([transfer?.path, transfer?.stats().sizeBytes, transfer?.magnetLink.includes('own.avi')]),
  )
  await box.shelf.share(await box.swarm.create(path), { origin: 'api' })
  t.deepEqual(told, [[path, 300_000, true]])
})

test('removing with data deletes what was fetched', async t => {
  const clip = await seedClip(t)
  const folder = await temporaryFolder(t)
  const { box } = await startBox(t)
  const item = await box.shelf.get(clip.magnetLink, { origin: 'api', folder, peers: clip.peers })
  await settled(t, box, ['1 seeding'])
  await box.shelf.remove(item, { data: true })
  await t.throwsAsync(stat(join(folder, 'clip.avi')), { code: 'ENOENT' })
})

test('files that were there before, or were forgotten, stay when the data is to be removed, and are told of', async t => {
  const clip = await seedClip(t)
  const folder = await temporaryFolder(t)
  const path = join(folder, 'clip.avi')
  await copyFile(clip.path, path)
  const { box } = await startBox(t)
  const options = { origin: 'api', folder, peers: clip.peers }
  const found = await box.shelf.get(clip.magnetLink, options)
  await settled(t, box, ['1 seeding'])
  t.deepEqual(await box.shelf.remove(found, { data: true }), [path])
  await rm(path)
  const fetched = await box.shelf.get(clip.magnetLink, options)
  await settled(t, box, ['2 seeding'])
  t.deepEqual(await box.shelf.remove(fetched), [], 'nobody asked for them to go')
  const again = await box.shelf.get(clip.magnetLink, options)
  await settled(t, box, ['3 seeding'])
  t.deepEqual(await box.shelf.remove(again, { data: true }), [path])
  t.is((await stat(path)).size, 1_500_000)
})

test('one whose transfer has failed is removed like all others', async t => {
  const clip = await seedClip(t)
  const { box } = await startBox(t)
  const folder = await temporaryFolder(t)
  const removed: number[] = []
  box.shelf.on('removed', ({ id }) => removed.push(id))
  const item = await box.shelf.get(clip.magnetLink, {
    origin: 'api',
    folder,
    peers: clip.peers,
    select: ['9'],
  })
  await settled(t, box, ['1 failed'])
  t.deepEqual(await box.shelf.remove(item, { data: true }), [])
  t.deepEqual(removed, [1])
})

test('one that is paused stays so over a restart, until it is resumed', async t => {
  const clip = await seedClip(t)
  const folder = await temporaryFolder(t)
  const first = await startBox(t)
  await first.box.shelf.get(clip.magnetLink, { origin: 'api', folder, isPaused: true })
  await settled(t, first.box, ['1 paused'])
  await first.box.stop()
  const { box } = await startBox(t, { home: first.home })
  await settled(t, box, ['1 paused'])
  const item = box.shelf.find(1)
  await waitUntil('it is begun', () => item.transfer !== undefined)
  await box.shelf.resume(item)
  item.transfer?.addPeer(clip.peers[0]!)
  await settled(t, box, ['1 seeding'])
})

test('as many fetch at a time as the settings say, the others wait for their turn', async t => {
  const clips = await Promise.all([1, 2, 3].map(number => seedClip(t, `clip ${number}.avi`)))
  const { box } = await startBox(t, { settings: '[queue]\ndownloads = 1\n' })
  const folder = await temporaryFolder(t)
  for (const { magnetLink } of clips) await box.shelf.get(magnetLink, { origin: 'api', folder })
  await settled(t, box, ['1 finding', '2 queued', '3 queued'])
  box.shelf.find(1).transfer?.addPeer(clips[0]!.peers[0]!)
  await settled(t, box, ['1 seeding', '2 finding', '3 queued'])
  await box.shelf.pause(box.shelf.find(2))
  await settled(t, box, ['1 seeding', '2 paused', '3 finding'])
})

test('one that cannot be started does not keep the others from it, and says why', async t => {
  const path = await writeSampleFile(join(await temporaryFolder(t), 'own.avi'), 300_000)
  const other = await writeSampleFile(join(await temporaryFolder(t), 'other.avi'), 300_000)
  const first = await startBox(t)
  for (const one of [path, other])
    await first.box.shelf.share(await first.box.swarm.create(one), { origin: 'api' })
  await first.box.stop()
  await rm(path)
  const { box } = await startBox(t, { home: first.home })
  await settled(t, box, ['1 missing', '2 seeding'])
  t.regex(String(box.shelf.find(1).transfer?.stats().reason), /own\.avi/)
})

test('trackers in a private network that a link names are not asked after a restart either', async t => {
  const clip = await seedClip(t)
  const folder = await temporaryFolder(t)
  const first = await startBox(t)
  const link = `${clip.magnetLink}&tr=http%3A%2F%2F127.0.0.1%3A9%2Fannounce`
  await first.box.shelf.get(link, { origin: 'api', folder, peers: clip.peers })
  await settled(t, first.box, ['1 seeding'])
  const statuses = ({ shelf }: Box) =>
    shelf
      .find(1)
      .transfer?.channels()
      .trackers.map(({ status }) => status)
  t.deepEqual(statuses(first.box), ['refused'])
  await first.box.stop()
  const { box } = await startBox(t, { home: first.home })
  await settled(t, box, ['1 seeding'])
  t.true(statuses(box)!.every(status => status === 'refused'))
})

test('peers that were given are tried again after a restart', async t => {
  const clip = await seedClip(t)
  const folder = await temporaryFolder(t)
  const first = await startBox(t)
  await first.box.shelf.get(clip.magnetLink, {
    ...{ origin: 'api', folder, isPaused: true },
    peers: Array.from({ length: 150 }, (_, index) => `127.0.0.1:${index + 1}`).concat(clip.peers),
  })
  await first.box.stop()
  const { box } = await startBox(t, { home: first.home })
  await settled(t, box, ['1 paused'])
  const item = box.shelf.find(1)
  await waitUntil('it is begun', () => item.transfer !== undefined)
  const addresses = item.transfer!.channels().peers.map(({ address }) => address)
  t.is(addresses.length, 100)
  t.is(addresses.at(-1), clip.peers[0])
  await box.shelf.change(item, { peers: clip.peers })
  await box.stop()
  const third = await startBox(t, { home: first.home })
  await settled(t, third.box, ['1 paused'])
  await third.box.shelf.resume(third.box.shelf.find(1))
  await settled(t, third.box, ['1 seeding'])
})

test('adding what is there already gives what is there', async t => {
  const clip = await seedClip(t)
  const { box } = await startBox(t)
  const folder = await temporaryFolder(t)
  const [one, other] = await Promise.all(
    [1, 2].map(() => box.shelf.get(clip.magnetLink, { origin: 'api', folder, peers: clip.peers })),
  )
  t.is(one, other)
  t.is(box.shelf.items().length, 1)
})

test('adding what is there and could not be started begins nothing beside it', async t => {
  const path = await writeSampleFile(join(await temporaryFolder(t), 'own.avi'), 300_000)
  const first = await startBox(t)
  const created = await first.box.swarm.create(path)
  const { transfer } = await first.box.shelf.share(created, { origin: 'api' })
  const { magnetLink } = transfer!
  await first.box.stop()
  const database = await openBoxDatabase(join(first.home, 'data', 'box.db'))
  await database.updateTable('transfer').set({ torrent: null }).execute()
  await database.destroy()
  const { box } = await startBox(t, { home: first.home })
  await settled(t, box, ['1 failed'])
  for (const id of [magnetLink, created.bytes]) {
    const { item, isNew } = await box.shelf.add(id, { origin: 'api', labels: ['zoo'] })
    t.false(isNew)
    t.like(item, { id: 1, state: 'failed', entry: { labels: ['zoo'] } })
  }
  t.deepEqual(box.swarm.transfers(), [])
})

test('two boxes on one home: the second says so', async t => {
  const { home } = await startBox(t)
  const message = `Another box runs on the home ${home}`
  await t.throwsAsync(startBox(t, { home }), { code: 'ERR_HOME_LOCKED', message })
})

test('a start that is aborted leaves nothing, wherever it had come to', async t => {
  const home = await temporaryFolder(t)
  const reason = new DOMException('Enough', 'AbortError')
  await t.throwsAsync(startBox(t, { home, signal: AbortSignal.abort(reason) }), { is: reason })
  const leaving = new AbortController()
  const starting = startBox(t, { home, signal: leaving.signal })
  await setImmediate()
  leaving.abort(reason)
  await t.throwsAsync(starting, { is: reason })
  await t.notThrowsAsync(startBox(t, { home }), 'the home was let go')
})

test('settings that are wrong are told of by their lines, and nothing is started', async t => {
  const home = await temporaryFolder(t)
  const error = await t.throwsAsync(
    startBox(t, { home, settings: '[queue]\ndownloads = "many"\n\n[sever]\n' }),
    {
      code: 'ERR_INVALID_CONFIG',
    },
  )
  t.regex(error!.message, /box\.toml:2: queue\.downloads/)
  t.regex(error!.message, /box\.toml:4: there is no setting sever/)
  await writeFile(join(home, 'config', 'box.toml'), '')
  await t.notThrowsAsync(startBox(t, { home }), 'the home was let go')
})

test('a home without settings gets a file that says everything there is to set, for its owner alone', async t => {
  const { home } = await startBox(t)
  const path = join(home, 'config', 'box.toml')
  t.regex(await readFile(path, 'utf8'), /\[\[folders\.watch\]\]/)
  t.is((await stat(path)).mode & 0o777, 0o600)
  t.is((await stat(join(home, 'api-token'))).mode & 0o777, 0o600)
})

test('a name that fits several, or none, is told apart', async t => {
  const { box } = await startBox(t)
  for (const _ of [1, 2]) {
    const path = await writeSampleFile(join(await temporaryFolder(t), 'same.avi'), 1_000, `${Math.random()}`)
    await box.shelf.share(await box.swarm.create(path), { origin: 'api' })
  }
  t.throws(() => box.shelf.find('same.avi'), { code: 'ERR_NO_SUCH_TRANSFER', message: /any of 2/ })
  t.throws(() => box.shelf.find('3'), { code: 'ERR_NO_SUCH_TRANSFER' })
  const { infoHash } = box.shelf.find(2)
  t.is(box.shelf.find(infoHash.toUpperCase()).id, 2)
  t.is(box.shelf.find(infoHash.slice(0, 8)).id, 2)
})

test('one that is removed while it is being started does not go on running', async t => {
  const path = await writeSampleFile(join(await temporaryFolder(t), 'clip.avi'), 50_000)
  const { box, problems } = await startBox(t)
  const created = await createTorrent(path)
  const share = box.swarm.share.bind(box.swarm)
  let removing: Promise<unknown> | undefined
  box.swarm.share = async (...args) => {
    removing = box.shelf.remove(box.shelf.items()[0]!)
    // It has gone as far as it gets without the start.
    for (let turn = 0; turn < 20; turn++) await setImmediate()
    return share(...args)
  }
  await box.shelf.share(created, { origin: 'api' })
  await removing
  t.deepEqual(box.swarm.transfers(), [])
  box.swarm.share = share
  const [one, two] = await Promise.all([1, 2].map(() => box.shelf.share(created, { origin: 'api' })))
  t.is(one, two)
  t.is(one?.transfer?.listenerCount('state'), 1, 'it is followed once')
  t.deepEqual(problems, [])
})

test('that there is no limit is logged only where there was one', async t => {
  const { box, home } = await startBox(t, { settings: '' })
  const linesOf = async () => {
    await box.upkeep.log.flush()
    const text = await readFile(join(home, 'state', 'box.log'), 'utf8')
    return text.split('\n').flatMap(line => /(?:Usual|Slow) hours.*$/.exec(line) ?? [])
  }
  t.deepEqual(await linesOf(), [])
  for (const settings of ['[limits]\nupload = "1K"\n', '']) {
    await writeBoxSettings(home, settings)
    await box.reload()
  }
  t.deepEqual(await linesOf(), [
    'Usual hours: upload 1024 bytes/s, download no limit',
    'Usual hours: upload no limit, download no limit',
  ])
})
