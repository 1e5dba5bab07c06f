import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { hookVariables } from '../../../../src/box/hooks/hook-variables.ts'
import { BoxClient, type TransferView } from '../../../../src/box/index.ts'
import { P2pShareError } from '../../../../src/core/index.ts'
import { startBox } from '../../../kit/box.ts'
import { writeSampleAlbum, writeSampleFile } from '../../../kit/sample-files.ts'
import { samplePhoto } from '../../../kit/sample-photos.ts'
import { addressOf, startSwarm } from '../../../kit/swarm.ts'
import { temporaryFolder } from '../../../kit/temp-folder.ts'
import { waitUntil } from '../../../kit/wait-until.ts'

type Json = Record<string, unknown>

const nowhere = `magnet:?xt=urn:btih:${'0123456789'.repeat(4)}&dn=nowhere`

/** A box, its client, and a folder for its files. */
async function open(t: ExecutionContext) {
  const folder = await temporaryFolder(t)
  const downloads = join(folder, 'downloads')
  const started = await startBox(t, { settings: `[folders]\ndownloads = "${downloads}"\n` })
  const client = await BoxClient.find(started.home)
  const post = (path: string, body: unknown, method = 'POST') =>
    started.ask(`/api/v1${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  return { ...started, client, folder, downloads, post }
}

async function refused(t: ExecutionContext, answer: Response, status: number, code: string) {
  const problem = (await answer.json()) as Json
  t.is(answer.status, status, JSON.stringify(problem))
  t.is(answer.headers.get('content-type'), 'application/problem+json')
  t.like(problem, { status, code })
}

test('the document describes every operation, and refers to nothing that it lacks', async t => {
  const { ask } = await open(t)
  const answer = await ask('/api/v1/openapi.json')
  const text = await answer.text()
  const { paths, components } = JSON.parse(text) as {
    paths: Record<string, Record<string, { operationId: string; security?: unknown }>>
    components: { schemas: Json }
  }
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g))
    t.true(name! in components.schemas)
  const operations = Object.values(paths).flatMap(ways => Object.values(ways))
  t.is(new Set(operations.map(({ operationId }) => operationId)).size, operations.length)
  t.true(operations.every(({ security }) => security !== undefined))
  for (const path of ['/transfers', '/shares', '/uploads/{album}/{name}', '/events', '/status', '/limits'])
    t.truthy(paths[path], path)
  const unrouted: string[] = []
  for (const [path, ways] of Object.entries(paths))
    for (const method of Object.keys(ways)) {
      if (path === '/stop' || path === '/events') continue
      const answer = await ask(`/api/v1${path.replaceAll(/\{\w+\}/g, 'nosuch')}`, {
        method: method.toUpperCase(),
      })
      const { detail } = (await answer.json()) as Json
      if (detail === 'There is nothing here.') unrouted.push(`${method} ${path}`)
    }
  t.deepEqual(unrouted, [])
})

test('a token that is wrong opens nothing', async t => {
  const { box } = await open(t)
  const answer = await fetch(`${box.url}/api/v1/transfers`, { headers: { authorization: 'Bearer wrong' } })
  t.is(answer.status, 401)
  await t.throwsAsync(new BoxClient(box.url, 'wrong').status(), { code: 'ERR_NOT_AUTHORIZED' })
})

test('what cannot be is refused with a problem document that says what is wrong', async t => {
  const { ask, post } = await open(t)
  await refused(t, await ask('/api/v1/transfers/nosuch'), 404, 'ERR_NO_SUCH_TRANSFER')
  await refused(t, await ask('/api/v1/transfers/99/files'), 404, 'ERR_NO_SUCH_TRANSFER')
  await refused(t, await ask('/api/v1/transfers?state=lost'), 400, 'ERR_INVALID_ARGUMENT')
  await refused(t, await post('/transfers', {}), 400, 'ERR_INVALID_ARGUMENT')
  await refused(t, await post('/transfers', { id: nowhere, colour: 'red' }), 400, 'ERR_INVALID_ARGUMENT')
  await refused(t, await post('/transfers', { id: 'magnet:?xt=nothing' }), 400, 'ERR_INVALID_MAGNET')
  for (const id of ['/etc/passwd', 'zzz', 'file:///etc/passwd', ' ', '../clip.torrent'])
    await refused(t, await post('/transfers', { id }), 400, 'ERR_INVALID_IDENTIFIER')
  await refused(t, await post('/shares', { paths: ['relative'] }), 400, 'ERR_INVALID_ARGUMENT')
  await refused(t, await post('/shares', { paths: ['/no/such/place'] }), 400, 'ERR_PATH_NOT_FOUND')
  await refused(t, await post('/limits', { uploadLimit: -1 }, 'PATCH'), 400, 'ERR_INVALID_ARGUMENT')
  await refused(t, await ask('/api/v1/limits', { method: 'PATCH', body: 'x' }), 415, 'ERR_INVALID_ARGUMENT')
  await refused(
    t,
    await post('/limits', { uploadLimit: 1, x: 'y'.repeat(70_000) }, 'PATCH'),
    413,
    'ERR_INVALID_ARGUMENT',
  )
})

test('a list is filtered, sorted, cut, and may have few fields', async t => {
  const { client, folder, ask } = await open(t)
  for (const [name, label] of [
    ['b.avi', 'zoo'],
    ['a.avi', 'zoo'],
    ['c.avi', 'sea'],
  ] as const)
    await client.share({ paths: [await writeSampleFile(join(folder, name), 40_000, name)], labels: [label] })
  await client.add({ id: nowhere, isPaused: true })
  const names = (views: readonly TransferView[]) => views.map(({ name }) => name)
  t.deepEqual(names(await client.transfers()), ['b.avi', 'a.avi', 'c.avi', 'nowhere'])
  t.deepEqual(names(await client.transfers({ sort: 'name' })), ['a.avi', 'b.avi', 'c.avi', 'nowhere'])
  t.deepEqual(names(await client.transfers({ label: 'zoo' })), ['b.avi', 'a.avi'])
  t.deepEqual(names(await client.transfers({ state: 'paused' })), ['nowhere'])
  t.deepEqual(names(await client.transfers({ state: ['seeding', 'paused'], text: 'C' })), ['c.avi'])
  t.deepEqual(names(await client.transfers({ limit: 2, offset: 1 })), ['a.avi', 'c.avi'])
  const few = await ask('/api/v1/transfers?fields=id,name&limit=1')
  t.deepEqual(await few.json(), { total: 4, transfers: [{ id: 1, name: 'b.avi' }] })
})

test('what is added is fetched into its folder, files that are not chosen left out, over a restart too', async t => {
  const album = await writeSampleAlbum(join(await temporaryFolder(t), 'trip'))
  const seeder = await startSwarm(t)
  const { magnetLink } = await seeder.seed(album)
  const { client, downloads, box, home } = await open(t)
  const added = await client.add({
    id: magnetLink,
    labels: ['zoo'],
    peers: [addressOf(seeder)],
    select: ['cover.jpg', '*.bin'],
  })
  t.like(added, { id: 1, labels: ['zoo'], kind: 'get', origin: 'api' })
  await waitUntil('it is fetched', async () => (await client.transfer('1')).state === 'seeding')
  const unwanted = ['trip/day 1/Löwe im Gras.jpg', 'trip/day 1/🦁 roar.avi', 'trip/day 2/empty.txt']
  const skipped = async (from: BoxClient) => {
    const files = await from.files('1')
    t.is(files.length, 6)
    return files.filter(({ priority }) => priority === 0).map(({ path }) => path)
  }
  await waitUntil('the choice is kept', async () => (await skipped(client)).length > 0)
  t.deepEqual(await skipped(client), unwanted)
  const cover = (await client.files('1')).find(({ path }) => path.endsWith('cover.jpg'))
  t.like(cover, { sizeBytes: 40_000, haveBytes: 40_000, priority: 4 })
  t.is((await client.transfer('1')).path, join(downloads, 'trip'))
  const peers = await client.peers('1')
  t.deepEqual(
    peers.map(({ address, isSeed }) => ({ address, isSeed })),
    [{ address: addressOf(seeder), isSeed: true }],
  )
  const { pieceCount, have } = await client.pieces('1')
  t.is(Buffer.from(have, 'base64').length, Math.ceil(pieceCount / 8))
  const [first, ...log] = await client.log('1')
  t.is(first?.what, 'added')
  t.true(log.some(({ what }) => what === 'done'))

  await box.stop()
  const again = await startBox(t, { home })
  await waitUntil('it is back', () => again.box.shelf.items()[0]?.state === 'seeding')
  t.deepEqual(await skipped(await BoxClient.find(home)), unwanted)
})

test('a .torrent comes as base64 or in a form, and is the same to the box', async t => {
  const { post, ask, folder } = await open(t)
  const seeder = await startSwarm(t)
  const { bytes } = await seeder.create(await writeSampleFile(join(folder, 'a.avi'), 50_000))
  const form = new FormData()
  form.set('torrent', new Blob([new Uint8Array(bytes)]), 'a.torrent')
  form.set('labels', 'zoo, sea')
  const first = await ask('/api/v1/transfers', { method: 'POST', body: form })
  const view = (await first.json()) as Json
  t.is(first.status, 201, JSON.stringify(view))
  t.like(view, { id: 1, name: 'a.avi', labels: ['zoo', 'sea'] })
  const second = await post('/transfers', { torrent: Buffer.from(bytes).toString('base64') })
  t.is(((await second.json()) as Json).id, 1)
})

test('labels, limits, goals, places and files are changed, and null takes back', async t => {
  const { client, folder } = await open(t)
  await writeSampleAlbum(join(folder, 'trip'))
  await client.share({ paths: [join(folder, 'trip')] })
  await client.add({ id: nowhere })
  const change = { labels: ['a', 'b', 'a'], uploadLimit: 1_000, ratioGoal: 2.5, seedSecondsGoal: 60 }
  t.like(await client.change('1', change), { ...change, labels: ['a', 'b'], downloadLimit: null })
  t.like(await client.change('1', { uploadLimit: null, ratioGoal: null }), {
    uploadLimit: null,
    ratioGoal: null,
    seedSecondsGoal: 60,
    labels: ['a', 'b'],
  })
  const first = (await client.transfers({ sort: 'queue' }))[0]
  t.is(first?.id, 1)
  await client.change('2', { queue: 'top' })
  t.deepEqual(
    (await client.transfers({ sort: 'queue' })).map(({ id }) => id),
    [2, 1],
  )
  await client.change('2', { queue: 'down' })
  t.deepEqual(
    (await client.transfers({ sort: 'queue' })).map(({ id }) => id),
    [1, 2],
  )
  const shared = await t.throwsAsync(client.change('1', { skip: ['*.jpg'] }), { instanceOf: P2pShareError })
  t.is((shared as P2pShareError).code, 'ERR_INVALID_ARGUMENT', 'shared files are all there')
  await t.throwsAsync(client.change('2', { only: ['1'] }), { code: 'ERR_NO_PEERS' })
})

test('a transfer is paused, resumed, checked, moved and removed with its files', async t => {
  const path = await writeSampleFile(join(await temporaryFolder(t), 'clip.avi'), 700_000)
  const seeder = await startSwarm(t)
  const { magnetLink } = await seeder.seed(path)
  const { client, folder, problems } = await open(t)
  const state = async () => (await client.transfer('1')).state
  await client.add({ id: magnetLink, peers: [addressOf(seeder)] })
  await waitUntil('it is fetched', async () => (await state()) === 'seeding')
  await client.pause('1')
  t.is(await state(), 'paused')
  await client.resume('1')
  await waitUntil('it goes on', async () => (await state()) === 'seeding')
  await client.recheck('1')
  await waitUntil('it is checked', async () => (await state()) === 'seeding')
  await client.announce('1')
  const moved = await client.move('1', join(folder, 'elsewhere'))
  t.is(moved.path, join(folder, 'elsewhere', 'clip.avi'))
  await mkdir(join(folder, 'taken'))
  await writeSampleFile(join(folder, 'taken', 'clip.avi'), 10)
  await t.throwsAsync(client.move('1', join(folder, 'taken')), { code: 'ERR_TARGET_EXISTS' })
  t.deepEqual(await client.remove('1', { data: true }), { left: [], leftCount: 0 })
  await t.throwsAsync(client.transfer('1'), { code: 'ERR_NO_SUCH_TRANSFER' })
  t.is(problems.length, 1)
  t.regex(problems[0]!, /^Work 2 \(moveTransfer\) failed: .*exists already/)
})

test('a number that has gone means no other transfer, though one is named so', async t => {
  const { ask, client, folder } = await open(t)
  const paths = [await writeSampleFile(join(folder, 'zoo.avi'), 40_000)]
  const { id } = await client.share({ paths })
  const other = await client.share({ paths, name: `${id}`, pieceLength: 32_768 })
  await client.remove(`${id}`)
  for (const [path, method] of [
    ['', 'DELETE'],
    ['/pause', 'POST'],
    ['/files', 'GET'],
  ] as const)
    await refused(t, await ask(`/api/v1/transfers/${id}${path}`, { method }), 404, 'ERR_NO_SUCH_TRANSFER')
  t.is((await ask(`/transfers/${id}/qr.svg`)).status, 404)
  t.deepEqual(
    (await client.transfers()).map(({ id, name, state }) => ({ id, name, state })),
    [{ id: other.id, name: `${id}`, state: 'seeding' }],
  )
})

test('limits over all hold until they are set anew, and the status tells of them', async t => {
  const { client, downloads, box } = await open(t)
  t.deepEqual(await client.limits(), { uploadLimit: null, downloadLimit: null })
  t.deepEqual(await client.setLimits({ uploadLimit: 5_000 }), { uploadLimit: 5_000, downloadLimit: null })
  t.deepEqual(await client.setLimits({ downloadLimit: 7_000 }), { uploadLimit: 5_000, downloadLimit: 7_000 })
  const status = await client.status()
  t.like(status, { uploadLimit: 5_000, downloadLimit: 7_000, downloads, transfers: 0, url: box.url })
  t.true(status.freeBytes! > 0)
  t.is(status.port, box.swarm.port)
})

test('without a catalog nothing is searched', async t => {
  const { client, box } = await open(t)
  Object.defineProperty(box, 'catalog', { value: undefined })
  await t.throwsAsync(client.search({ q: 'zoo' }), { code: 'ERR_NO_SUCH_CATALOG' })
})

test('asked to stop, the box answers and stops', async t => {
  const { client, box } = await open(t)
  await client.stop()
  await box.stopped
  await t.throwsAsync(client.status(), { code: 'ERR_NO_BOX' })
})

test('the path of a share is what was shared, though others get copies, and none where it is several', async t => {
  const { client, folder, box } = await open(t)
  const album = join(folder, 'trip')
  await mkdir(album)
  await writeFile(join(album, 'a.jpg'), await samplePhoto('jpeg', { gps: true }))
  await writeFile(join(album, 'b.jpg'), await samplePhoto('jpeg', { gps: true, width: 120 }))
  const clip = await writeSampleFile(join(folder, 'clip.avi'), 40_000)
  const stripped = await client.share({ paths: [album], location: 'strip' })
  t.is(stripped.path, album)
  const [item] = box.shelf.items()
  t.true((await box.shelf.sources(item!)).every(({ source }) => !source.startsWith(folder)))
  const variables = hookVariables('done', item!, new Date())
  t.like(variables, { P2PSHARE_PATH: album, TR_TORRENT_DIR: folder })
  const linked = async (path: string) =>
    (await client.links(path)).map(({ infoHash, path: at }) => [infoHash, at])
  t.deepEqual(await linked(join(album, 'b.jpg')), [[stripped.infoHash, album]])
  const several = await client.share({ paths: [clip, join(album, 'a.jpg')], name: 'both' })
  t.is(several.path, undefined)
  t.is(hookVariables('done', box.shelf.find(2), new Date()).P2PSHARE_PATH, '')
  t.deepEqual(await linked(clip), [[several.infoHash, clip]])
})
