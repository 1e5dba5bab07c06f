import { once } from 'node:events'
import test, { type ExecutionContext } from 'ava'
import Client from 'bittorrent-tracker'
import { askSite } from '../../../../src/catalog/catalog-source.ts'
import { listingHealth } from '../../../../src/catalog/health/listing-health.ts'
import { createCatalogServer } from '../../../../src/catalog/server/create-catalog-server.ts'
import { encodeBencode, parseMetainfo } from '../../../../src/core/index.ts'
import { type Postgres, requirePostgres, startPostgres } from '../../../kit/postgres.ts'
import { temporaryFolder } from '../../../kit/temp-folder.ts'

// biome-ignore lint/suspicious/noExplicitAny: what an answer holds is checked by the tests of the API
type Answer = Record<string, any>

type Database = 'SQLite' | 'PostgreSQL'

let postgres: Promise<Postgres | undefined> | undefined
const undo: (() => void | PromiseLike<void>)[] = []
test.after.always(async () => {
  for (const one of undo.reverse()) await one()
})

async function locationOf(database: Database): Promise<string | undefined> {
  if (database === 'SQLite') return undefined
  postgres ??= startPostgres({ teardown: one => undo.push(one) })
  return (await postgres)?.newDatabase()
}

async function startSite(t: ExecutionContext, on: Database) {
  const home = await temporaryFolder(t, 'home')
  const database = await locationOf(on)
  const server = await createCatalogServer({
    home,
    database,
    port: 0,
    name: 'Zoo',
    swarm: false,
    tracker: { udpPort: 0 },
    allowPrivateAddresses: true,
  })
  t.teardown(() => server.close())
  const { token } = await server.site.moderators.add('Ada')
  return { server, token }
}

const torrentOf = (name: string) =>
  parseMetainfo(
    encodeBencode({ info: { length: 5, name, 'piece length': 16_384, pieces: Buffer.alloc(20, name) } }),
  )

for (const database of ['SQLite', 'PostgreSQL'] as const) {
  test(`On ${database}, what is submitted over the API and accepted is found in the API, the feeds, Torznab and the catalog`, async t => {
    if (database === 'PostgreSQL' && !(await requirePostgres(t))) return
    const { server, token } = await startSite(t, database)
    const torrent = torrentOf('zoo.avi')
    const form = new FormData()
    const fields = { title: 'Lions <3', description: '', section: 'video', license: 'CC-BY-4.0', tags: 'Zoo' }
    for (const [name, value] of Object.entries({ ...fields, email: 'maker@example.org' }))
      form.set(name, value)
    form.set('torrent', new Blob([torrent.bytes]), 'zoo.torrent')
    const api = async (path: string, init?: RequestInit) => {
      const response = await fetch(`${server.url}/api/v1${path}`, init)
      const answer = (await response.json()) as Answer
      if (!response.ok) throw new Error(JSON.stringify(answer))
      return answer
    }
    const { id, secret } = await api('/submissions', { method: 'POST', body: form })
    t.is((await api(`/submissions/${id}?secret=${secret}`)).title, 'Lions <3')
    const moderated = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const queue = await api('/moderation/submissions', { headers: moderated })
    t.like(queue.submissions[0], { id, title: 'Lions <3', hasTorrent: true, email: 'maker@example.org' })
    const accepted = await api(`/moderation/submissions/${id}/accept`, {
      method: 'POST',
      headers: moderated,
      body: '{}',
    })
    t.is(accepted.state, 'accepted')

    const { listings } = await api('/search?q=lions')
    t.like(listings[0], { id: accepted.listingId, infoHash: torrent.infoHash, tags: ['zoo'] })
    const text = async (path: string) => (await fetch(`${server.url}${path}`)).text()
    t.true((await text('/rss/tag/zoo')).includes('<title>Lions &lt;3</title>'))
    t.true((await text('/torznab/api?t=search&q=lions')).includes('<title>Lions &lt;3</title>'))
    t.true((await text('/torznab/api?t=search&cat=2000,3000')).includes('<title>Lions &lt;3</title>'))
    t.false((await text('/torznab/api?t=search&q=OR+lions&cat=3000,4000')).includes('<item>'))
    t.true((await text('/sitemap/1.xml')).includes(accepted.listingId))
    const handedOut = await fetch(`${server.url}/torrents/${accepted.listingId}.torrent`)
    const { infoHash, trackers } = parseMetainfo(new Uint8Array(await handedOut.arrayBuffer()))
    t.is(infoHash, torrent.infoHash)
    t.is(trackers.flat().length, 3)
    t.is((await fetch(`${server.url}/metrics`)).status, 200)

    const { pointer, metainfo, name } = await askSite(server.url, {})
    t.is(name, 'Zoo')
    t.is(metainfo?.infoHash, pointer.infoHash)
    t.true(metainfo?.trackers.flat().includes(`${server.url}/announce`))
  })

  test(`On ${database}, peers announce to the trackers in what the site hands out`, async t => {
    if (database === 'PostgreSQL' && !(await requirePostgres(t))) return
    const { server } = await startSite(t, database)
    const { infoHash } = torrentOf('lion.avi')
    const { id } = await server.site.catalog.publish({
      title: 'Lion',
      description: '',
      section: 'video',
      tags: [],
      license: 'CC0-1.0',
      magnet: `magnet:?xt=urn:btih:${infoHash}`,
      sizeBytes: 5,
      fileCount: 1,
    })
    const listing = await fetch(`${server.url}/api/v1/listings/${id}`)
    const { magnet } = (await listing.json()) as Answer
    const announce = new URL(magnet).searchParams.getAll('tr')
    t.deepEqual(announce.map(url => url.slice(0, url.indexOf(':'))).sort(), ['http', 'udp', 'ws'])
    for (const [index, url] of announce.entries()) {
      const port = 7001 + index
      const client = new Client({
        infoHash: infoHash!,
        peerId: Buffer.alloc(20, `${port}-`),
        announce: url,
        port,
      })
      t.teardown(() => new Promise<void>(resolve => client.destroy(resolve)))
      await Promise.all([once(client, 'update'), client.start({ left: 0, numwant: 0 })])
    }
    t.deepEqual(server.site.tracker?.counts(infoHash!), { seeds: 3, leeches: 0 })

    const { claim } = listingHealth(
      server.site.catalog.database,
      server.site.store,
      () => new Date(Date.now() + 600_000),
    )
    t.deepEqual(
      (await claim(5)).map(torrent => torrent.infoHash),
      [infoHash],
    )
    t.deepEqual(await claim(5), [])
  })
}
