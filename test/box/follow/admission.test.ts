import { join } from 'node:path'
import test from 'ava'
import { openBoxDatabase } from '../../../src/box/database/open-box-database.ts'
import { Admission, type Room } from '../../../src/box/follow/admission.ts'
import { Mirrored } from '../../../src/box/follow/mirrored.ts'
import type { Metainfo } from '../../../src/index.ts'
import type { Owner } from '../../kit/owner.ts'
import { writeSampleFile } from '../../kit/sample-files.ts'
import { startSwarm } from '../../kit/swarm.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const infoHash = 'c12fe1c06bba254a9dc9f519b335aa7c1367a88a'
const other = '00112233445566778899aabbccddeeff00112233'
const origin = 'catalog:zoo'
const torrent = { infoHash, name: 'zoo', sizeBytes: 100, files: [] as Metainfo['files'] } as Metainfo
const roomy: Room = { held: [], quotaBytes: undefined, freeBytes: 1_000, keepFreeBytes: 0 }
const held = { key: other, id: 1, name: 'other', sizeBytes: 60, missingBytes: 20, origin }

async function admissionOf(owner: Owner, room: Partial<Room> = {}, maxSize?: number) {
  const database = await openBoxDatabase(':memory:')
  owner.teardown(() => database.destroy())
  const mirrored = await Mirrored.open(database)
  const now = { ...roomy, ...room }
  const admission = new Admission({ mirrored, room: async () => now, maxSizeOf: () => maxSize })
  return { admission, mirrored, now, again: () => Mirrored.open(database) }
}

for (const [what, room, maxSize] of [
  ['quota', { held: [held], quotaBytes: 150 }, undefined],
  ['keep_free', { held: [held], freeBytes: 140, keepFreeBytes: 30 }, undefined],
  ['max_size', {}, 99],
] as const)
  test(`what is more than ${what} allows is turned away by its real size`, async t => {
    const { admission, mirrored } = await admissionOf(t, room, maxSize)
    await t.throwsAsync(() => admission.admit(torrent, origin), {
      code: 'ERR_TORRENT_TOO_LARGE',
      message: new RegExp(what),
    })
    t.deepEqual(mirrored.get(infoHash), { sizeBytes: 100, isAdmitted: false, isRemoved: false })
  })

test('what was let in once always goes on, over a restart too', async t => {
  const { admission, now, again } = await admissionOf(t, { quotaBytes: 100 })
  await admission.admit(torrent, origin)
  Object.assign(now, { quotaBytes: 0, freeBytes: 0 })
  await admission.admit(torrent, origin)
  t.true((await again()).get(infoHash)!.isAdmitted)
})

test('its own place among what is held does not count against it', async t => {
  const own = { ...held, key: infoHash, sizeBytes: 100, missingBytes: 100 }
  const { admission } = await admissionOf(t, { held: [own], quotaBytes: 100, freeBytes: 100 })
  await t.notThrowsAsync(() => admission.admit(torrent, origin))
})

test('of two that come at once and have room alone, one is let in', async t => {
  const now = [
    { ...held, key: infoHash, sizeBytes: 1 },
    { ...held, key: other, sizeBytes: 1 },
  ]
  const { admission, mirrored } = await admissionOf(t, { quotaBytes: 150 })
  const second = { ...torrent, infoHash: other } as Metainfo
  const bothUnseen = [admission.admit(torrent, origin), admission.admit(second, origin)]
  t.deepEqual(
    (await Promise.allSettled(bothUnseen)).map(({ status }) => status),
    ['fulfilled', 'rejected'],
    'neither is on the shelf yet',
  )
  t.true(mirrored.get(infoHash)!.isAdmitted)
  const onShelf = await admissionOf(t, { quotaBytes: 150 })
  const sizesOf = () =>
    now.map(one => ({ ...one, sizeBytes: onShelf.mirrored.get(one.key)?.sizeBytes ?? one.sizeBytes }))
  Object.defineProperty(onShelf.now, 'held', { get: sizesOf })
  const bothSeen = [onShelf.admission.admit(torrent, origin), onShelf.admission.admit(second, origin)]
  t.deepEqual(
    (await Promise.allSettled(bothSeen)).map(({ status }) => status),
    ['fulfilled', 'rejected'],
    'the real size of one is not held against the other before it was looked at',
  )
})

test('what was let in and did not come takes no room any more', async t => {
  const { admission } = await admissionOf(t, { quotaBytes: 150 })
  await admission.admit(torrent, origin)
  admission.settled()
  await t.notThrowsAsync(() => admission.admit({ ...torrent, infoHash: other } as Metainfo, origin))
})

test('a torrent of very many files is turned away though they are empty', async t => {
  const { admission } = await admissionOf(t)
  const files = Array.from({ length: 20_001 }, () => ({ sizeBytes: 0, isPad: false }))
  const flood = { ...torrent, sizeBytes: 0, files } as unknown as Metainfo
  await t.throwsAsync(() => admission.admit(flood, origin), {
    code: 'ERR_TORRENT_TOO_LARGE',
    message: /20001 files, more than the 20000/,
  })
  const padded = files.map((file, index) => ({ ...file, isPad: index > 0 }))
  await t.notThrowsAsync(() => admission.admit({ ...flood, files: padded } as unknown as Metainfo, origin))
})

test('only a feed of a private address leads to others', async t => {
  const { admission } = await admissionOf(t)
  const isAllowed = (of: string) => admission.terms(of).allowPrivateAddresses
  t.is(isAllowed('catalog:zoo'), false)
  t.is(isAllowed('feed:https://zoo.example.org/rss'), false)
  t.is(isAllowed('feed:http://192.168.1.2/rss'), true)
  t.is(isAllowed('feed:http://[::1]:80/rss'), true)
  t.deepEqual(admission.terms('api'), {})
})

test('a torrent from elsewhere announces to no private address, though its bytes are here', async t => {
  const { admission } = await admissionOf(t)
  const path = await writeSampleFile(join(await temporaryFolder(t), 'zoo.avi'), 1_000)
  const maker = await startSwarm(t)
  const announce = ['http://127.0.0.1:1/announce']
  const { metainfo } = await maker.seed(path, { announce })
  const swarm = await startSwarm(t)
  const out = await temporaryFolder(t)
  const transfer = await swarm.get(metainfo!.bytes, { out, ...admission.terms(origin) })
  t.deepEqual(
    transfer.channels().trackers.map(({ url, status }) => [url, status]),
    [[announce[0], 'refused']],
  )
})
