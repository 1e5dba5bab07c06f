import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import test from 'ava'
import type { HashProgress } from '../../../src/core/hash/hash-progress.ts'
import { createTorrent } from '../../../src/core/torrent/create.ts'
import { sampleBytes, writeSampleAlbum, writeSampleFile } from '../../kit/sample-files.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const bytes = sampleBytes(300_001)

test('a buffer, a blob and a stream make the torrent that a file of the same name makes', async t => {
  const path = await writeSampleFile(join(await temporaryFolder(t, 'contents'), 'zoo.avi'), 300_001, 'sample')
  const { infoHash } = (await createTorrent(path)).metainfo
  const view = new Uint8Array(Buffer.concat([Buffer.alloc(9), bytes])).subarray(9)
  const contents = [
    new File([bytes], 'zoo.avi'),
    { name: 'zoo.avi', content: view },
    { name: 'zoo.avi', content: new Blob([bytes]) },
    { name: 'zoo.avi', content: Readable.from([bytes.subarray(0, 5), bytes.subarray(5)]) },
    [{ name: 'zoo.avi', content: bytes }],
  ]
  for (const content of contents) t.is((await createTorrent(content)).metainfo.infoHash, infoHash)
  t.is((await createTorrent(bytes, { name: 'zoo.avi' })).metainfo.infoHash, infoHash)
})

test('several contents make the album that the same files make', async t => {
  const album = await writeSampleAlbum(join(await temporaryFolder(t, 'contents'), 'album'))
  const { metainfo, sources } = await createTorrent(album)
  const contents = await Promise.all(
    sources.map(async ({ source, path }) => ({ name: path.join('/'), content: await readFile(source) })),
  )
  const made = await createTorrent(contents, { name: 'album', pieceLength: metainfo.pieceLength })
  t.is(made.metainfo.infoHash, metainfo.infoHash)
  t.deepEqual(made.sources, [])
})

test('contents of the same name get distinct ones, and only trackers that were named are told', async t => {
  const contents = [1, 2].map(index => ({ name: 'a.jpg', content: sampleBytes(index) }))
  const { metainfo } = await createTorrent(contents, { name: 'two', announce: ['udp://127.0.0.1:1'] })
  t.deepEqual(
    metainfo.files.map(({ path }) => path),
    ['two/a.jpg', 'two/a.1.jpg'],
  )
  t.deepEqual(metainfo.trackers, [['udp://127.0.0.1:1']])
  t.deepEqual((await createTorrent(contents)).metainfo.trackers, [])
})

test('the objects given are not changed', async t => {
  const content = Buffer.from('abc')
  await createTorrent([content, content], { name: 'x' })
  t.deepEqual(Reflect.ownKeys(content), ['0', '1', '2'])
})

test('what is no content, or has an unusable name, is refused', async t => {
  const bad = [
    [bytes, 'path.jpg'],
    [{ name: 'x', content: 'text' }],
    [{ name: '../x', content: bytes }],
    [{ name: '/x', content: bytes }],
    [null],
    { name: 'x', content: Readable.from([1, 2]) },
  ]
  for (const input of bad)
    await t.throwsAsync(createTorrent(input as never), { code: 'ERR_INVALID_ARGUMENT' })
  await t.throwsAsync(createTorrent(bytes, { format: 'hybrid' }), { code: 'ERR_INVALID_ARGUMENT' })
  for (const empty of [new Uint8Array(0), [], Readable.from([])])
    await t.throwsAsync(createTorrent(empty as Uint8Array), { code: 'ERR_NOTHING_TO_SHARE' })
})

test('a stream that fails is an error with its cause, and one that is aborted is destroyed', async t => {
  const cause = new Error('unplugged')
  const failing = new Readable({ read: () => failing.destroy(cause) })
  await t.throwsAsync(createTorrent({ name: 'a', content: failing }), {
    code: 'ERR_UNREADABLE_FILE',
    message: /unplugged/,
  })

  const controller = new AbortController()
  const reason = new Error('enough')
  const endless = new Readable({ read: () => void endless.push(Buffer.alloc(65_536)) })
  const { signal } = controller
  const onProgress = ({ hashedBytes }: HashProgress) => {
    if (hashedBytes > 1_000_000) controller.abort(reason)
  }
  await t.throwsAsync(createTorrent({ name: 'a', content: endless }, { signal, onProgress }), { is: reason })
  t.true(endless.destroyed)

  const silent = new Readable({ read: () => {} })
  const stopped = AbortSignal.timeout(10)
  await t.throwsAsync(createTorrent({ name: 'a', content: silent }, { signal: stopped }), {
    name: 'TimeoutError',
  })
  t.true(silent.destroyed)
})

test('an error thrown by the progress callback is handed on', async t => {
  const mistake = new Error('mistake')
  const onProgress = () => {
    throw mistake
  }
  await t.throwsAsync(createTorrent({ name: 'a', content: bytes }, { onProgress }), { is: mistake })
})
