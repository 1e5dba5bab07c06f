import { access, stat } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { startBox } from '../../../kit/box.ts'
import { writeSampleFile } from '../../../kit/sample-files.ts'
import { addressOf, startSwarm } from '../../../kit/swarm.ts'
import { temporaryFolder } from '../../../kit/temp-folder.ts'
import { waitUntil } from '../../../kit/wait-until.ts'

const idHeader = 'x-transmission-session-id'
type Told = Readonly<Record<string, unknown>>

interface Answer {
  readonly result: string
  readonly arguments: Told
}

/** What Sonarr, Radarr and their kin ask of every torrent. */
const asked = [
  ...['id', 'hashString', 'name', 'downloadDir', 'totalSize', 'leftUntilDone', 'isFinished', 'eta', 'status'],
  ...['secondsDownloading', 'secondsSeeding', 'errorString', 'uploadedEver', 'downloadedEver'],
  ...[
    'seedRatioLimit',
    'seedRatioMode',
    'seedIdleLimit',
    'seedIdleMode',
    'fileCount',
    'file-count',
    'labels',
  ],
]

test('a manager of a media library adds by category, sets goals, waits, and takes away with the files', async t => {
  const folder = await temporaryFolder(t)
  const settings = `[folders]\ndownloads = "${folder}"\n[server]\npublic_url = "https://box.example"\n`
  const { box } = await startBox(t, { settings })
  const swarm = await startSwarm(t)
  const seed = await swarm.seed(await writeSampleFile(join(await temporaryFolder(t), 'clip.avi'), 300_000))
  const url = `${box.url}/transmission/rpc`
  const password = Buffer.from(`p2pshare:${box.token.value}`).toString('base64')
  const accept = 'application/json'

  // It asks without a password first, and for the session's id with a GET.
  const refused = await fetch(url, { headers: { accept } })
  t.is(refused.status, 401)
  t.regex(refused.headers.get('www-authenticate') ?? '', /^Basic /)
  const headers = { accept, authorization: `Basic ${password}`, 'content-type': 'application/json' }
  const greeted = await fetch(url, { headers })
  t.is(greeted.status, 409)
  const id = greeted.headers.get(idHeader)!
  const call = async (method: string, given?: object) => {
    const body = JSON.stringify({ method, ...(given && { arguments: given }) })
    const answer = await fetch(url, { method: 'POST', headers: { ...headers, [idHeader]: id }, body })
    const { result, arguments: told } = (await answer.json()) as Answer
    t.is(result, 'success', method)
    return told
  }
  const own = async () => ((await call('torrent-get', { fields: asked })).torrents as Told[])[0]!

  const session = await call('session-get')
  t.regex(String(session.version), /^4\.1\.0 /, 'labels are used from 4 on')
  t.true(Number(session['rpc-version']) >= 14)
  for (const name of ['seedRatioLimit', 'idle-seeding-limit']) t.is(typeof session[name], 'number', name)
  for (const name of ['seedRatioLimited', 'idle-seeding-limit-enabled'])
    t.is(typeof session[name], 'boolean', name)

  const category = join(String(session['download-dir']), 'tv')
  const metainfo = Buffer.from(seed.metainfo!.bytes).toString('base64')
  await call('torrent-add', { metainfo, paused: false, 'download-dir': category, labels: ['tv'] })
  const ids = [seed.infoHash]
  await call('torrent-set', {
    ids,
    seedRatioLimit: 1.5,
    seedRatioMode: 1,
    seedIdleLimit: 90,
    seedIdleMode: 1,
  })
  await call('queue-move-top', { ids })
  box.shelf.find(1).transfer!.addPeer(addressOf(swarm))
  await waitUntil('it is here', async () => (await own()).status === 6)
  t.like(await own(), {
    ...{
      hashString: seed.infoHash,
      name: 'clip.avi',
      downloadDir: category,
      totalSize: 300_000,
      leftUntilDone: 0,
    },
    ...{ isFinished: false, errorString: '', seedRatioLimit: 1.5, seedRatioMode: 1 },
    ...{ seedIdleLimit: 90, seedIdleMode: 1, fileCount: 1, 'file-count': 1, labels: ['tv'] },
  })
  t.is((await stat(join(category, 'clip.avi'))).size, 300_000)

  // What has given enough rests, and may be removed once it was imported.
  await call('torrent-set', { ids, labels: ['tv', 'tv-imported'], seedIdleLimit: 0.0001 })
  await waitUntil('it rests', async () => (await own()).isFinished)
  t.like(await own(), { status: 0, labels: ['tv', 'tv-imported'] })
  await call('torrent-remove', { ids, 'delete-local-data': true })
  await waitUntil('its files are gone', () =>
    access(join(category, 'clip.avi')).then(
      () => false,
      () => true,
    ),
  )
  t.deepEqual(await call('torrent-get', { fields: asked }), { torrents: [] })
})
