import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { Catalog } from '../../../src/catalog/catalog.ts'
import type { ListingDraft } from '../../../src/index.ts'
import { startBox } from '../../kit/box.ts'
import { runCommand } from '../../kit/command.ts'
import { startDhtNode } from '../../kit/dht-node.ts'
import { sameContent, writeSampleFile } from '../../kit/sample-files.ts'
import { sampleDraft } from '../../kit/sample-listing.ts'
import { startSwarm } from '../../kit/swarm.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'
import { waitUntil } from '../../kit/wait-until.ts'

interface Clip extends Partial<ListingDraft> {
  readonly name: string
  readonly bytes: number
}

/** A catalog of clips that its maker seeds, found by a DHT of one node. */
async function makeCatalog(t: ExecutionContext, clips: readonly Clip[]) {
  const { address } = await startDhtNode(t)
  const home = await temporaryFolder(t, 'maker')
  const swarm = await startSwarm(t, { home, dht: { bootstrap: [address] } })
  const catalog = await Catalog.open({ home, swarm })
  const { link, publicKey, salt } = await catalog.create('zoo films')
  const paths = new Map<string, string>()
  for (const { name, bytes, ...fields } of clips) {
    const path = await writeSampleFile(join(home, 'clips', name), bytes)
    const { magnetLink: magnet } = await swarm.seed(path)
    await catalog.publish(sampleDraft({ title: name, sizeBytes: bytes, magnet, ...fields }))
    paths.set(name, path)
  }
  const ending = new AbortController()
  const keeping = catalog.keepUp({ signal: ending.signal })
  t.teardown(async () => {
    ending.abort()
    await keeping
    await catalog.close()
  })
  await waitUntil('the catalog is in the DHT', () => swarm.resolvePointer({ publicKey, salt }))
  return { node: address, link, publicKey, salt, paths, catalog }
}

const settings = (downloads: string, catalog: string, filter: string, follow = '') =>
  `[folders]\ndownloads = ${JSON.stringify(downloads)}
[queue]\ndownloads = 0
[follow]\nkeep_free = 0\n${follow}
[[follow.catalogs]]\ncatalog = ${JSON.stringify(catalog)}\n${filter}`

const network = (node: string) =>
  ({ port: 0, dht: { bootstrap: [node] }, lsd: false, pex: false, nat: false }) as const

test('what a catalog lists and the filter asks for is fetched from its swarm, and a narrower filter drops nothing', async t => {
  const made = await makeCatalog(t, [
    { name: 'lions.avi', bytes: 100_000, tags: ['zoo'] },
    { name: 'cats.avi', bytes: 100_000, tags: ['home'] },
    { name: 'large lions.avi', bytes: 400_000, tags: ['zoo'] },
    { name: 'lions.jpg', bytes: 50_000, tags: ['zoo'], section: 'photos' },
  ])
  const downloads = await temporaryFolder(t, 'downloads')
  const filter = 'sections = ["video"]\ntags = ["zoo", "farm"]\nwords = "lions"\nmax_size = 200000'
  const { box, home, problems } = await startBox(t, {
    settings: settings(downloads, made.link, filter),
    network: network(made.node),
  })
  await waitUntil('it is here', async () => {
    await box.following.turn()
    return box.shelf.items()[0]?.state === 'seeding'
  })
  await sameContent(t, join(downloads, 'zoo films', 'lions.avi'), made.paths.get('lions.avi')!)
  const [item, ...others] = box.shelf.items()
  t.is(others.length, 0)
  t.is(item!.entry.origin, `catalog:${made.publicKey}/${made.salt}`)
  const [source] = await box.following.sources()
  t.like(source, { kind: 'catalog', name: 'zoo films', problem: undefined, source: made.link })
  t.true(source!.syncedAt instanceof Date)
  await box.stop()

  const narrower = await startBox(t, {
    home,
    settings: settings(downloads, made.link, 'sections = ["music"]'),
    network: network(made.node),
  })
  await narrower.box.following.turn()
  t.deepEqual(
    narrower.box.shelf.items().map(({ name }) => name),
    ['lions.avi'],
  )
  const { plan } = await narrower.box.following.plan()
  t.deepEqual(
    plan.drop.map(({ item, why }) => [item.name, why]),
    [['lions.avi', 'not asked for any more']],
  )
  t.deepEqual(problems, [])
})

test('of a catalog that is too much for the quota what fewest seed comes first', async t => {
  const made = await makeCatalog(t, [
    { name: 'a.avi', bytes: 100_000 },
    { name: 'b.avi', bytes: 100_000 },
  ])
  const downloads = await temporaryFolder(t, 'downloads')
  const { box } = await startBox(t, {
    settings: settings(downloads, made.link, '', 'quota = 50'),
    network: network(made.node),
  })
  const listed = await waitUntil('its listings are known', async () => {
    await box.following.turn()
    const { leftOut } = (await box.following.plan()).plan
    return leftOut.length === 2 && leftOut
  })
  t.true(listed.every(({ why }) => why === 'beyond the quota'))
  const [newest] = listed
  const health = { seeds: 7, leeches: 0, at: new Date() }
  await box.catalog!.store.setHealth(newest!.listing.key, health)
  const { leftOut } = (await box.following.plan()).plan
  t.deepEqual(
    leftOut.map(({ listing }) => listing.seeds),
    [undefined, 7],
  )
})

test('a catalog that nobody has is followed all the same, and told of', async t => {
  const { address } = await startDhtNode(t)
  const downloads = await temporaryFolder(t, 'downloads')
  const link = `magnet:?xs=urn:btpk:${'ab'.repeat(32)}`
  const { box, home, problems } = await startBox(t, {
    settings: settings(downloads, link, ''),
    network: network(address),
  })
  await waitUntil('it is told of', () => problems.length > 0)
  await box.following.turn()
  const [source] = await box.following.sources()
  t.regex(source!.problem!, /Nobody in the DHT/)
  const variables = { P2PSHARE_HOME: home }
  const { stderr } = await runCommand(t, ['box', 'plan'], { variables })
  t.regex(stderr, /^Catalog magnet:\S+: Nobody in the DHT knows where the catalog "(?:ab){32}" is/m)
  t.notRegex(stderr, /The DHT, .* is off/)
  const { events } = await runCommand(t, ['box', 'plan', '--json'], { variables })
  t.like(events().at(-1), { event: 'problem', source: link })
})

test('box plan of a box without the DHT says so once, and that a catalog is not known', async t => {
  const downloads = await temporaryFolder(t, 'downloads')
  const { home } = await startBox(t, {
    settings: settings(downloads, `magnet:?xs=urn:btpk:${'ab'.repeat(32)}`, ''),
  })
  const { stderr } = await runCommand(t, ['box', 'plan'], { variables: { P2PSHARE_HOME: home } })
  t.regex(stderr, /^Catalog magnet:\S+: .+$/m)
  t.is(stderr.match(/The DHT\b[^\n]*? is off/g)?.length, 1, stderr)
})

test('a catalog that only the DHT could find is told of as that where the DHT is off, and no key of its link is told', async t => {
  const downloads = await temporaryFolder(t, 'downloads')
  const { box, problems } = await startBox(t, {
    settings: settings(downloads, `magnet:?xs=urn:btpk:${'ab'.repeat(32)}`, ''),
  })
  await waitUntil('it is told of', () => problems.length > 0)
  t.regex(problems[0]!, /^The catalog magnet:… cannot be followed: .*The DHT is off/)
  const [source] = await box.following.sources()
  t.regex(source!.problem!, /The DHT is off.*switch it on, or follow the catalog by its web address/)
})

test('box plan says what would be done and prunes only once it is told to', async t => {
  const made = await makeCatalog(t, [{ name: 'lions.avi', bytes: 100_000 }])
  const downloads = await temporaryFolder(t, 'downloads')
  const { box, home, ask } = await startBox(t, {
    settings: settings(downloads, made.link, ''),
    network: network(made.node),
  })
  await waitUntil('it is here', async () => {
    await box.following.turn()
    return box.shelf.items()[0]?.state === 'seeding'
  })
  const variables = { P2PSHARE_HOME: home }
  const kept = await runCommand(t, ['box', 'plan', '--json'], { variables })
  t.is(kept.exitCode, 0)
  t.deepEqual(
    kept.events().map(({ event }) => event),
    ['plan', 'keep'],
  )
  const following = await (await ask('/api/v1/following')).json()
  t.like((following as { sources: object[] }).sources[0], { wanted: 1, here: 1, hereBytes: 100_000 })

  await made.catalog.withdraw((await made.catalog.search('')).listings[0]!.id)
  await waitUntil('it is listed no more', async () => {
    await box.catalog!.sync(made.link)
    return (await box.following.plan()).plan.drop.length === 1
  })
  const unasked = await runCommand(t, ['box', 'plan', '--prune'], { variables })
  t.is(unasked.exitCode, 2)
  t.is(box.shelf.items().length, 1)
  const refused = await runCommand(t, ['box', 'plan', '--prune'], { variables, typed: 'n\n', columns: 100 })
  t.is(refused.exitCode, 7)
  t.true(refused.stdout.includes('Could go'))
  t.is(box.shelf.items().length, 1)
  const pruned = await runCommand(t, ['box', 'plan', '--prune', '--yes', '--json'], { variables })
  t.is(pruned.exitCode, 0)
  t.like(pruned.events().at(-1), { event: 'dropped', name: 'lions.avi', left: [] })
  t.is(box.shelf.items().length, 0)
})
