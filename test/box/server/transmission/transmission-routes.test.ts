import { request } from 'node:http'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { startBox } from '../../../kit/box.ts'
import { writeSampleAlbum, writeSampleFile } from '../../../kit/sample-files.ts'
import { addressOf, startSwarm } from '../../../kit/swarm.ts'
import { temporaryFolder } from '../../../kit/temp-folder.ts'
import { waitUntil } from '../../../kit/wait-until.ts'

const idHeader = 'x-transmission-session-id'

/** A box, and how it is asked by a client that has shaken hands. */
async function client(t: ExecutionContext, settings = '') {
  const started = await startBox(t, { settings })
  const post = (body: unknown, headers: Record<string, string> = {}, path = '/transmission/rpc') =>
    started.ask(path, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers,
    })
  const id = (await post({})).headers.get(idHeader)!
  const legacy = async (method: string, given: object = {}) =>
    (await post({ method, arguments: given }, { [idHeader]: id })).json() as Promise<{
      result: string
      arguments: Record<string, unknown>
    }>
  const modern = async (method: string, params: object = {}) =>
    (await post({ jsonrpc: '2.0', id: 1, method, params }, { [idHeader]: id })).json() as Promise<{
      result?: Record<string, unknown>
      error?: { code: number; data: { error_string: string } }
    }>
  return { ...started, post, id, legacy, modern }
}

async function sharing(t: ExecutionContext) {
  const found = await client(t)
  const path = await writeSampleFile(join(await temporaryFolder(t), 'clip.avi'), 100_000)
  const { shelf, swarm } = found.box
  const item = await shelf.share(await swarm.create(path), { origin: 'api' })
  return { ...found, item }
}

/** The status of a POST whose Host and Origin are made up, which fetch does not allow. */
function statusOf(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(`${url}/transmission/rpc`, { method: 'POST', headers }, response => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    asked.on('error', reject)
    asked.end('{}')
  })
}

test('a call without the id is sent back with it, and with the version that is spoken', async t => {
  const { post, id } = await client(t)
  for (const made of ['', 'made up']) {
    const headers = { [idHeader]: made }
    const answer = await post({ method: 'session-get' }, headers)
    t.is(answer.status, 409)
    t.is(answer.headers.get(idHeader), id)
    t.is(answer.headers.get('x-transmission-rpc-version'), '6.0.0')
  }
  for (const path of ['/transmission/rpc', '/transmission/rpc/'])
    t.is((await post({ method: 'session-get' }, { [idHeader]: id }, path)).status, 200)
})

test('programs that ask for the id with a GET get it, and people are led to the pages', async t => {
  const { ask, id } = await client(t)
  const bare = await ask('/transmission/rpc')
  t.is(bare.status, 409)
  t.is(bare.headers.get(idHeader), id)
  t.is((await ask('/transmission/rpc', { headers: { [idHeader]: id } })).status, 405)
  for (const path of ['/transmission/rpc', '/transmission/web/', '/transmission/web', '/transmission']) {
    const answer = await ask(path, { headers: { accept: 'text/html' }, redirect: 'manual' })
    t.is(answer.status, 302, path)
    t.is(answer.headers.get('location'), '/')
  }
})

test('the token is the password of the user p2pshare; another one opens nothing', async t => {
  const { box, id } = await client(t)
  const as = (credentials: string) =>
    fetch(`${box.url}/transmission/rpc`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}`, [idHeader]: id },
      body: '{"method":"session-get"}',
    })
  t.is((await as(`p2pshare:${box.token.value}`)).status, 200)
  t.is((await as(`transmission:${box.token.value}`)).status, 401)
  t.is((await as('p2pshare:')).status, 401)
})

test('neither a name that was made to point here nor a page of another origin gets in', async t => {
  const { box, id } = await client(t)
  const { host } = new URL(box.url)
  const good = { host, [idHeader]: id }
  t.is(await statusOf(box.url, good), 200)
  t.is(await statusOf(box.url, { ...good, host: 'evil.example' }), 421)
  t.is(await statusOf(box.url, { ...good, origin: 'http://evil.example' }), 403)
  t.is(await statusOf(box.url, { ...good, 'sec-fetch-site': 'cross-site' }), 403)
  const answer = await fetch(`${box.url}/transmission/rpc`, { headers: { origin: 'http://evil.example' } })
  t.is(answer.headers.get('access-control-allow-origin'), null, 'no page can read the id')
})

test('the session tells how peers are found as the box was started, whatever its settings file says', async t => {
  const { modern } = await client(t, '[network]\nlsd = true\npex = true\nnat = true\nmax_peers = 7\n')
  const { result } = await modern('session_get')
  t.like(result, {
    dht_enabled: false,
    lpd_enabled: false,
    pex_enabled: false,
    port_forwarding_enabled: false,
  })
  t.like(result, { peer_limit_per_torrent: 7, encryption: 'preferred' })
})

test('both forms tell the same of the session and its statistics', async t => {
  const { legacy, modern } = await sharing(t)
  const { arguments: before } = await legacy('session-get')
  const { result: now } = await modern('session_get')
  t.is(before['rpc-version-semver'], '6.0.0')
  t.is(now!.rpc_version_semver, '6.0.0')
  t.regex(String(now!.version), /^4\.1\.0 \(p2pshare /)
  t.is(before['speed-limit-up-enabled'], false)
  t.is(before.seedRatioLimited, false)
  t.is(before['download-dir'], now!.download_dir)
  t.is(typeof before['download-dir-free-space'], 'number')
  t.deepEqual((await legacy('session-get', { fields: ['version', 'peer-port'] })).arguments, {
    version: now!.version,
    'peer-port': now!.peer_port,
  })
  t.like((await legacy('session-stats')).arguments, { torrentCount: 1, 'current-stats': { filesAdded: 1 } })
  t.like((await modern('session_stats')).result, { torrent_count: 1, cumulative_stats: { session_count: 1 } })
})

test('a notification is answered with nothing', async t => {
  const { post, id } = await client(t)
  const answer = await post({ jsonrpc: '2.0', method: 'session_get' }, { [idHeader]: id })
  t.is(answer.status, 204)
  t.is(await answer.text(), '')
})

test('what is shared is told of, and one id that is not there does no harm', async t => {
  const { legacy, modern, item } = await sharing(t)
  const { arguments: found } = await legacy('torrent-get', {
    ids: [99, item.infoHash, 'f'.repeat(40)],
    fields: ['id', 'name', 'totalSize', 'magnetLink', 'trackerStats', 'peers', 'files'],
  })
  t.like((found.torrents as object[])[0], {
    id: 1,
    name: 'clip.avi',
    totalSize: 100_000,
    trackerStats: [],
    peers: [],
  })
  t.is((await legacy('torrent-stop', { ids: [99, 1] })).result, 'success')
  t.true(item.entry.isPaused)
  t.deepEqual((await modern('torrent_start', { ids: [99, '1'] })).result, {})
  t.false(item.entry.isPaused)
})

test('adding what is there already says so', async t => {
  const { legacy, modern, item } = await sharing(t)
  const { arguments: again } = await legacy('torrent-add', { filename: item.transfer!.magnetLink })
  t.deepEqual(again, { 'torrent-duplicate': { id: 1, name: 'clip.avi', hashString: item.infoHash } })
  const magnet = `magnet:?xt=urn:btih:${'a'.repeat(40)}&dn=zoo`
  const added = await modern('torrent_add', { filename: magnet, labels: ['zoo'], paused: true })
  t.deepEqual(added.result, { torrent_added: { id: 2, name: 'zoo', hash_string: 'a'.repeat(40) } })
})

test('what cannot be added is refused in words, and no file of this machine is read', async t => {
  const { legacy, modern } = await client(t)
  const refused = [
    {},
    { filename: '/etc/passwd' },
    { filename: 'file:///etc/passwd' },
    { filename: 'magnet:?dn=nothing' },
    { metainfo: Buffer.from('no torrent').toString('base64') },
    { filename: `magnet:?xt=urn:btih:${'a'.repeat(40)}`, 'download-dir': 'not/absolute' },
  ]
  for (const given of refused) {
    const { result } = await legacy('torrent-add', given)
    t.not(result, 'success', JSON.stringify(given))
    t.is((await modern('torrent_add', given)).error?.code, -32_602, JSON.stringify(given))
  }
})

test('queue places are moved and told', async t => {
  const { legacy, box } = await client(t)
  for (const digit of ['a', 'b', 'c'])
    await legacy('torrent-add', { filename: `magnet:?xt=urn:btih:${digit.repeat(40)}`, paused: true })
  const order = async () => {
    const { arguments: found } = await legacy('torrent-get', { fields: ['id', 'queuePosition'] })
    const torrents = found.torrents as { id: number; queuePosition: number }[]
    return torrents.toSorted((one, other) => one.queuePosition - other.queuePosition).map(({ id }) => id)
  }
  t.deepEqual(await order(), [1, 2, 3])
  await legacy('queue-move-top', { ids: [3] })
  t.deepEqual(await order(), [3, 1, 2])
  await legacy('queue-move-up', { ids: [2] })
  t.deepEqual(await order(), [3, 2, 1])
  await legacy('queue-move-down', { ids: [3] })
  t.deepEqual(await order(), [2, 3, 1])
  await legacy('queue-move-bottom', { ids: [2, 3] })
  t.deepEqual(await order(), [1, 2, 3])
  await legacy('torrent-set', { ids: [1], queuePosition: 1 })
  t.deepEqual(await order(), [2, 1, 3])
  t.is(box.shelf.items().length, 3)
})

test('limits over all come and go, and the slow ones with them', async t => {
  const { modern, box } = await client(t, '[slow]\nupload = "10K"\n')
  await modern('session_set', { speed_limit_up: '300', speed_limit_up_enabled: true })
  t.like(box.desk.limits.held, { upload: 300_000, download: undefined })
  await modern('session_set', { alt_speed_enabled: true })
  t.like(box.desk.limits.held, { upload: 10_240 })
  t.like((await modern('session_get', { fields: ['alt_speed_enabled'] })).result, { alt_speed_enabled: true })
  await modern('session_set', { alt_speed_enabled: false })
  t.like(box.desk.limits.held, { upload: undefined })
})

test('what only the settings file can change is refused, the rest of the call is done', async t => {
  const { legacy, box } = await client(t)
  const { result } = await legacy('session-set', {
    'dht-enabled': true,
    'download-dir': '/elsewhere',
    'speed-limit-down': 5,
    'speed-limit-down-enabled': true,
  })
  t.regex(result, /settings file/)
  t.regex(result, /download_dir/)
  t.like(box.desk.limits.held, { download: 5_000 })
  const { arguments: now } = await legacy('session-get', { fields: ['download-dir', 'pex-enabled'] })
  t.is((await legacy('session-set', now)).result, 'success', 'what is so already does no harm')
})

test('free space is told also of a folder that is still to be made', async t => {
  const { legacy, modern } = await client(t)
  const folder = join(await temporaryFolder(t), 'not', 'yet')
  const { arguments: space } = await legacy('free-space', { path: folder })
  t.is(space.path, folder)
  t.true(Number(space['size-bytes']) > 0)
  t.true(Number(space.total_size) >= Number(space['size-bytes']))
  t.is((await modern('free_space', { path: 'relative' })).error?.code, -32_602)
})

test('what a client may ask for and the box does not do is answered in its own words', async t => {
  const { legacy, modern } = await sharing(t)
  for (const method of ['session-close', 'blocklist-update', 'torrent-rename-path', 'group-set', 'port-test'])
    t.not((await legacy(method, { ids: [1] })).result, 'success', method)
  t.deepEqual((await legacy('group-get')).arguments, { group: [] })
  t.is((await legacy('torrent-fly')).result, 'method name not recognized')
  t.is((await modern('constructor')).error?.code, -32_601)
})

test('files that are shared from where they are are neither moved nor chosen among', async t => {
  const { legacy, item } = await sharing(t)
  const folder = await temporaryFolder(t)
  t.regex(
    (await legacy('torrent-set-location', { ids: [1], location: folder, move: true })).result,
    /only ever read/,
  )
  t.regex((await legacy('torrent-set', { ids: [1], 'files-unwanted': [0] })).result, /only ever read/)
  t.is(item.entry.priorities.size, 0, 'what failed is not kept')
})

test('what is added is fetched only as far as it is wanted, of a magnet link too', async t => {
  const swarm = await startSwarm(t)
  const seed = await swarm.seed(await writeSampleAlbum(join(await temporaryFolder(t), 'album')))
  const metainfo = Buffer.from(seed.metainfo!.bytes).toString('base64')
  for (const what of [{ metainfo }, { filename: seed.magnetLink }]) {
    const { legacy, box } = await client(t)
    const folder = await temporaryFolder(t)
    const given = {
      ...what,
      'download-dir': folder,
      'files-unwanted': [],
      'files-wanted': [0],
      'priority-high': [0],
    }
    t.is((await legacy('torrent-add', given)).result, 'success')
    const item = box.shelf.find(1)
    item.transfer?.addPeer(addressOf(swarm))
    await waitUntil('the wanted file is here', () => item.isDone && item.entry.priorities.size > 0)
    t.is(item.entry.priorities.get(0), 6)
    t.is(item.entry.priorities.get(1), 0)
    t.false(item.entry.isPaused)
    if ('metainfo' in what) t.is(item.transfer?.stats().sizeBytes, 40_000)
  }
})
