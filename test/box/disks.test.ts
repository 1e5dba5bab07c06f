import { appendFile, readFile, rename, stat, truncate, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { BoxClient } from '../../src/box/index.ts'
import type { Notice } from '../../src/box/upkeep/upkeep-state.ts'
import { createTorrent } from '../../src/index.ts'
import { type StartedBox, startBox } from '../kit/box.ts'
import { FakeBoxClock } from '../kit/box-clock.ts'
import { requireThat } from '../kit/external.ts'
import { sameContent, writeSampleFile } from '../kit/sample-files.ts'
import { canMountDisks, mountSmallDisk } from '../kit/small-disk.ts'
import { addressOf, startSwarm } from '../kit/swarm.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'
import { waitUntil } from '../kit/wait-until.ts'

const clipBytes = 6_000_001

async function seedClip(t: ExecutionContext, name: string) {
  const path = await writeSampleFile(join(await temporaryFolder(t), name), clipBytes)
  const swarm = await startSwarm(t)
  const { magnetLink } = await swarm.seed(path, { pieceLength: 65_536 })
  return { path, magnetLink, peers: [addressOf(swarm)] }
}

async function noticesOf({ ask }: StartedBox): Promise<readonly Notice[]> {
  const status = (await (await ask('/api/v1/status')).json()) as { notices: Notice[] }
  return status.notices
}

const logSays = (home: string, pattern: RegExp) =>
  waitUntil(`the log says ${pattern}`, async () =>
    pattern.test(await readFile(join(home, 'state', 'box.log'), 'utf8')),
  )

test('a full disk holds up what is put there alone, is told of, and once it has room all goes on by itself', async t => {
  if (!requireThat(t, canMountDisks(), 'this machine lets nobody mount a file system (Linux, root)')) return
  const disk = await mountSmallDisk(t, 4 * 1024 * 1024)
  const [large, other] = [await seedClip(t, 'clip.avi'), await seedClip(t, 'other.avi')]
  const started = await startBox(t)
  const { shelf } = started.box
  const copy = await shelf.get(large.magnetLink, { origin: 'api', folder: disk.path, peers: large.peers })
  await waitUntil('the box tells of the full disk', async () =>
    (await noticesOf(started)).some(
      ({ message, transfers }) => /No room left/.test(message) && transfers === 1,
    ),
  )
  t.is(copy.state, 'paused')
  const client = new BoxClient(started.box.url, started.box.token.value)
  t.like(await client.transfer('1'), { state: 'paused', reasonCode: 'ERR_DISK_FULL' })
  await shelf.pause(copy)
  t.is((await client.transfer('1')).reasonCode, undefined, 'who pauses it knows why')
  await shelf.resume(copy)
  const elsewhere = await shelf.get(other.magnetLink, {
    origin: 'api',
    folder: await temporaryFolder(t),
    peers: other.peers,
  })
  await waitUntil('the other one is here', () => elsewhere.state === 'seeding')
  await logSays(started.home, /clip\.avi: No room left/)

  await disk.resize(2 * clipBytes)
  await waitUntil('it goes on', () => copy.state === 'seeding')
  await sameContent(t, join(disk.path, 'clip.avi'), large.path)
  t.deepEqual(await noticesOf(started), [])
  await logSays(started.home, /clip\.avi: goes on/)
})

test('shared files whose disk is gone are told of, and shared on once it is back, also when the box was started meanwhile', async t => {
  const disk = join(await temporaryFolder(t), 'disk')
  const path = await writeSampleFile(join(disk, 'album', 'zoo.avi'), 200_000)
  const created = await createTorrent(path)
  const home = await temporaryFolder(t, 'home')
  const first = await startBox(t, { home })
  const item = await first.box.shelf.share(created, { origin: 'api' })
  await waitUntil('it is shared', () => item.state === 'seeding')
  await rename(disk, `${disk}-away`)
  const leech = await startSwarm(t)
  const peers = [`127.0.0.1:${first.box.swarm.port}`]
  const copy = await leech.get(created.bytes, { out: await temporaryFolder(t), peers })
  await waitUntil('the box tells of it', async () =>
    (await noticesOf(first)).some(({ transfers }) => transfers === 1),
  )
  await first.box.stop()

  const second = await startBox(t, { home })
  const again = await waitUntil('it is taken up', () => second.box.shelf.items()[0])
  await waitUntil('the box tells of it again', async () => (await noticesOf(second)).length === 1)
  await rename(`${disk}-away`, disk)
  await waitUntil('it is shared again', () => again.state === 'seeding', { timeoutMs: 60_000 })
  t.deepEqual(await noticesOf(second), [])
  copy.addPeer(`127.0.0.1:${second.box.swarm.port}`)
  await copy.finished()
  await sameContent(t, copy.path!, path)
})

test('what was fetched is missed within a minute when its disk goes, though nobody asks for it, and told of once', async t => {
  const [large, other] = [await seedClip(t, 'clip.avi'), await seedClip(t, 'other.avi')]
  const clock = new FakeBoxClock(new Date('2026-11-30T12:00:00Z'))
  const started = await startBox(t, { clock })
  const { shelf } = started.box
  const folder = join(await temporaryFolder(t), 'disk')
  for (const { magnetLink, peers } of [large, other])
    await shelf.get(magnetLink, { origin: 'api', folder, peers })
  const are = (state: string) => () => shelf.items().every(item => item.state === state)
  await waitUntil('both are here', are('seeding'))
  await rename(folder, `${folder} away`)
  for (let turn = 0; turn < 12 && !are('missing')(); turn++) {
    clock.move(5_000)
    await waitUntil('its look is over', are('missing'), { timeoutMs: 500 }).catch(() => {})
  }
  t.true(are('missing')())
  const [notice, ...others] = await noticesOf(started)
  t.deepEqual(others, [])
  t.is(notice?.transfers, 2)
  t.true(notice?.message.startsWith(`${folder} is gone`))
  await rename(`${folder} away`, folder)
  await waitUntil('both are back', are('seeding'))
})

test('what was fetched waits for its disk when the box is started without it, and is not fetched anew', async t => {
  const { magnetLink, peers, path } = await seedClip(t, 'clip.avi')
  const home = await temporaryFolder(t, 'home')
  const folder = join(await temporaryFolder(t), 'disk')
  const first = await startBox(t, { home })
  const fetched = await first.box.shelf.get(magnetLink, { origin: 'api', folder, peers })
  await waitUntil('it is here', () => fetched.state === 'seeding')
  await first.box.stop()
  await rename(folder, `${folder} away`)

  const second = await startBox(t, { home })
  const again = await waitUntil('it is taken up', () => second.box.shelf.items()[0])
  await waitUntil('it is missed', () => again.state === 'missing')
  const [notice] = await noticesOf(second)
  t.true(notice?.message.startsWith(`${folder} is gone`))
  await t.throwsAsync(stat(folder), { code: 'ENOENT' })
  await rename(`${folder} away`, folder)
  await waitUntil('it is back', () => again.state === 'seeding')
  t.is(again.transfer?.stats().haveBytes, clipBytes)
  await sameContent(t, again.transfer!.path!, path)
  await second.box.stop()

  await rename(folder, `${folder} away`)
  const third = await startBox(t, { home })
  const anew = await waitUntil('it is taken up again', () => third.box.shelf.items()[0])
  await waitUntil('it is missed again', () => anew.state === 'missing')
  await anew.transfer!.recheck()
  anew.transfer!.addPeer(peers[0]!)
  await waitUntil('a check fetches it anew', () => anew.state === 'seeding')
  await sameContent(t, join(folder, 'clip.avi'), path)
})

test('shared files that go or change are noticed though nobody asks for them, and shared on once they are as they were', async t => {
  const folder = await temporaryFolder(t)
  const [clip, other] = [join(folder, 'clip.avi'), join(folder, 'album', 'other.avi')]
  await writeSampleFile(clip, 50_000)
  await writeSampleFile(other, 60_000)
  const before = new Date('2026-11-01T12:00:00Z')
  await utimes(other, before, before)
  const clock = new FakeBoxClock(new Date('2026-11-30T12:00:00Z'))
  const started = await startBox(t, { clock })
  const { shelf } = started.box
  const one = await shelf.share(await createTorrent(clip), { origin: 'api' })
  const two = await shelf.share(await createTorrent(join(folder, 'album')), { origin: 'api' })
  const within = async (what: string, isSo: () => boolean) => {
    for (let turn = 0; turn < 24 && !isSo(); turn++) {
      clock.move(5_000)
      await waitUntil('its look is over', isSo, { timeoutMs: 200 }).catch(() => {})
    }
    t.true(isSo(), what)
  }
  await waitUntil('both are shared', () => shelf.items().every(({ state }) => state === 'seeding'))
  await rename(clip, `${clip} away`)
  await appendFile(other, 'more')
  await within('both are missing', () => one.state === 'missing' && two.state === 'missing')
  t.regex(one.missing?.message ?? '', /clip\.avi is gone/)
  t.regex(two.missing?.message ?? '', /other\.avi is changed/)
  t.is((await noticesOf(started)).length, 2)

  await rename(`${clip} away`, clip)
  await truncate(other, 60_000)
  await utimes(other, before, before)
  await within('both are back', () => one.state === 'seeding' && two.state === 'seeding')
  t.deepEqual(await noticesOf(started), [])
  t.deepEqual(started.problems, [])
})
