import { once } from 'node:events'
import { request } from 'node:http'
import test from 'ava'
import { Catalog } from '../../../src/catalog/catalog.ts'
import { createCatalogServer } from '../../../src/catalog/server/create-catalog-server.ts'
import { readMagnet } from '../../../src/core/index.ts'
import { makeTorrent } from '../../kit/made-torrent.ts'
import { sampleDraft } from '../../kit/sample-listing.ts'
import { startSite } from '../../kit/site.ts'
import { startSwarm } from '../../kit/swarm.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

test('a site answers on its port, under its own names only, and is gone once closed', async t => {
  const { url, port, close } = await startSite(t)
  t.is((await fetch(url)).status, 200)
  const asked = request({ port, host: '127.0.0.1', headers: { host: 'evil.example' } }).end()
  const [answer] = await once(asked, 'response')
  t.is(answer.statusCode, 421)
  answer.resume()
  const began = performance.now()
  await close()
  t.true(performance.now() - began < 5_000)
  await t.throwsAsync(fetch(url))
})

test('a second start finds the same catalog, moderators and listings, and makes no second token', async t => {
  const home = await temporaryFolder(t)
  const first = await startSite(t, { home })
  const { id } = await first.site.catalog.publish(sampleDraft())
  await first.close()
  const second = await startSite(t, { home })
  t.is(second.site.own.publicKey, first.site.own.publicKey)
  t.is(second.firstTokenPath, undefined)
  t.truthy(await second.site.moderators.identify(first.token))
  t.true((await second.read('/')).includes(id))
})

test('with a tracker of its own, a site puts it into the magnet links that it hands out', async t => {
  const { site, read, url } = await startSite(t, { tracker: true })
  const { id } = await site.catalog.publish(sampleDraft())
  const [magnet = ''] = /magnet:\?[^"]+/.exec(await read(`/listing/${id}`)) ?? []
  const { trackers } = readMagnet(magnet.replaceAll('&amp;', '&'))
  const { host, port } = new URL(url)
  t.deepEqual(trackers, [`${url}/announce`, `udp://127.0.0.1:${port}/announce`, `ws://${host}/announce`])
  const socket = new WebSocket(`ws://${host}/announce`)
  await once(socket, 'open')
  socket.close()
  t.is((await fetch(`${url}/announce`)).headers.get('content-type'), 'text/plain')
})

test('a port that is taken and an address that is none are said by name, and leave nothing open', async t => {
  const { port } = await startSite(t)
  const home = await temporaryFolder(t)
  await t.throwsAsync(createCatalogServer({ home, port, swarm: false }), { code: 'ERR_PORT_TAKEN' })
  for (const publicUrl of ['zoo.example.org', 'ftp://zoo.example.org', 'https://zoo.example.org/catalog'])
    await t.throwsAsync(createCatalogServer({ home, port: 0, swarm: false, publicUrl }), {
      code: 'ERR_INVALID_ARGUMENT',
    })
})

test('what a moderator accepts is within seconds with those who follow the site by its address', async t => {
  const home = await temporaryFolder(t)
  const server = await startSite(t, { home, swarm: await startSwarm(t, { home }) })
  const { desk, own } = server.site
  const torrent = makeTorrent('lions.mp4', new Uint8Array(40_000), 16_384).bytes
  const words = {
    title: 'Lions',
    description: '',
    section: 'video',
    tags: 'zoo',
    license: 'MIT',
    email: 'ann@example.org',
  }
  const { id } = await desk.submit({ ...words, torrent }, { address: '127.0.0.1' })
  await desk.accept(id, {}, { name: 'first' })

  const follower = await Catalog.open({ home: await temporaryFolder(t), swarm: await startSwarm(t) })
  t.teardown(() => follower.close())
  const { catalog } = await follower.follow(server.url)
  t.is(catalog.publicKey, own.publicKey)
  t.deepEqual(
    (await follower.search('lions')).listings.map(({ title }) => title),
    ['Lions'],
  )
  const began = performance.now()
  await server.close()
  t.true(performance.now() - began < 5_000)
})
