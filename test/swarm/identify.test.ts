import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import test from 'ava'
import { createTorrent } from '../../src/index.ts'
import { identify } from '../../src/swarm/identify.ts'
import { writeSampleFile } from '../kit/sample-files.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'

const made = () => createTorrent([{ name: 'clip.avi', content: Buffer.from('a clip') }], { name: 'clip.avi' })

test('a magnet link and a bare info-hash lead to the info-hash, in any spelling', async t => {
  const hex = 'c12fe1c06bba254a9dc9f519b335aa7c1367a88a'
  for (const id of [
    hex,
    hex.toUpperCase(),
    ` ${hex} `,
    `magnet:?xt=urn:btih:${hex}`,
    `MAGNET:?xt=urn:btih:${hex}&dn=zoo`,
  ]) {
    const found = await identify(id)
    t.is(found.infoHash, hex)
    t.is(found.metainfo, undefined)
    t.false(found.isAskedFor)
  }
})

test('bytes, a metainfo, a path and an address lead to the same torrent', async t => {
  const { bytes, metainfo } = await made()
  const path = join(await temporaryFolder(t), 'clip.torrent')
  await writeFile(path, bytes)
  const server = createServer((_, response) => response.end(bytes)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/clip.torrent`
  for (const id of [bytes, metainfo, path, url]) {
    const found = await identify(id)
    t.is(found.infoHash, metainfo.infoHash!)
    t.is(found.metainfo?.name, 'clip.avi')
    t.true(found.isAskedFor)
  }
})

test('what is no torrent is an error with a code', async t => {
  const folder = await temporaryFolder(t)
  await writeFile(join(folder, 'no.torrent'), 'not a torrent')
  await t.throwsAsync(identify(join(folder, 'no.torrent')), { code: 'ERR_INVALID_BENCODE' })
  await t.throwsAsync(identify(join(folder, 'none.torrent')), { code: 'ERR_PATH_NOT_FOUND' })
  await t.throwsAsync(identify('magnet:?xt=urn:btih:123'), { code: 'ERR_INVALID_MAGNET' })
  await t.throwsAsync(identify('  '), { code: 'ERR_INVALID_IDENTIFIER' })
})

test('a v2 torrent goes by its v2 info-hash only where no other is known', async t => {
  const [v1, v2] = ['12'.repeat(20), 'ab'.repeat(32)]
  t.like(await identify(v2), { infoHash: v2, infoHashV2: undefined })
  t.like(await identify(`magnet:?xt=urn:btmh:1220${v2}`), { infoHash: v2, infoHashV2: undefined })
  const both = await identify(`magnet:?xt=urn:btmh:1220${v2}&xt=urn:btih:${v1}`)
  t.like(both, { infoHash: v1, infoHashV2: v2 })
  const file = await writeSampleFile(join(await temporaryFolder(t), 'clip.avi'), 50_000)
  const { metainfo } = await createTorrent(file, { format: 'v2' })
  t.like(await identify(metainfo), { infoHash: metainfo.infoHashV2!, infoHashV2: undefined })
})
