import { readdir, readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { BoxClient } from '../../../../src/box/index.ts'
import { startBox } from '../../../kit/box.ts'
import { sampleBytes } from '../../../kit/sample-files.ts'
import { temporaryFolder } from '../../../kit/temp-folder.ts'
import { waitUntil } from '../../../kit/wait-until.ts'

async function open(t: ExecutionContext) {
  const uploads = join(await temporaryFolder(t), 'dropped')
  const started = await startBox(t, { settings: `[folders]\nuploads = "${uploads}"\n` })
  return { ...started, uploads, client: await BoxClient.find(started.home) }
}

const bytes = (size: number) => new Uint8Array(sampleBytes(size))

test('one file that is sent becomes a clip, more an album', async t => {
  const { client, uploads } = await open(t)
  const clip = bytes(20_000_000)
  t.deepEqual(await client.upload('One', 'zoo.avi', clip), { name: 'zoo.avi', sizeBytes: clip.length })
  t.true((await readFile(join(uploads, 'One', 'zoo.avi'))).equals(clip))
  t.like(await client.finishUpload('One', { labels: ['zoo'] }), { name: 'zoo.avi', labels: ['zoo'] })

  for (const name of ['a.jpg', 'b.jpg']) await client.upload('Our trip', name, bytes(30_000))
  const album = await client.finishUpload('Our trip')
  t.like(album, { name: 'Our trip', sizeBytes: 60_000, state: 'seeding' })
  t.is((await client.files(`${album.id}`)).length, 2)
})

test('no name leads out of the uploads folder, or hides there', async t => {
  const { client, uploads } = await open(t)
  const hostile = ['../../etc/passwd', '..', '.hidden', '/absolute', 'a\\b', 'con.txt', 'x\u0000y', ' ', '.']
  for (const [index, name] of hostile.entries()) {
    // Dots alone end in the address itself, and lead to no upload at all.
    await client.upload(name, `a${index}.jpg`, bytes(10)).catch(() => {})
    await client.upload('album', name, bytes(10 + index)).catch(() => {})
  }
  const parent = await readdir(join(uploads, '..'))
  t.deepEqual(parent, ['dropped'])
  const found = await readdir(uploads, { recursive: true })
  t.true(found.length > hostile.length)
  t.false(
    found.some(path => path.split('/').some(part => part.startsWith('.') || part.includes('\\'))),
    `${found}`,
  )
})

test('what is there already is never replaced', async t => {
  const { client, uploads } = await open(t)
  await client.upload('album', 'a.jpg', bytes(100))
  await t.throwsAsync(client.upload('album', 'a.jpg', bytes(200)), { code: 'ERR_TARGET_EXISTS' })
  t.is((await readFile(join(uploads, 'album', 'a.jpg'))).length, 100)
  t.deepEqual(await readdir(join(uploads, 'album')), ['a.jpg'])
})

test('a file that breaks off leaves nothing behind, and nothing is shared of an empty album', async t => {
  const { client, uploads, box } = await open(t)
  const { hostname, port } = new URL(box.url)
  const sending = request({
    host: hostname,
    port,
    method: 'PUT',
    path: '/api/v1/uploads/album/a.jpg',
    headers: { authorization: `Bearer ${box.token.value}`, 'content-length': 1_000_000 },
  })
  sending.on('error', () => {})
  sending.write(bytes(100_000))
  await waitUntil('it is being written', async () => (await readdir(join(uploads, 'album'))).length === 1)
  sending.destroy()
  await waitUntil('nothing is left', async () => (await readdir(join(uploads, 'album'))).length === 0)
  await t.throwsAsync(client.finishUpload('album'), { code: 'ERR_NOTHING_TO_SHARE' })
})

test('a file for which there is no room is refused before it is sent', async t => {
  const { box } = await open(t)
  const { hostname, port } = new URL(box.url)
  const answer = Promise.withResolvers<number | undefined>()
  const sending = request({
    host: hostname,
    port,
    method: 'PUT',
    path: '/api/v1/uploads/album/a.avi',
    headers: { authorization: `Bearer ${box.token.value}`, 'content-length': 2 ** 50 },
  })
  sending.on('error', () => {})
  sending.on('response', response => answer.resolve(response.statusCode))
  sending.flushHeaders()
  t.is(await answer.promise, 503)
  sending.destroy()
})
