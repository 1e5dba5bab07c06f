import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { Bitfield } from '../../../src/core/index.ts'
import { ResumeFolder, type ResumeRecord } from '../../../src/swarm/store/resume.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const infoHash = 'ab'.repeat(20)
const record: ResumeRecord = {
  infoHash,
  path: '/films/album',
  have: new Bitfield(13, Uint8Array.of(0b1010_0000, 0b0000_1000)),
  wanted: [0, 2],
  placed: [0, 2],
  foreign: [],
  stamps: [{ sizeBytes: 5, modifiedMs: 1_700_000_000_000.25 }, undefined, { sizeBytes: 0, modifiedMs: 1 }],
  torrentBytes: 300,
  isFlushed: false,
}

test('a record is read back as it was saved, and trusted while the machine runs on', async t => {
  const folder = new ResumeFolder(await temporaryFolder(t))
  await folder.save(record)
  const found = await folder.load(infoHash, record.path)
  t.deepEqual(found, { ...record, isTrusted: true })
  t.deepEqual(found?.have.bytes, record.have.bytes)
})

test('a record belongs to one torrent at one path', async t => {
  const folder = new ResumeFolder(await temporaryFolder(t))
  await folder.save(record)
  t.is(await folder.load(infoHash, '/films/other'), undefined)
  t.is(await folder.load('cd'.repeat(20), record.path), undefined)
})

test('after the machine was started anew only what had reached the disk is trusted', async t => {
  const path = await temporaryFolder(t)
  const folder = new ResumeFolder(path)
  await folder.save(record)
  const file = join(path, (await readdir(path))[0]!)
  const earlier = JSON.parse(await readFile(file, 'utf8'))
  await writeFile(file, JSON.stringify({ ...earlier, bootedAt: earlier.bootedAt - 86_400_000 }))
  t.false((await folder.load(infoHash, record.path))?.isTrusted)
  await writeFile(file, JSON.stringify({ ...earlier, bootedAt: 0, isFlushed: true }))
  t.true((await folder.load(infoHash, record.path))?.isTrusted)
})

test('a damaged record is as none', async t => {
  const path = await temporaryFolder(t)
  const folder = new ResumeFolder(path)
  await folder.save(record)
  const file = join(path, (await readdir(path))[0]!)
  const whole = await readFile(file)
  for (let length = 0; length < whole.length; length += 7) {
    await truncate(file, length)
    t.is(await folder.load(infoHash, record.path), undefined)
    await writeFile(file, whole)
  }
  for (const rubbish of [
    'null',
    '[]',
    '{"version":1}',
    whole.toString().replace('"have":"', '"have":"AAAA'),
  ]) {
    await writeFile(file, rubbish)
    t.is(await folder.load(infoHash, record.path), undefined)
  }
})

test('forgetting a torrent leaves nothing of it', async t => {
  const path = await temporaryFolder(t)
  const folder = new ResumeFolder(path)
  await folder.save(record)
  await mkdir(folder.partFolder(infoHash, record.path))
  await folder.forget(infoHash, record.path)
  t.deepEqual(await readdir(path), [])
})

test('a .torrent is forgotten with its last record', async t => {
  const path = await temporaryFolder(t)
  const folder = new ResumeFolder(path)
  await folder.save(record)
  await folder.save({ ...record, path: '/films/elsewhere' })
  await folder.saveTorrent(infoHash, Buffer.from('torrent'))
  await folder.forget(infoHash, record.path)
  await folder.forgetTorrent({ infoHash })
  t.deepEqual(await folder.loadTorrent(infoHash), Buffer.from('torrent'))
  await folder.forget(infoHash, '/films/elsewhere')
  await folder.forgetTorrent({ infoHash })
  t.deepEqual(await readdir(path), [])
})
