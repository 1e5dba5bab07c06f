// A catalog with a web site, and somebody who follows it by its address, in one process.
//
//   node examples/catalog-site.ts [file or folder]
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Catalog, createCatalogServer, describeFiles, Swarm } from 'p2pshare'

const what = process.argv[2] ?? fileURLToPath(new URL('media/zoo.avi', import.meta.url))
const folder = await mkdtemp(join(tmpdir(), 'p2pshare-example-'))

try {
  // Everything that would look for peers elsewhere is off, because the other one is right here.
  const alone = { port: 0, dht: false, lsd: false, nat: false }
  await using maker = await Swarm.start({ ...alone, home: join(folder, 'maker') })
  await using server = await createCatalogServer({
    port: 0,
    home: join(folder, 'maker'),
    name: 'Zoo films',
    swarm: maker,
  })
  console.log(`the site is at ${server.url}`)

  const created = await maker.create(what)
  const clip = await maker.share(created)
  const { poster, ...facts } = await describeFiles(created.sources)
  const listing = await server.site.catalog.publish(
    {
      ...facts,
      title: 'A day at the zoo',
      description: 'Lions, tigers and an ice cream.',
      tags: ['zoo', 'animals'],
      license: 'CC-BY-4.0',
      magnet: clip.magnetLink,
    },
    { to: 'Zoo films', poster, torrent: created.bytes },
  )
  console.log(`listed as ${listing.id}`)

  await using viewer = await Swarm.start({ ...alone, home: join(folder, 'viewer') })
  await using catalog = await Catalog.open({ home: join(folder, 'viewer'), swarm: viewer })
  const { result } = await catalog.follow(server.url, { signal: AbortSignal.timeout(30_000) })
  const { listings } = await catalog.search('zoo -cubs')
  console.log(`${result.added} listing came; found: ${listings.map(({ title }) => title).join(', ')}`)
} finally {
  await rm(folder, { recursive: true, force: true })
}
