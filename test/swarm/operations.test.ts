import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import type { EngineName, Swarm, Transfer } from '../../src/swarm/index.ts'
import { sameContent, sampleBytes, writeSampleAlbum, writeSampleFile } from '../kit/sample-files.ts'
import { addressOf, startSwarm } from '../kit/swarm.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'
import { waitUntil } from '../kit/wait-until.ts'

const clipBytes = 3_000_001
const engines: readonly EngineName[] = ['native', 'webtorrent']

interface Fetched {
  readonly source: Swarm
  readonly shared: Transfer
  readonly swarm: Swarm
  readonly home: string
  readonly out: string
  readonly path: string
  readonly copy: Transfer
}

/** A clip that one swarm shares and another fetches. */
async function fetchClip(
  t: ExecutionContext,
  engine: EngineName,
  init: { rate?: number } = {},
): Promise<Fetched> {
  const path = await writeSampleFile(join(await temporaryFolder(t), 'clip.avi'), clipBytes)
  const source = await startSwarm(t, { engine, uploadBytesPerSecond: init.rate })
  const shared = await source.seed([path], { pieceLength: 65_536 })
  const [home, out] = [await temporaryFolder(t, 'home'), await temporaryFolder(t, 'out')]
  const swarm = await startSwarm(t, { engine, home })
  const copy = await swarm.get(shared.metainfo!, { out, peers: [addressOf(source)] })
  return { source, shared, swarm, home, out, path, copy }
}

async function fetchAlbum(t: ExecutionContext, engine: EngineName, select?: string[]): Promise<Fetched> {
  const path = await writeSampleAlbum(join(await temporaryFolder(t), 'Zoo'))
  const source = await startSwarm(t, { engine })
  const shared = await source.seed([path], { pieceLength: 65_536 })
  const [home, out] = [await temporaryFolder(t, 'home'), await temporaryFolder(t, 'out')]
  const swarm = await startSwarm(t, { engine, home })
  const copy = await swarm.get(shared.metainfo!, { out, select, peers: [addressOf(source)] })
  return { source, shared, swarm, home, out, path, copy }
}

function fileIndex(transfer: Transfer, name: string): number {
  return transfer.metainfo!.files.findIndex(({ path }) => path.endsWith(name))
}

for (const engine of engines) {
  test(`${engine}: what is fetched into a folder that is moved away waits for it, and goes on in it`, async t => {
    const { copy, path, source, out } = await fetchClip(t, engine, { rate: 300_000 })
    await waitUntil('the first pieces are here', () => copy.stats().piecesHave > 2)
    await rename(out, `${out} away`)
    const reason = await waitUntil('it is missed', () => copy.state === 'missing' && copy.stats().reason)
    t.is(reason.code, 'ERR_SOURCE_CHANGED')
    t.true(reason.message.startsWith(`${out} is gone`))
    await waitUntil('nobody is connected', () => copy.stats().peers === 0)
    t.false(existsSync(out))
    source.setLimits({})
    await rename(`${out} away`, out)
    await waitUntil('it goes on', () => copy.state !== 'missing')
    copy.addPeer(addressOf(source))
    await copy.finished()
    await sameContent(t, join(out, 'clip.avi'), path)
  })

  test(`${engine}: what was fetched and goes or changes is missing once it is looked at, and seeded on once it is back`, async t => {
    const first = await fetchAlbum(t, engine)
    await first.copy.finished()
    await first.swarm.stop()
    const swarm = await startSwarm(t, { engine, home: first.home })
    const copy = await swarm.get(first.shared.metainfo!, { out: first.out })
    await waitUntil('it is looked at', async () => (await copy.look()) > 1)
    t.is(copy.state, 'seeding')
    const one = join(copy.path!, copy.metainfo!.files.at(-1)!.path.split('/').slice(1).join('/'))
    await rename(one, `${one} away`)
    await writeFile(one, 'other')
    await waitUntil('it is missed', async () => (await copy.look()) === 0)
    t.is(copy.state, 'missing')
    t.true(copy.stats().reason?.message.startsWith(`${one} is changed`))
    await rename(`${one} away`, one)
    await waitUntil('it is seeded on', () => copy.state === 'seeding')
  })

  test(`${engine}: a paused transfer has no traffic and goes on when it is resumed`, async t => {
    const { copy, path, source } = await fetchClip(t, engine, { rate: 300_000 })
    await waitUntil('the first pieces are here', () => copy.stats().piecesHave > 2)
    copy.pause()
    t.is(copy.state, 'paused')
    t.is(copy.stats().reason, undefined)
    await waitUntil('nobody is connected', () => copy.stats().peers === 0)
    t.true(copy.stats().haveBytes < clipBytes)
    source.setLimits({})
    copy.resume()
    t.is(copy.state, 'downloading')
    await copy.finished()
    await sameContent(t, copy.path!, path)
  })

  test(`${engine}: a transfer that was paused before it began fetches nothing until it is resumed`, async t => {
    const { copy } = await fetchClip(t, engine)
    copy.pause()
    await waitUntil('it has looked at the disk', () => copy.state === 'paused')
    t.is(copy.stats().haveBytes, 0)
    copy.resume()
    await copy.finished()
    t.is(copy.state, 'seeding')
  })

  test(`${engine}: removing forgets the transfer and leaves its file`, async t => {
    const { copy, swarm, path, home } = await fetchClip(t, engine)
    await copy.finished()
    const at = copy.path!
    t.deepEqual(await copy.remove(), [])
    t.is(copy.state, 'stopped')
    t.deepEqual(swarm.transfers(), [])
    await sameContent(t, at, path)
    t.deepEqual(await readdir(join(home, 'state', 'transfers')), [])
    await t.throwsAsync(copy.remove(), { code: 'ERR_STOPPED' })
  })

  test(`${engine}: removing with data deletes what was fetched, and folders that are empty then`, async t => {
    const { copy, out } = await fetchAlbum(t, engine)
    await copy.finished()
    t.deepEqual(await copy.remove({ data: true }), [])
    t.deepEqual(await readdir(out), [])
  })

  test(`${engine}: removing with data leaves what somebody else put there or changed`, async t => {
    const { copy, out } = await fetchAlbum(t, engine)
    await copy.finished()
    const elsewhere = await temporaryFolder(t)
    await writeFile(join(elsewhere, 'deep.bin'), 'mine')
    await writeFile(join(out, 'Zoo', 'notes.txt'), 'mine')
    await writeFile(join(out, 'Zoo', 'day 2', 'exact.bin'), 'mine now')
    const kept = await copy.remove({ data: true })
    t.deepEqual(kept, [join(out, 'Zoo', 'day 2', 'exact.bin')])
    t.deepEqual((await readdir(join(out, 'Zoo'))).sort(), ['day 2', 'notes.txt'])
    t.is(await readFile(join(elsewhere, 'deep.bin'), 'utf8'), 'mine')
  })

  test(`${engine}: removing with data follows no link out of the download`, async t => {
    const { copy, out } = await fetchAlbum(t, engine)
    await copy.finished()
    const elsewhere = join(await temporaryFolder(t), 'moved away')
    await rename(join(out, 'Zoo', 'day 2'), elsewhere)
    await symlink(elsewhere, join(out, 'Zoo', 'day 2'))
    const kept = await copy.remove({ data: true })
    t.true(kept.length >= 2)
    t.true(existsSync(join(elsewhere, 'exact.bin')))
  })

  test(`${engine}: files that were here before are never deleted`, async t => {
    const { copy, swarm, shared, source, path } = await fetchClip(t, engine)
    await copy.finished()
    await copy.stop()
    const out = await temporaryFolder(t)
    await writeFile(join(out, 'clip.avi'), await readFile(path))
    const found = await swarm.get(shared.metainfo!, { out, peers: [addressOf(source)] })
    await found.finished()
    t.is(found.path, join(out, 'clip.avi'))
    t.deepEqual(await found.remove({ data: true }), [join(out, 'clip.avi')])
    await sameContent(t, join(out, 'clip.avi'), path)
    t.deepEqual(await shared.remove({ data: true }), [])
    t.true(existsSync(path))
  })

  test(`${engine}: an unfinished download is moved, goes on in the new place and is resumed there`, async t => {
    const { copy, out, path, swarm, shared, source } = await fetchClip(t, engine, { rate: 500_000 })
    await waitUntil('some of it is here', () => copy.stats().piecesHave > 3)
    const folder = join(await temporaryFolder(t), 'new', 'place')
    await copy.move(folder)
    t.is(copy.path, join(folder, 'clip.avi'))
    t.deepEqual(await readdir(out), [])
    const { piecesHave } = copy.stats()
    t.true(piecesHave > 3)
    source.setLimits({})
    await copy.finished()
    await sameContent(t, join(folder, 'clip.avi'), path)
    await copy.stop()
    source.setLimits({ uploadBytesPerSecond: 1 })
    const again = await swarm.get(shared.metainfo!, { out: folder })
    await again.finished()
    t.is(again.path, join(folder, 'clip.avi'))
  })

  test(`${engine}: an album is moved with its folders, and removed from there`, async t => {
    const { copy, out, path } = await fetchAlbum(t, engine)
    await copy.finished()
    const folder = await temporaryFolder(t)
    await copy.move(folder)
    t.is(copy.state, 'seeding')
    await sameContent(t, join(folder, 'Zoo'), path)
    t.deepEqual(await readdir(out), [])
    t.deepEqual(await copy.remove({ data: true }), [])
    t.deepEqual(await readdir(folder), [])
  })

  test(`${engine}: nothing is moved onto what somebody else has there`, async t => {
    const { copy, out, path } = await fetchClip(t, engine)
    await copy.finished()
    const folder = await temporaryFolder(t)
    await writeFile(join(folder, 'clip.avi'), 'mine')
    await t.throwsAsync(copy.move(folder), { code: 'ERR_TARGET_EXISTS' })
    t.is(await readFile(join(folder, 'clip.avi'), 'utf8'), 'mine')
    t.is(copy.path, join(out, 'clip.avi'))
    t.is(copy.state, 'seeding')
    await sameContent(t, copy.path!, path)
  })

  test(`${engine}: what is shared from where it is can be neither moved nor chosen from`, async t => {
    const { shared, out } = await fetchClip(t, engine)
    await t.throwsAsync(shared.move(out), { code: 'ERR_INVALID_ARGUMENT' })
    await t.throwsAsync(shared.setFilePriorities(new Map([[0, 0]])), { code: 'ERR_INVALID_ARGUMENT' })
    t.is(shared.state, 'seeding')
  })

  test(`${engine}: a check finds what was damaged behind our back, and it is fetched again`, async t => {
    const { copy, path } = await fetchClip(t, engine)
    await copy.finished()
    const damaged = await readFile(copy.path!)
    damaged.fill(7, 100_000, 100_010)
    await writeFile(copy.path!, damaged)
    const states: string[] = []
    copy.on('state', state => states.push(state))
    let checkedBytes = 0
    await copy.recheck({
      onProgress: progress => {
        checkedBytes = progress.checkedBytes
      },
    })
    t.is(checkedBytes, clipBytes)
    await copy.finished()
    await waitUntil('it is whole again', () => copy.state === 'seeding')
    t.deepEqual(states.slice(0, 2), ['checking', 'downloading'])
    await sameContent(t, copy.path!, path)
    t.true(copy.stats().downloadedBytes > clipBytes)
  })

  test(`${engine}: a check of a file that is gone fetches it anew`, async t => {
    const { copy, path } = await fetchClip(t, engine)
    await copy.finished()
    await rm(copy.path!)
    await copy.recheck()
    await waitUntil('it is whole again', () => copy.state === 'seeding')
    await sameContent(t, copy.path!, path)
  })

  test(`${engine}: a check of a shared source that is as it was goes on sharing`, async t => {
    const { shared, copy } = await fetchClip(t, engine, { rate: 300_000 })
    await shared.recheck()
    await waitUntil('it is shared again', () => shared.state === 'seeding')
    t.is(shared.stats().haveBytes, clipBytes)
    copy.setLimits({})
  })

  test(`${engine}: more files may be chosen while others come`, async t => {
    const { copy, path, out } = await fetchAlbum(t, engine, ['cover.jpg'])
    await copy.finished()
    t.deepEqual(await readdir(join(out, 'Zoo')), ['cover.jpg'])
    const all = copy.metainfo!.files.flatMap(({ isPad }, index) => (isPad ? [] : [[index, 4] as const]))
    await copy.setFilePriorities(new Map(all))
    await copy.finished()
    await sameContent(t, copy.path!, path)
    t.is(copy.stats().haveBytes, copy.stats().sizeBytes)
  })

  test(`${engine}: a file that is not wanted any more is not fetched, and the rest is complete without it`, async t => {
    const { copy, source } = await fetchAlbum(t, engine)
    copy.pause()
    await copy.setFilePriorities(new Map([[fileIndex(copy, 'roar.avi'), 0]]))
    t.true(copy.stats().sizeBytes < 1_500_000)
    copy.resume()
    await copy.finished()
    t.is(copy.stats().haveBytes, copy.stats().sizeBytes)
    t.true(source.transfers()[0]!.stats().uploadedBytes < 2_500_003)
  })

  test(`${engine}: what was chosen later is known at the next start`, async t => {
    const { copy, path, home, shared } = await fetchAlbum(t, engine, ['cover.jpg'])
    await copy.finished()
    await copy.setFilePriorities(new Map([[fileIndex(copy, 'roar.avi'), 7]]))
    await copy.finished()
    const out = join(copy.path!, '..')
    await copy.stop()
    const alone = await startSwarm(t, { engine, home })
    const again = await alone.get(shared.metainfo!, { out, select: ['cover.jpg', '*.avi'] })
    await again.finished()
    await sameContent(t, join(out, 'Zoo', 'cover.jpg'), join(path, 'cover.jpg'))
  })

  test(`${engine}: files that are here whole stay chosen when one of them is asked for, and none else does`, async t => {
    const { copy, home, out, shared } = await fetchAlbum(t, engine, ['cover.jpg', '*.avi'])
    await copy.finished()
    const whole = copy.stats().sizeBytes
    const exact = fileIndex(copy, 'exact.bin')
    copy.pause()
    await copy.setFilePriorities(new Map([[exact, 4]]))
    await copy.stop()
    const alone = await startSwarm(t, { engine, home })
    const again = await alone.get(shared.metainfo!, { out, select: ['cover.jpg'] })
    await again.finished()
    t.is(again.stats().sizeBytes, whole)
    await again.stop()
    await rm(join(out, 'Zoo', 'day 1', '🦁 roar.avi'))
    const third = await (await startSwarm(t, { engine, home })).get(shared.metainfo!, {
      out,
      select: ['cover.jpg'],
    })
    await third.finished()
    t.true(third.stats().sizeBytes < whole, 'a file that was deleted meanwhile is not fetched again')
  })

  test(`${engine}: a file of somebody else in the place of a newly chosen one is left alone`, async t => {
    const { copy, out } = await fetchAlbum(t, engine, ['cover.jpg'])
    await copy.finished()
    await mkdir(join(out, 'Zoo', 'day 2'), { recursive: true })
    await writeFile(join(out, 'Zoo', 'day 2', 'exact.bin'), 'mine')
    const exact = new Map([[fileIndex(copy, 'exact.bin'), 4]])
    await t.throwsAsync(copy.setFilePriorities(exact), { code: 'ERR_TARGET_EXISTS' })
    t.is(await readFile(join(out, 'Zoo', 'day 2', 'exact.bin'), 'utf8'), 'mine')
    t.is(copy.state, 'seeding')
  })

  test(`${engine}: a priority or a file that there is not is refused`, async t => {
    const { copy } = await fetchAlbum(t, engine)
    await copy.finished()
    await t.throwsAsync(copy.setFilePriorities(new Map([[0, 8]])), { code: 'ERR_INVALID_ARGUMENT' })
    await t.throwsAsync(copy.setFilePriorities(new Map([[99, 1]])), { code: 'ERR_NO_SUCH_FILE' })
  })

  test(`${engine}: a transfer's own limit is held`, async t => {
    const { copy } = await fetchClip(t, engine)
    copy.pause()
    copy.setLimits({ downloadBytesPerSecond: 1_500_000 })
    const started = performance.now()
    copy.resume()
    await copy.finished()
    t.true(performance.now() - started > 1_500, '3 MB at 1.5 MB/s')
  })

  test(`${engine}: stopping while it is checked leaves nothing behind`, async t => {
    const { copy, swarm } = await fetchClip(t, engine)
    await copy.finished()
    const check = copy.recheck()
    await copy.stop()
    await check.catch(() => {})
    t.is(copy.state, 'stopped')
    t.deepEqual(swarm.transfers(), [])
  })

  test(`${engine}: whoever waits alone is told that nobody is there`, async t => {
    const { copy, source } = await fetchClip(t, engine, { rate: 100_000 })
    await once(copy, 'progress')
    await source.stop()
    await waitUntil('it is alone', () => copy.stats().peers === 0)
    t.is(copy.stats().trouble, 'no-peers')
  })

  test(`${engine}: a source that lies is told of, and what it sent counts as wasted`, async t => {
    const path = await writeSampleFile(join(await temporaryFolder(t), 'clip.avi'), 1_000_000)
    const home = await temporaryFolder(t, 'home')
    const liar = await startSwarm(t, { engine, home })
    const created = await liar.create([path], { pieceLength: 65_536 })
    const shared = await liar.share(created)
    const bytes = sampleBytes(1_000_000, 'lies')
    const swarm = await startSwarm(t, { engine })
    // Changed in place and given its old time back, so that the seed does not notice.
    await overwriteUnseen(path, bytes)
    const copy = await swarm.get(shared.metainfo!, {
      out: await temporaryFolder(t),
      peers: [addressOf(liar)],
    })
    await waitUntil('it is told of', () => copy.stats().trouble === 'only-liars')
    t.true(copy.stats().wastedBytes >= 65_536)
    t.is(copy.stats().haveBytes, 0)
  })
}

test('an engine that there is not is refused by its name', async t => {
  await t.throwsAsync(startSwarm(t, { engine: 'warp' as EngineName }), {
    code: 'ERR_INVALID_ARGUMENT',
    message: /"warp"/,
  })
})

test('what was away when it was opened is hashed where it has changed meanwhile, and that is fetched anew', async t => {
  const first = await fetchAlbum(t, 'native')
  await first.copy.finished()
  await first.swarm.stop()
  const { out, path, source } = first
  await rename(out, `${out} away`)
  const swarm = await startSwarm(t, { home: first.home })
  const copy = await swarm.get(first.shared.metainfo!, { out, waitsForFiles: true })
  await waitUntil('it is missed', () => copy.state === 'missing')
  t.is(copy.stats().haveBytes, copy.stats().sizeBytes)
  const { files } = copy.metainfo!
  const largest = files.toSorted((one, other) => other.sizeBytes - one.sizeBytes)[0]!
  await writeFile(join(`${out} away`, largest.path), sampleBytes(largest.sizeBytes, 'other'))
  await rename(`${out} away`, out)
  await waitUntil('it is looked at', () => copy.state === 'downloading')
  const { haveBytes, sizeBytes } = copy.stats()
  t.true(haveBytes > 0 && haveBytes < sizeBytes)
  copy.addPeer(addressOf(source))
  await copy.finished()
  await sameContent(t, copy.path!, path)
})

test('a move that was broken off after the files had gone is gone on with in the new place', async t => {
  const { copy, home, shared, path, out } = await fetchClip(t, 'webtorrent')
  await copy.finished()
  const [from, folder] = [copy.path!, await temporaryFolder(t)]
  const states = join(home, 'state', 'transfers')
  const before = await Promise.all(
    (await readdir(states)).map(async name => [name, await readFile(join(states, name))] as const),
  )
  await copy.move(folder)
  await copy.stop()
  // As a crash leaves it: what was remembered of the old place is still there.
  for (const [name, bytes] of before) await writeFile(join(states, name), bytes)
  const alone = await startSwarm(t, { home })
  const again = await alone.get(shared.metainfo!, { out: folder })
  await again.finished()
  await sameContent(t, again.path!, path)
  await again.stop()
  const anew = await alone.get(shared.metainfo!, { out })
  await waitUntil('it has looked at the old place', () => anew.state === 'downloading')
  t.deepEqual([anew.path, anew.stats().haveBytes], [from, 0])
})

async function overwriteUnseen(path: string, bytes: Uint8Array): Promise<void> {
  const { stat, utimes, open } = await import('node:fs/promises')
  const before = await stat(path)
  const file = await open(path, 'r+')
  await file.write(bytes, 0, bytes.length, 0)
  await file.close()
  await utimes(path, before.atimeMs / 1_000, before.mtimeMs / 1_000)
}
