import { mkdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { encodeBencode } from '../../../src/core/bencode/encode.ts'
import { parseMetainfo } from '../../../src/core/torrent/read-metainfo.ts'
import { readTorrent } from '../../../src/core/torrent/read-torrent.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const torrent = encodeBencode({
  info: { length: 5, name: 'zoo.avi', 'piece length': 16384, pieces: new Uint8Array(20) },
})

test('A torrent is read from a path or from its bytes', async t => {
  const path = join(await temporaryFolder(t), 'zoo.torrent')
  await writeFile(path, torrent)
  t.deepEqual(await readTorrent(path), parseMetainfo(torrent))
  t.deepEqual(await readTorrent(torrent), parseMetainfo(torrent))
})

test('What cannot be read as a torrent is refused with its path', async t => {
  const folder = await temporaryFolder(t)
  const [broken, large, inside] = [join(folder, 'broken'), join(folder, 'large'), join(folder, 'folder')]
  await writeFile(broken, 'd4:info0:e')
  await writeFile(large, '')
  await truncate(large, 10_000_001)
  await mkdir(inside)
  const cases = [
    [join(folder, 'absent'), 'ERR_PATH_NOT_FOUND'],
    [broken, 'ERR_INVALID_TORRENT'],
    [large, 'ERR_TORRENT_TOO_LARGE'],
    [inside, 'ERR_UNREADABLE_FILE'],
  ] as const
  for (const [path, code] of cases) {
    const error = await t.throwsAsync(() => readTorrent(path), { code })
    t.true(error?.message.includes(path), error?.message)
  }
})

test('An aborted read rejects with the reason of its signal', async t => {
  const reason = new Error('enough')
  t.is(await t.throwsAsync(() => readTorrent('anywhere', { signal: AbortSignal.abort(reason) })), reason)
})
