import { readFile, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import test, { type ExecutionContext } from 'ava'
import type { Swarm, SwarmInit } from '../../../src/index.ts'
import { Playback } from '../../../src/swarm/index.ts'
import { writeSampleAlbum, writeSampleFile } from '../../kit/sample-files.ts'
import { addressOf, startSwarm } from '../../kit/swarm.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const mebibyte = 1024 * 1024

type EngineName = NonNullable<Extract<SwarmInit['engine'], string>>
const engines: readonly EngineName[] = ['native', 'webtorrent']

async function fetching(
  t: ExecutionContext,
  engine: EngineName,
  seeder: Swarm,
  magnetLink: string,
  select?: number[],
) {
  const swarm = await startSwarm(t, { engine })
  const out = await temporaryFolder(t, 'out')
  const transfer = await swarm.get(magnetLink, {
    out,
    peers: [addressOf(seeder)],
    ...(select ? { select } : {}),
  })
  await transfer.metadata()
  const playback = await Playback.start({ transfer })
  t.teardown(() => playback.close())
  return { transfer, playback, out }
}

async function seededClip(
  t: ExecutionContext,
  engine: EngineName,
  sizeBytes: number,
  uploadBytesPerSecond?: number,
) {
  const seeder = await startSwarm(t, { engine, uploadBytesPerSecond })
  const path = await writeSampleFile(join(await temporaryFolder(t), 'zoo clip.mp4'), sizeBytes)
  const seeding = await seeder.seed(path)
  return { seeder, path, magnetLink: seeding.magnetLink }
}

/** The status of a request that fetch would not send. */
async function ask(url: string, headers: Record<string, string>, method = 'GET') {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number | undefined; body: string }>()
  const sent = request(url, { headers, method }, answer => {
    text(answer).then(body => resolve({ status: answer.statusCode, body }), reject)
  })
  sent.on('error', reject).end()
  return promise
}

for (const engine of engines) {
  test(`${engine}: a file is read over HTTP while it is fetched, and comes out the same`, async t => {
    const { seeder, path, magnetLink } = await seededClip(t, engine, 20 * mebibyte)
    const { playback } = await fetching(t, engine, seeder, magnetLink)
    const answer = await fetch(playback.urlOf(0))
    t.is(answer.headers.get('content-type'), 'video/mp4')
    t.is(answer.headers.get('content-disposition')?.split(';')[0], 'inline')
    t.is(answer.headers.get('x-content-type-options'), 'nosniff')
    t.true((await readFile(path)).equals(Buffer.from(await answer.arrayBuffer())))
  })

  test(`${engine}: what is asked for in the middle comes before what nobody asked for`, async t => {
    const { seeder, path, magnetLink } = await seededClip(t, engine, 32 * mebibyte, 4 * mebibyte)
    const { playback, transfer } = await fetching(t, engine, seeder, magnetLink)
    const [start, end] = [20 * mebibyte + 7, 21 * mebibyte]
    const answer = await fetch(playback.urlOf(0), { headers: { range: `bytes=${start}-${end - 1}` } })
    const got = Buffer.from(await answer.arrayBuffer())
    t.is(answer.status, 206)
    t.true((await readFile(path)).subarray(start, end).equals(got))
    t.true(transfer.stats().haveBytes < 24 * mebibyte, `${transfer.stats().haveBytes} bytes came first`)
  })

  test(`${engine}: several readers at different places all get their bytes`, async t => {
    const { seeder, path, magnetLink } = await seededClip(t, engine, 16 * mebibyte)
    const { playback, transfer } = await fetching(t, engine, seeder, magnetLink)
    const whole = await readFile(path)
    const starts = [15, 1, 9, 4, 12].map(at => at * mebibyte + 13)
    const parts = await Promise.all(
      starts.map(async start => {
        const headers = { range: `bytes=${start}-${start + 99_999}` }
        const answer = await fetch(playback.urlOf(0), { headers })
        return Buffer.from(await answer.arrayBuffer())
      }),
    )
    for (const [at, start] of starts.entries())
      t.true(parts[at]!.equals(whole.subarray(start, start + 100_000)))
    await transfer.finished()
  })
}

test('nothing is told to who has no token, comes under another name, or wants to write', async t => {
  const { seeder, magnetLink } = await seededClip(t, 'webtorrent', 100_000)
  const { playback, transfer } = await fetching(t, 'webtorrent', seeder, magnetLink)
  const { origin, pathname, host } = new URL(playback.urlOf(0))
  for (const path of [
    '/',
    '/0/zoo',
    `/${'x'.repeat(43)}/0/zoo%20clip.mp4`,
    pathname.replace('/0/', '/1/'),
    '/%',
  ]) {
    const { status, body } = await ask(origin + path, {})
    t.is(status, 404, path)
    t.false(body.includes(transfer.name))
  }
  t.is((await ask(playback.urlOf(0), { host: 'evil.example' })).status, 421)
  t.is((await ask(playback.urlOf(0), { host })).status, 200)
  for (const url of [playback.url, playback.urlOf(0), playback.playlistUrl])
    t.is((await ask(url, {}, 'POST')).status, 405)
  t.regex(pathname, /^\/[\w-]{43}\/0\/zoo%20clip\.mp4$/)
})

test('an album has a page and a playlist, and a page in it cannot run', async t => {
  const seeder = await startSwarm(t)
  const album = await writeSampleAlbum(join(await temporaryFolder(t), 'Our trip'))
  const hostile = '<script>fetch("/")</script>'
  await writeFile(join(album, '<b>index.html'), hostile)
  const seeding = await seeder.seed(album)
  const { playback, transfer } = await fetching(t, 'webtorrent', seeder, seeding.magnetLink)
  const page = await (await fetch(playback.url)).text()
  t.true(page.includes('day 1/🦁 roar.avi'))
  t.false(page.includes('<b>index'))
  const list = await (await fetch(playback.playlistUrl)).text()
  const urls = list.split('\n').filter(line => line.startsWith('http'))
  t.is(urls.length, 3)
  for (const url of urls) t.is((await fetch(url)).status, 200)

  const index = transfer.metainfo!.files.findIndex(({ path }) => path.endsWith('.html'))
  const answer = await fetch(playback.urlOf(index))
  t.is(await answer.text(), hostile)
  t.is(answer.headers.get('content-disposition')?.split(';')[0], 'attachment')
  t.true(answer.headers.get('content-security-policy')?.endsWith('; sandbox'))
})

test('stopping the transfer ends a request that waits, and closing takes no new one', async t => {
  const { seeder, magnetLink } = await seededClip(t, 'webtorrent', 8 * mebibyte, 200_000)
  const { playback, transfer } = await fetching(t, 'webtorrent', seeder, magnetLink)
  t.true(playback.idleMs >= 0)
  const answer = await fetch(playback.urlOf(0))
  t.is(playback.idleMs, 0)
  await transfer.stop()
  await t.throwsAsync(answer.arrayBuffer())
  t.is((await fetch(playback.urlOf(0))).status, 409)
  await playback.close()
  await t.throwsAsync(fetch(playback.url))
})
