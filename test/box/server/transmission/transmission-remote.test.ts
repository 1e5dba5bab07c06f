import { access, mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import type { Transfer } from '../../../../src/index.ts'
import { type StartedBox, startBox } from '../../../kit/box.ts'
import { requireProgram } from '../../../kit/external.ts'
import { sameContent, writeSampleAlbum, writeSampleFile } from '../../../kit/sample-files.ts'
import { addressOf, startSwarm } from '../../../kit/swarm.ts'
import { temporaryFolder } from '../../../kit/temp-folder.ts'
import { type Remote, remoteOf } from '../../../kit/transmission-remote.ts'
import { waitUntil } from '../../../kit/wait-until.ts'

const done = /responded: "success"/

interface Scene {
  readonly started: StartedBox
  readonly remote: Remote
  readonly seed: Transfer
  readonly path: string
  /** The .torrent of what is seeded. */
  readonly torrent: string
  readonly folder: string
  /** Lets the box know where the seed is. */
  readonly meet: () => void
}

/** A box, and somebody who seeds an album or a clip. */
async function scene(t: ExecutionContext, what: 'clip' | 'album'): Promise<Scene | undefined> {
  if (!requireProgram(t, 'transmission-remote')) return undefined
  const swarm = await startSwarm(t)
  const home = await temporaryFolder(t)
  const path =
    what === 'clip'
      ? await writeSampleFile(join(home, 'clip.avi'), 1_500_000)
      : await writeSampleAlbum(join(home, 'album'))
  const seed = await swarm.seed(path, { pieceLength: 32_768 })
  const torrent = join(home, 'it.torrent')
  await writeFile(torrent, seed.metainfo!.bytes)
  const folder = await temporaryFolder(t)
  const started = await startBox(t, { settings: `[folders]\ndownloads = "${folder}"\n` })
  const meet = () => started.box.shelf.find(1).transfer?.addPeer(addressOf(swarm))
  return {
    started,
    remote: remoteOf(started.box.url, started.box.token.value),
    seed,
    path,
    torrent,
    folder,
    meet,
  }
}

async function listed(remote: Remote, pattern: RegExp) {
  let seen = ''
  await waitUntil(
    `the list shows ${pattern}`,
    async () => {
      seen = await remote('-l')
      return pattern.test(seen)
    },
    { state: () => seen },
  )
}

test('transmission-remote adds a magnet link, sees it come, and everything there is to know of it', async t => {
  const found = await scene(t, 'clip')
  if (!found) return
  const { remote, seed, folder, path, meet } = found
  t.regex(await remote('-l'), /^Sum:/m)
  t.regex(await remote('-a', seed.magnetLink), done)
  await waitUntil('the files are sought', () => found.started.box.shelf.find(1).transfer)
  meet()
  await listed(remote, /^ +1 +100% +1\.50 MB +Done .* (Idle|Seeding|Queued)? .*clip\.avi$/m)
  await sameContent(t, join(folder, 'clip.avi'), path)

  const info = await remote('-t', '1', '-i')
  t.true(info.includes(`Hash: ${seed.infoHash}`))
  t.true(info.includes(`Location: ${folder}`))
  t.regex(info, /Percent Done: 100%/)
  t.regex(info, /Total size: 1\.50 MB \(1\.50 MB wanted\)/)
  t.regex(info, /Piece Count: 46/)
  t.regex(await remote('-t', seed.infoHash, '-f'), /0: 100% +Normal +Yes +1\.50 MB +clip\.avi/)
  t.regex(await remote('-t', '1', '-ic'), /(1{8} ){5}1{6}/)
  t.regex(await remote('-t', '1', '-ip'), /127\.0\.0\.1/)
  t.is(await remote('-t', '1', '-it'), '')
  t.regex(await remote('-st'), /Downloaded: +1\.\d+ MB/)
})

test('transmission-remote adds a .torrent, says which files come, and how urgent they are', async t => {
  const found = await scene(t, 'album')
  if (!found) return
  const { remote, torrent, folder, meet } = found
  t.regex(await remote('--start-paused'), /settings file/, 'what it cannot say once and for all')
  t.regex(await remote('-a', torrent), done)
  const files = () => remote('-t', '1', '-f')
  const line = async (name: string) => (await files()).split('\n').find(text => text.endsWith(name)) ?? ''
  await waitUntil('the files are known', async () => /\(6 files\)/.test(await files()))

  t.regex(await remote('-t', '1', '-G', 'all'), done)
  t.false(/ Yes /.test(await files()))
  t.regex(await remote('-t', '1', '-g', '0,3'), done)
  t.regex(await remote('-t', '1', '-ph', '0'), done)
  t.regex(await remote('-t', '1', '-pl', '3'), done)
  t.regex(await line('album/cover.jpg'), /High +Yes/)
  t.regex(await line('one byte.bin'), /Low +Yes/)
  t.regex(await line('exact.bin'), /Normal +No/)
  meet()
  await listed(remote, /100% /)
  t.is((await stat(join(folder, 'album', 'cover.jpg'))).size, 40_000)
  // Of its neighbour there is what shares a piece with it.
  t.true((await stat(join(folder, 'album', 'day 1', 'Löwe im Gras.jpg'))).size < 32_768)
  t.regex(await remote('-t', '1', '-g', '99'), /no file 99/)
  t.regex(await remote('-t', '1', '-g', 'all'), done)
  await waitUntil('all is here', async () => /0: 100%[\s\S]*5: +(100|nan)/.test(await files()))
})

test('transmission-remote holds a transfer, lets it go on, checks it, moves it and takes it away', async t => {
  const found = await scene(t, 'clip')
  if (!found) return
  const { remote, torrent, folder, path, meet } = found
  const { shelf } = found.started.box
  t.regex(await remote('-a', torrent), done)
  t.regex(await remote('-t', '1', '-S'), done)
  await listed(remote, /Stopped +clip\.avi/)
  t.regex(await remote('-t', '1', '-s'), done)
  meet()
  await waitUntil('it is here', () => shelf.find(1).state === 'seeding')

  t.regex(await remote('-t', '1', '-v'), done)
  await waitUntil('it is checked', () => shelf.find(1).state === 'seeding')
  t.regex(await remote('-t', '1', '--reannounce'), done)
  const other = join(await temporaryFolder(t), 'elsewhere')
  t.regex(await remote('-t', '1', '--find', other), /not looked for elsewhere/)
  t.regex(await remote('-t', '1', '--move', other), done)
  await sameContent(t, join(other, 'clip.avi'), path)
  await t.throwsAsync(access(join(folder, 'clip.avi')), { code: 'ENOENT' })
  t.true((await remote('-t', '1', '-i')).includes(`Location: ${other}`))

  t.regex(await remote('-t', '1', '--remove-and-delete'), done)
  await t.throwsAsync(access(join(other, 'clip.avi')), { code: 'ENOENT' })
  t.is(shelf.items().length, 0)
})

test('a transfer that is removed alone leaves its files', async t => {
  const found = await scene(t, 'clip')
  if (!found) return
  const { remote, torrent, folder, meet } = found
  const target = join(folder, 'own')
  await mkdir(target)
  t.regex(await remote('-w', target, '-a', torrent), /settings file|success/)
  await waitUntil('it is there', () => found.started.box.shelf.items().length === 1)
  meet()
  await listed(remote, /100% /)
  t.regex(await remote('-t', 'all', '-r'), done)
  t.is(found.started.box.shelf.items().length, 0)
  const place = await Promise.any(
    [join(folder, 'clip.avi'), join(target, 'clip.avi')].map(file => stat(file)),
  )
  t.is(place.size, 1_500_000)
})

test('transmission-remote sets limits, labels and goals, of one transfer and of all', async t => {
  const found = await scene(t, 'clip')
  if (!found) return
  const { remote, torrent, started } = found
  await remote('-a', torrent)
  const info = () => remote('-t', '1', '-i')
  t.regex(await remote('-t', '1', '-d', '50', '-u', '30'), done)
  t.regex(await info(), /Download Limit: 50 kB\/s/)
  t.regex(await info(), /Upload Limit: 30 kB\/s/)
  t.deepEqual(started.box.shelf.find(1).entry.limits, { upload: 30_000, download: 50_000 })
  t.regex(await remote('-t', '1', '-D', '-U'), done)
  t.regex(await info(), /Download Limit: Unlimited/)
  t.regex(await remote('-t', '1', '-L', 'zoo,lions'), done)
  t.regex(await info(), /Labels: zoo, lions/)
  t.regex(await remote('-t', '1', '-sr', '2.5'), done)
  t.regex(await info(), /Ratio Limit: 2\.5/)
  t.regex(await remote('-t', '1', '-SR'), done)
  t.regex(await info(), /Ratio Limit: Unlimited/)
  t.regex(await remote('-t', '1', '-srd'), done)
  t.regex(await info(), /Ratio Limit: Default/)

  t.regex(await remote('-d', '500'), done)
  t.regex(await remote('-u', '200'), done)
  const session = await remote('-si')
  t.regex(session, /Upload speed limit: 200 kB\/s/)
  t.regex(session, /Download speed limit: 500 kB\/s/)
  t.deepEqual(started.box.desk.limits.held, { upload: 200_000, download: 500_000 })
  t.regex(await remote('-D'), done)
  t.regex(await remote('-si'), /Download speed limit: Unlimited/)
})

test('transmission-remote is told politely what the box does not do', async t => {
  const found = await scene(t, 'clip')
  if (!found) return
  const { remote, torrent } = found
  await remote('-a', torrent)
  const isAnswered = async (pattern: RegExp, ...args: string[]) => {
    t.regex(await remote(...args), pattern, args.join(' '))
  }
  await isAnswered(/not ended from afar/, '--exit')
  await isAnswered(/no blocklist/, '--blocklist-update')
  await isAnswered(/nobody there is asked/, '-pt')
  await isAnswered(/cannot be changed/, '-t', '1', '-td', 'http://127.0.0.1:1/announce')
  await isAnswered(/settings file/, '-w', '/elsewhere')
})

test('where the token is asked for it is the password, and nothing else opens', async t => {
  if (!requireProgram(t, 'transmission-remote')) return
  const settings = '[server]\npublic_url = "https://box.example"\n'
  const { box } = await startBox(t, { settings })
  t.regex(await remoteOf(box.url, box.token.value)('-l'), /^Sum:/m)
  t.regex(await remoteOf(box.url, 'wrong')('-l'), /401|Unauthorized/)
})
