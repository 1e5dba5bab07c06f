import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { Catalog, type CatalogInit } from '../../src/catalog/catalog.ts'
import { CatalogRegistry } from '../../src/catalog/catalog-registry.ts'
import type { SyncResult } from '../../src/catalog/following.ts'
import { signListing } from '../../src/catalog/listing/sign.ts'
import { generateIdentity } from '../../src/core/index.ts'
import type { SignedPointer, Swarm } from '../../src/swarm/index.ts'
import { startDhtNode } from '../kit/dht-node.ts'
import { sampleDraft, sampleMagnet } from '../kit/sample-listing.ts'
import { startSwarm } from '../kit/swarm.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'
import { waitUntil } from '../kit/wait-until.ts'

interface Place {
  readonly home: string
  readonly swarm: Swarm
  readonly catalog: Catalog
  /** Begins to keep everything up; answers how to end it. */
  keepUp(): () => Promise<void>
  /** Leaves for good: stops what it does, its swarm, its database. */
  leave(): Promise<void>
}

/** A p2pshare of its own that knows one DHT node. */
async function settle(t: ExecutionContext, node: string, init: CatalogInit = {}): Promise<Place> {
  const home = init.home ?? (await temporaryFolder(t, 'home'))
  const swarm = await startSwarm(t, { home, dht: { bootstrap: [node] } })
  const catalog = await Catalog.open({ pollEveryMs: 200, ...init, home, swarm })
  const ends: (() => Promise<void>)[] = []
  const keepUp = () => {
    const ending = new AbortController()
    const running = catalog.keepUp({ signal: ending.signal })
    const end = async () => {
      ending.abort()
      await running
    }
    ends.push(end)
    return end
  }
  const leave = async () => {
    await Promise.all(ends.map(end => end()))
    await swarm.stop()
    await catalog.close()
  }
  t.teardown(leave)
  return { home, swarm, catalog, keepUp, leave }
}

async function titles(catalog: Catalog, text = ''): Promise<string[]> {
  return (await catalog.search({ text, limit: 100 })).listings.map(({ title }) => title).sort()
}

const draft = (title: string, number = 1) => sampleDraft({ title, magnet: sampleMagnet(number) })

/** Waits until the snapshot that is published is the one that the catalog is at. */
async function published(place: Place, name: string): Promise<void> {
  await waitUntil('the snapshot is in the DHT', async () => {
    const { publicKey, salt, seq, infoHash } = await place.catalog.find(name)
    const found = await place.swarm.resolvePointer({ publicKey, salt })
    return infoHash !== undefined && found?.seq === seq && found.infoHash === infoHash
  })
}

test('what is published in one place is found in another, and an update and a withdrawal follow', async t => {
  const { address } = await startDhtNode(t)
  const maker = await settle(t, address)
  const { link } = await maker.catalog.create('zoo films')
  const lions = await maker.catalog.publish(draft('Lions', 1))
  await maker.catalog.publish(draft('Tigers', 2))
  maker.keepUp()
  await published(maker, 'zoo films')

  const viewer = await settle(t, address)
  const { catalog, result } = await viewer.catalog.follow(link)
  t.like(catalog, { name: 'zoo films', isOwn: false, listingCount: 2, link })
  t.like(result, { isChanged: true, added: 2, refused: 0 })
  t.deepEqual(await titles(viewer.catalog), ['Lions', 'Tigers'])
  t.deepEqual((await viewer.catalog.store.byId(lions.id))?.json, lions.json)

  viewer.keepUp()
  await maker.catalog.publish({ ...draft('Lions at night', 1) }, { revises: lions.id })
  await maker.catalog.publish(draft('Bears', 3))
  await waitUntil(
    'the update is there',
    async () => (await titles(viewer.catalog)).join() === 'Bears,Lions at night,Tigers',
  )
  await maker.catalog.withdraw(lions.id, { reason: 'wrong film' })
  await waitUntil(
    'the withdrawal is there',
    async () => (await titles(viewer.catalog)).join() === 'Bears,Tigers',
  )
})

test('the first catalog of a key is found by the key alone', async t => {
  const { address } = await startDhtNode(t)
  const maker = await settle(t, address)
  const { publicKey, link } = await maker.catalog.create('zoo films')
  await maker.catalog.create('other')
  await maker.catalog.publish(draft('Lions'), { to: 'zoo films' })
  maker.keepUp()
  await published(maker, 'zoo films')
  const viewer = await settle(t, address)
  await waitUntil('it is there', async () => {
    const { catalog } = await viewer.catalog.follow(publicKey, { timeoutMs: 5_000 })
    return catalog.listingCount === 1
  })
  const [catalog, ...others] = await viewer.catalog.catalogs()
  t.like(catalog, { name: 'zoo films', link, salt: 'zoo-films' })
  t.is(others.length, 0)
  t.false((await viewer.catalog.sync(link))[0]!.isChanged)
  t.is((await viewer.catalog.follow(publicKey)).catalog.number, catalog!.number)
})

test('a catalog survives its publisher: followers seed the snapshot and put the pointer again', async t => {
  const { address } = await startDhtNode(t)
  const maker = await settle(t, address)
  const { link } = await maker.catalog.create('zoo films')
  await maker.catalog.publish(draft('Lions'))
  maker.keepUp()
  await published(maker, 'zoo films')
  const follower = await settle(t, address)
  await follower.catalog.follow(link)
  const { seq } = await follower.catalog.find(link)
  follower.keepUp()
  await maker.leave()

  const late = await settle(t, address)
  await waitUntil('the late one has it', async () => {
    const { catalog } = await late.catalog.follow(link, { timeoutMs: 5_000 })
    return catalog.seq === seq
  })
  t.deepEqual(await titles(late.catalog), ['Lions'])
})

test('a pointer that goes back is refused, after a restart too', async t => {
  const { address, stop } = await startDhtNode(t)
  let now = new Date(Date.now() - 3_600_000)
  const maker = await settle(t, address, { now: () => now })
  const { link, number } = await maker.catalog.create('zoo films')
  await maker.catalog.publish(draft('Lions', 1))
  const { pointer: first } = await maker.catalog.snapshot()
  await maker.catalog.publish(draft('Tigers', 2))
  now = new Date()
  const { pointer: second } = await maker.catalog.snapshot()
  t.true(second.seq > first.seq)
  maker.keepUp()
  await waitUntil(
    'the second is there',
    async () => (await maker.swarm.resolvePointer(second))?.seq === second.seq,
  )

  const home = await temporaryFolder(t, 'home')
  const before = await settle(t, address, { home })
  await before.catalog.follow(link)
  t.is((await before.catalog.find(link)).seq, second.seq)
  await before.leave()
  await maker.leave()
  // Else it would be remembered, and asked again.
  await stop()

  const elsewhere = await startDhtNode(t)
  const liar = await startSwarm(t, { dht: { bootstrap: [elsewhere.address] } })
  const after = await settle(t, elsewhere.address, { home })
  await waitUntil(
    'the old pointer is put',
    async () => (await liar.publishPointer(first as SignedPointer)) > 0,
  )
  await t.throwsAsync(after.catalog.sync(link), { code: 'ERR_NO_PEERS' })
  t.is((await after.catalog.find(link)).seq, second.seq)
  t.deepEqual(await titles(after.catalog), ['Lions', 'Tigers'])
  t.is(number, 1)
})

test('a listing that a curator takes out goes from those who follow, and so does one that no catalog holds', async t => {
  const { address } = await startDhtNode(t)
  const curator = await settle(t, address)
  const { link } = await curator.catalog.create('showcase')
  const stranger = generateIdentity()
  const [kept, dropped] = [
    signListing(draft('Lions', 1), stranger),
    signListing(draft('Rubbish', 2), stranger),
  ]
  await curator.catalog.accept(kept)
  await curator.catalog.accept(dropped)
  curator.keepUp()
  await published(curator, 'showcase')
  const viewer = await settle(t, address)
  await viewer.catalog.follow(link)
  t.deepEqual(await titles(viewer.catalog), ['Lions', 'Rubbish'])
  viewer.keepUp()
  await curator.catalog.remove(dropped.id, 'showcase')
  await waitUntil('it is gone', async () => (await titles(viewer.catalog)).join() === 'Lions')
  await viewer.catalog.unfollow(link)
  t.deepEqual(await titles(viewer.catalog), [])
})

test('an update fetches only what is new', async t => {
  const { address } = await startDhtNode(t)
  const maker = await settle(t, address)
  const { link } = await maker.catalog.create('many')
  const identity = generateIdentity()
  const lines = Array.from(
    { length: 3_000 },
    (_, index) => signListing(draft(`Film ${index}`, index + 1), identity).json,
  )
  t.deepEqual(await maker.catalog.import(lines, { to: 'many' }), { taken: 3_000, refused: 0 })
  const stop = maker.keepUp()
  await published(maker, 'many')
  const viewer = await settle(t, address)
  const { result: whole } = await viewer.catalog.follow(link)
  t.is(whole.added, 3_000)
  await stop()
  for (let index = 0; index < 10; index++) await maker.catalog.publish(draft(`New ${index}`, 9_000 + index))
  maker.keepUp()
  const { seq } = await viewer.catalog.find(link)
  let update: SyncResult | undefined
  await waitUntil('the update is there', async () => {
    ;[update] = await viewer.catalog.sync(link)
    return (await viewer.catalog.find(link)).seq > seq
  })
  t.is(update!.added, 10)
  t.true(whole.fetchedBytes > 300_000, String(whole.fetchedBytes))
  t.true(update!.fetchedBytes < 64 * 1024, String(update!.fetchedBytes))
})

test('a follower that is stopped half way goes on from there, and refuses a line that is not signed', async t => {
  const { address } = await startDhtNode(t)
  const maker = await settle(t, address)
  const { link } = await maker.catalog.create('many')
  const identity = generateIdentity()
  const lines = Array.from(
    { length: 5_000 },
    (_, index) => signListing(draft(`Film ${index}`, index + 1), identity).json,
  )
  const forged = lines[0]!.replace('Film 0', 'Film X')
  t.deepEqual(await maker.catalog.import([...lines, forged], { to: 'many' }), { taken: 5_000, refused: 1 })
  maker.keepUp()
  await published(maker, 'many')
  const viewer = await settle(t, address)
  const stopping = new AbortController()
  const stop = (progress: { phase: string }) => {
    if (progress.phase === 'reading') stopping.abort()
  }
  await t.throwsAsync(viewer.catalog.follow(link, { signal: stopping.signal, onProgress: stop }), {
    name: 'AbortError',
  })
  const before = (await viewer.catalog.find(link)).listingCount
  t.true(before > 0 && before < 5_000, String(before))
  const [result] = await viewer.catalog.sync(link)
  t.is(result!.added + before, 5_000)
  t.is((await viewer.catalog.find(link)).listingCount, 5_000)
})

test('a catalog whose files are lost here is written anew, and a name made twice is one catalog', async t => {
  const home = await temporaryFolder(t, 'home')
  await using catalog = await Catalog.open({ home })
  const first = await catalog.create('Zoo Films')
  t.deepEqual(await catalog.create(' Zoo Films '), first)
  t.is(first.salt, 'zoo-films')
  await catalog.publish(draft('Lions'))
  const { metainfo } = await catalog.snapshot('Zoo Films')
  const again = await catalog.snapshot('Zoo Films')
  t.is(again.metainfo.infoHash, metainfo.infoHash)
  await catalog.publish(draft('Tigers', 2))
  const registry = new CatalogRegistry(catalog.database)
  await registry.update(first.number, { folder: join('gone', 'away') })
  const rebuilt = await catalog.snapshot('Zoo Films')
  t.is(rebuilt.catalog.listingCount, 2)
  t.not(rebuilt.metainfo.infoHash, metainfo.infoHash)
})

test('two servers on one database need one identity for one catalog', async t => {
  const database = join(await temporaryFolder(t, 'database'), 'shared.db')
  await using first = await Catalog.open({ database, home: await temporaryFolder(t, 'home') })
  await using second = await Catalog.open({ database, home: await temporaryFolder(t, 'home') })
  await first.create('zoo films')
  await t.throwsAsync(second.create('zoo films'), { code: 'ERR_NOT_AUTHORIZED' })
  t.true((await second.create('other')).isOwn)
})

test('only own catalogs and own listings can be changed', async t => {
  await using catalog = await Catalog.open({ home: await temporaryFolder(t, 'home') })
  const other = generateIdentity()
  const stored = await catalog.accept(signListing(draft('Lions'), other))
  await t.throwsAsync(catalog.withdraw(stored.id), { code: 'ERR_NOT_AUTHORIZED' })
  await t.throwsAsync(catalog.publish(draft('Mine'), { revises: stored.id }), { code: 'ERR_NOT_AUTHORIZED' })
  await t.throwsAsync(catalog.publish(draft('Mine'), { to: 'nowhere' }), { code: 'ERR_NO_SUCH_CATALOG' })
  await t.throwsAsync(catalog.withdraw('a'.repeat(26)), { code: 'ERR_NO_SUCH_LISTING' })
  await t.throwsAsync(catalog.sync(), { code: 'ERR_INVALID_ARGUMENT' })
})
