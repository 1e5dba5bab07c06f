import { getEventListeners, once } from 'node:events'
import { lstat, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { sameContent, sampleBytes, writeSampleAlbum, writeSampleFile } from '../kit/sample-files.ts'
import { addressOf, startSwarm } from '../kit/swarm.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'
import { waitUntil } from '../kit/wait-until.ts'

const clipBytes = 3_000_001

async function seedClip(t: ExecutionContext, sizeBytes = clipBytes) {
  const folder = await temporaryFolder(t)
  const path = await writeSampleFile(join(folder, 'clip.avi'), sizeBytes)
  const swarm = await startSwarm(t)
  const clip = await swarm.seed([path])
  return { swarm, clip, path, peers: [addressOf(swarm)] }
}

async function seedAlbum(t: ExecutionContext) {
  const path = await writeSampleAlbum(join(await temporaryFolder(t), 'Zoo 🦁'))
  const swarm = await startSwarm(t)
  const album = await swarm.seed([path], { pieceLength: 65_536 })
  return { swarm, album, path, peers: [addressOf(swarm)] }
}

test('a clip is fetched by its magnet link, byte for byte, and then shared on', async t => {
  const { clip, path, peers } = await seedClip(t)
  t.is(clip.state, 'seeding')
  t.is(clip.stats().haveBytes, clipBytes)
  const out = await temporaryFolder(t)
  const other = await startSwarm(t)
  const copy = await other.get(clip.magnetLink, { out, peers })
  t.is(copy.name, 'clip.avi')
  t.is(copy.metainfo, undefined)
  await copy.finished()
  t.is(copy.path, join(out, 'clip.avi'))
  t.is(copy.state, 'seeding')
  t.deepEqual([copy.stats().sizeBytes, copy.stats().haveBytes], [clipBytes, clipBytes])
  await sameContent(t, copy.path!, path)
})

test('who fetched a torrent hands it on when the first seeder is gone', async t => {
  const { swarm, clip, path, peers } = await seedClip(t)
  const [second, third] = [await startSwarm(t), await startSwarm(t)]
  const copy = await second.get(clip.magnetLink, { out: await temporaryFolder(t), peers })
  await copy.finished()
  await swarm.stop()
  const last = await third.get(clip.magnetLink, { out: await temporaryFolder(t), peers: [addressOf(second)] })
  await last.finished()
  await sameContent(t, last.path!, path)
})

test('an album comes with its folders, empty files and names', async t => {
  const { album, path, peers } = await seedAlbum(t)
  const out = await temporaryFolder(t)
  const copy = await (await startSwarm(t)).get(album.magnetLink, { out, peers })
  await copy.finished()
  t.is(copy.path, join(out, 'Zoo 🦁'))
  await sameContent(t, copy.path!, path)
})

test('a hybrid torrent is shared and its pads are not written', async t => {
  const path = await writeSampleAlbum(join(await temporaryFolder(t), 'album'))
  const swarm = await startSwarm(t)
  const album = await swarm.seed([path], { format: 'hybrid' })
  t.is(album.metainfo?.format, 'hybrid')
  const copy = await (await startSwarm(t)).get(album.magnetLink, {
    out: await temporaryFolder(t),
    peers: [addressOf(swarm)],
  })
  await copy.finished()
  await sameContent(t, copy.path!, path)
})

test('only what was selected is written below the download folder', async t => {
  const { album, path, peers } = await seedAlbum(t)
  const out = await temporaryFolder(t)
  const copy = await (await startSwarm(t)).get(album.magnetLink, { out, peers, select: ['*.avi'] })
  await copy.finished()
  const files = await readdir(out, { recursive: true, withFileTypes: true })
  t.deepEqual(
    files.filter(entry => entry.isFile()).map(entry => entry.name),
    ['🦁 roar.avi'],
  )
  t.is(copy.stats().haveBytes, 2_500_003)
  await sameContent(t, join(copy.path!, 'day 1/🦁 roar.avi'), join(path, 'day 1/🦁 roar.avi'))
})

test('choosing more of an album later fetches the rest of it', async t => {
  const { album, path, peers } = await seedAlbum(t)
  const [out, home] = [await temporaryFolder(t), await temporaryFolder(t)]
  const some = await (await startSwarm(t, { home })).get(album.magnetLink, {
    out,
    peers,
    select: [1, '*.bin'],
  })
  await some.finished()
  await some.stop()
  const all = await (await startSwarm(t, { home })).get(album.magnetLink, { out, peers })
  await all.finished()
  await sameContent(t, all.path!, path)
})

test('an expression that chooses nothing fails the transfer with its name', async t => {
  const { album, peers } = await seedAlbum(t)
  const copy = await (await startSwarm(t)).get(album.magnetLink, {
    out: await temporaryFolder(t),
    peers,
    select: ['*.mp3'],
  })
  await t.throwsAsync(copy.finished(), { code: 'ERR_NO_SUCH_FILE' })
  await waitUntil('the transfer has ended', () => copy.state === 'failed')
  t.is(copy.stats().reason?.code, 'ERR_NO_SUCH_FILE')
})

test('the same torrent added twice, or shared twice, is one transfer', async t => {
  const { swarm, clip, path, peers } = await seedClip(t)
  t.is(await swarm.seed([path]), clip)
  t.is(await swarm.get(clip.magnetLink), clip)
  const other = await startSwarm(t)
  const out = await temporaryFolder(t)
  const copies = await Promise.all([1, 2, 3].map(() => other.get(clip.infoHash, { out, peers })))
  t.is(new Set(copies).size, 1)
  t.is(other.transfers().length, 1)
  await copies[0]!.finished()
})

test('an interrupted download goes on where it stopped', async t => {
  const { clip, path, peers, swarm } = await seedClip(t, 20_000_000)
  swarm.setLimits({ uploadBytesPerSecond: 5_000_000 })
  const [out, home] = [await temporaryFolder(t), await temporaryFolder(t)]
  const first = await startSwarm(t, { home })
  const begun = await first.get(clip.magnetLink, { out, peers })
  await waitUntil('a third is here', () => begun.stats().haveBytes > 7_000_000)
  await first.stop()
  const had = begun.stats().haveBytes
  t.is(begun.state, 'stopped')
  swarm.setLimits({})
  const rest = await (await startSwarm(t, { home })).get(clip.magnetLink, { out, peers })
  await rest.metadata()
  await rest.finished()
  t.true(
    rest.stats().downloadedBytes < 20_000_000 - had + 2_000_000,
    `${rest.stats().downloadedBytes} after ${had}`,
  )
  await sameContent(t, rest.path!, path)
})

test('a complete torrent is seeding again at once, without peers and without reading what has not changed', async t => {
  const { clip, peers } = await seedClip(t)
  const [out, home] = [await temporaryFolder(t), await temporaryFolder(t)]
  const first = await startSwarm(t, { home })
  const copy = await first.get(clip.magnetLink, { out, peers })
  await copy.finished()
  await first.stop()
  const onProgress = () => t.fail('it was hashed')
  const again = await (await startSwarm(t, { home })).get(clip.infoHash, { out, onProgress })
  await again.finished()
  t.is(again.state, 'seeding')
  t.is(again.stats().downloadedBytes, 0)
})

test('what changed since the last run is hashed and fetched again', async t => {
  const { clip, path, peers } = await seedClip(t)
  const [out, home] = [await temporaryFolder(t), await temporaryFolder(t)]
  const first = await startSwarm(t, { home })
  const copy = await first.get(clip.magnetLink, { out, peers })
  await copy.finished()
  await first.stop()
  const bytes = await readFile(copy.path!)
  bytes[clipBytes >> 1]! ^= 1
  await writeFile(copy.path!, bytes)
  const again = await (await startSwarm(t, { home })).get(clip.magnetLink, { out, peers })
  await again.finished()
  await sameContent(t, again.path!, path)
  t.true(again.stats().downloadedBytes > 0 && again.stats().downloadedBytes < clipBytes)
})

test('a file of the same name that is not ours is left alone', async t => {
  const { clip, path, peers } = await seedClip(t)
  const out = await temporaryFolder(t)
  await writeFile(join(out, 'clip.avi'), 'my own')
  await writeFile(join(out, 'clip.1.avi'), sampleBytes(clipBytes, 'the same size'))
  const copy = await (await startSwarm(t)).get(clip.magnetLink, { out, peers })
  await copy.finished()
  t.is(copy.path, join(out, 'clip.2.avi'))
  await sameContent(t, copy.path!, path)
  t.is(await readFile(join(out, 'clip.avi'), 'utf8'), 'my own')
})

test('a folder of the same name that is not ours is left alone', async t => {
  const { album, path, peers } = await seedAlbum(t)
  const out = await temporaryFolder(t)
  await writeSampleFile(join(out, 'Zoo 🦁', 'cover.jpg'), 40_000, 'another cover')
  const copy = await (await startSwarm(t)).get(album.magnetLink, { out, peers })
  await copy.finished()
  t.is(copy.path, join(out, 'Zoo 🦁.1'))
  await sameContent(t, copy.path!, path)
  t.deepEqual(await readdir(join(out, 'Zoo 🦁')), ['cover.jpg'])
})

test('a link at the target is neither followed nor replaced', async t => {
  const { clip, peers } = await seedClip(t)
  const [out, elsewhere] = [await temporaryFolder(t), await temporaryFolder(t)]
  await symlink(join(elsewhere, 'gone.avi'), join(out, 'clip.avi'))
  const copy = await (await startSwarm(t)).get(clip.magnetLink, { out, peers })
  await copy.finished()
  t.is(copy.path, join(out, 'clip.1.avi'))
  t.true((await lstat(join(out, 'clip.avi'))).isSymbolicLink())
  t.deepEqual(await readdir(elsewhere), [])
})

test('files that are this torrent to the last byte are seeded where they are', async t => {
  const { album, path } = await seedAlbum(t)
  const copy = await (await startSwarm(t)).get(album.metainfo!, { out: join(path, '..'), overwrite: 'never' })
  await copy.finished()
  t.is(copy.path, path)
  t.is(copy.stats().downloadedBytes, 0)
})

test('with overwrite never, an unfinished download of ours is not gone on with', async t => {
  const { clip, peers, swarm } = await seedClip(t, 12_000_000)
  swarm.setLimits({ uploadBytesPerSecond: 4_000_000 })
  const [out, home] = [await temporaryFolder(t), await temporaryFolder(t)]
  const first = await startSwarm(t, { home })
  const begun = await first.get(clip.magnetLink, { out, peers })
  await waitUntil('some of it is here', () => begun.stats().haveBytes > 1_000_000)
  await first.stop()
  swarm.setLimits({})
  const copy = await (await startSwarm(t, { home })).get(clip.magnetLink, { out, peers, overwrite: 'never' })
  await copy.finished()
  t.is(copy.path, join(out, 'clip.1.avi'))
})

test('two processes do not fetch the same torrent to the same place', async t => {
  const { clip, peers, swarm } = await seedClip(t, 12_000_000)
  swarm.setLimits({ uploadBytesPerSecond: 1_000_000 })
  const [out, home] = [await temporaryFolder(t), await temporaryFolder(t)]
  const copy = await (await startSwarm(t, { home })).get(clip.magnetLink, { out, peers })
  await copy.metadata()
  await waitUntil('its place is settled', () => copy.path)
  const second = await (await startSwarm(t, { home })).get(clip.magnetLink, { out, peers })
  await t.throwsAsync(second.finished(), { code: 'ERR_HOME_LOCKED' })
})

test('private addresses in a magnet link are not contacted unless asked for', async t => {
  const { clip, swarm } = await seedClip(t)
  const tracker = createServer(() => t.fail('the tracker was contacted')).listen(0, '127.0.0.1')
  await once(tracker, 'listening')
  t.teardown(() => tracker.close())
  const { port } = tracker.address() as { port: number }
  const source = `http://127.0.0.1:${port}/`
  const bait = `${clip.magnetLink}&x.pe=${addressOf(swarm)}&tr=${encodeURIComponent(source)}announce&xs=${encodeURIComponent(source)}&ws=${encodeURIComponent(source)}`
  const out = await temporaryFolder(t)
  const copy = await (await startSwarm(t)).get(bait, { out })
  const { trackers, peers } = copy.channels()
  t.deepEqual(
    [trackers.map(({ status }) => status), peers],
    [['refused'], [{ address: addressOf(swarm), status: 'refused' }]],
  )
  t.is(copy.stats().peers, 0)
  const asked = await (await startSwarm(t)).get(`${clip.magnetLink}&x.pe=${addressOf(swarm)}`, {
    out,
    allowPrivateAddresses: true,
  })
  await asked.finished()
})

test('a source that goes away is missing, and shared again once it is back', async t => {
  const { clip, path, peers } = await seedClip(t)
  await rename(path, `${path}.away`)
  const copy = await (await startSwarm(t)).get(clip.magnetLink, { out: await temporaryFolder(t), peers })
  await waitUntil('the source is missed', () => clip.state === 'missing')
  t.is(clip.stats().reason?.code, 'ERR_SOURCE_CHANGED')
  await rename(`${path}.away`, path)
  await waitUntil('it is shared again', () => clip.state === 'seeding')
  await copy.finished()
  await sameContent(t, copy.path!, path)
})

test('the same unchanged files are shared again without hashing, changed ones are not', async t => {
  const folder = await temporaryFolder(t)
  const path = await writeSampleFile(join(folder, 'clip.avi'), clipBytes)
  const home = await temporaryFolder(t)
  const swarm = await startSwarm(t, { home })
  let hashed = 0
  const onProgress = () => {
    hashed++
  }
  const first = await swarm.create([path], { onProgress })
  t.true(hashed > 0)
  hashed = 0
  const again = await swarm.create([path], { onProgress })
  t.is(hashed, 0)
  t.deepEqual(again.metainfo.infoHash, first.metainfo.infoHash)
  await writeFile(path, sampleBytes(clipBytes, 'changed'))
  const changed = await swarm.create([path], { onProgress })
  t.true(hashed > 0)
  t.not(changed.metainfo.infoHash, first.metainfo.infoHash)
})

test('a demanded port that is taken is an error, a preferred one is passed over', async t => {
  const first = await startSwarm(t)
  await t.throwsAsync(startSwarm(t, { port: first.port }), { code: 'ERR_PORT_TAKEN' })
  const [one, two] = [await startSwarm(t, { port: undefined }), await startSwarm(t, { port: undefined })]
  t.true(one.port > 0 && two.port > 0 && one.port !== two.port)
})

test('aborting a wait rejects with the reason, leaves the transfer going and no listener behind', async t => {
  const { clip, peers } = await seedClip(t)
  const swarm = await startSwarm(t)
  const copy = await swarm.get(clip.magnetLink, { out: await temporaryFolder(t) })
  const controller = new AbortController()
  const waits = [copy.finished(controller), copy.metadata(controller)]
  const reason = new Error('no more patience')
  controller.abort(reason)
  for (const wait of waits) await t.throwsAsync(wait, { is: reason })
  t.is(getEventListeners(controller.signal, 'abort').length, 0)
  copy.addPeer(peers[0]!)
  const patient = new AbortController()
  await copy.finished({ signal: patient.signal })
  t.is(getEventListeners(patient.signal, 'abort').length, 0)
})

test('a stopped transfer says so to who waits for it, and can be fetched anew', async t => {
  const { clip, peers } = await seedClip(t)
  const swarm = await startSwarm(t)
  const out = await temporaryFolder(t)
  const copy = await swarm.get(clip.magnetLink, { out })
  const waiting = t.throwsAsync(copy.finished(), { code: 'ERR_STOPPED' })
  await Promise.all([copy.stop(), copy.stop()])
  await waiting
  t.deepEqual(swarm.transfers(), [])
  const again = await swarm.get(clip.magnetLink, { out, peers })
  await again.finished()
})

test('a swarm stops within five seconds though a tracker never answers', async t => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  t.teardown(() => silent.close())
  const { port } = silent.address() as { port: number }
  const { path } = await seedClip(t)
  const swarm = await startSwarm(t)
  await swarm.seed([path], { announce: [`http://127.0.0.1:${port}/announce`] })
  const started = performance.now()
  await swarm.stop()
  t.true(performance.now() - started < 5_000)
  await swarm.stop()
})

test('a stopped swarm takes nothing more', async t => {
  const { swarm, clip, path } = await seedClip(t)
  await swarm.stop()
  t.is(clip.state, 'stopped')
  await t.throwsAsync(swarm.seed([path]), { code: 'ERR_STOPPED' })
})

test('a folder that cannot be written to fails the download with its path', async t => {
  const { clip, peers } = await seedClip(t)
  const folder = await temporaryFolder(t)
  await writeFile(join(folder, 'file'), '')
  const copy = await (await startSwarm(t)).get(clip.magnetLink, { out: join(folder, 'file', 'films'), peers })
  await t.throwsAsync(copy.finished(), { code: 'ERR_CANNOT_WRITE', message: /films/ })
})

test('a partly deleted download is completed again', async t => {
  const { album, path, peers } = await seedAlbum(t)
  const [out, home] = [await temporaryFolder(t), await temporaryFolder(t)]
  const first = await startSwarm(t, { home })
  const copy = await first.get(album.magnetLink, { out, peers })
  await copy.finished()
  await first.stop()
  await rm(join(copy.path!, 'day 1'), { recursive: true })
  const again = await (await startSwarm(t, { home })).get(album.infoHash, { out, peers })
  await again.finished()
  await sameContent(t, again.path!, path)
})
