import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import type { EngineFactory, Transfer } from '../../src/index.ts'
import { completed } from '../kit/completed.ts'
import { loadEngines } from '../kit/engines.ts'
import { requireThat } from '../kit/external.ts'
import { sameContent, writeSampleFile } from '../kit/sample-files.ts'
import { canMountDisks, mountSmallDisk } from '../kit/small-disk.ts'
import { addressOf, startSwarm } from '../kit/swarm.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'
import { waitUntil } from '../kit/wait-until.ts'

const clipBytes = 6_000_001
const pieceLength = 65_536
const sizeBytes = 4 * 1024 * 1024
const needsMounts = 'this machine lets nobody mount a file system (Linux, root)'

async function seedClip(t: ExecutionContext, engine: EngineFactory, name: string) {
  const path = await writeSampleFile(join(await temporaryFolder(t), name), clipBytes)
  const swarm = await startSwarm(t, { engine })
  return { path, swarm, seed: await swarm.seed(path, { pieceLength }), peers: [addressOf(swarm)] }
}

const untilPaused = (transfer: Transfer, code: string) =>
  waitUntil(
    `the download pauses for ${code}`,
    () => transfer.state === 'paused' && transfer.stats().reason?.code === code,
    {
      state: () => transfer.stats(),
    },
  )

for (const { name, factory: engine } of await loadEngines()) {
  test(`${name}: a full disk pauses a download, another goes on, and with room again it ends identical`, async t => {
    if (!requireThat(t, canMountDisks(), needsMounts)) return
    const disk = await mountSmallDisk(t, sizeBytes)
    const [large, other] = [await seedClip(t, engine, 'clip.avi'), await seedClip(t, engine, 'other.avi')]
    const swarm = await startSwarm(t, { engine })
    const copy = await swarm.get(large.seed.magnetLink, { out: disk.path, peers: large.peers })
    await untilPaused(copy, 'ERR_DISK_FULL')
    const had = copy.stats().haveBytes

    const elsewhere = await swarm.get(other.seed.magnetLink, {
      out: await temporaryFolder(t),
      peers: other.peers,
    })
    await completed(elsewhere)
    await sameContent(t, elsewhere.path!, other.path)
    t.true(copy.stats().haveBytes >= had, 'nothing verified is lost')

    await disk.resize(2 * clipBytes)
    await completed(copy)
    await sameContent(t, copy.path!, large.path)
  })

  test(`${name}: a disk that somebody else filled is used once it is freed, after a restart too`, async t => {
    if (!requireThat(t, canMountDisks(), needsMounts)) return
    const disk = await mountSmallDisk(t, 8 * 1024 * 1024)
    const filler = await writeSampleFile(join(disk.path, 'filler'), 5 * 1024 * 1024)
    const { seed, peers, path } = await seedClip(t, engine, 'clip.avi')
    const home = await temporaryFolder(t)
    const first = await startSwarm(t, { engine, home })
    await untilPaused(await first.get(seed.magnetLink, { out: disk.path, peers }), 'ERR_DISK_FULL')
    await first.stop()
    const again = await (await startSwarm(t, { engine, home })).get(seed.magnetLink, {
      out: disk.path,
      peers,
    })
    await untilPaused(again, 'ERR_DISK_FULL')
    await rm(filler)
    await completed(again)
    await sameContent(t, again.path!, path)
  })

  test(`${name}: a disk that becomes read-only pauses a download until it can be written again`, async t => {
    if (!requireThat(t, canMountDisks(), needsMounts)) return
    const disk = await mountSmallDisk(t, 2 * clipBytes)
    const { swarm: source, seed, peers, path } = await seedClip(t, engine, 'clip.avi')
    source.setLimits({ uploadBytesPerSecond: 2_000_000 })
    const home = await temporaryFolder(t)
    const first = await startSwarm(t, { engine, home })
    const begun = await first.get(seed.magnetLink, { out: disk.path, peers })
    await waitUntil('it has begun', () => begun.stats().haveBytes > 0)
    await first.stop()
    // Nothing may be open for writing when a disk becomes read-only, so the source is held back until it is.
    source.setLimits({ uploadBytesPerSecond: 1 })
    const again = await (await startSwarm(t, { engine, home })).get(seed.metainfo!, { out: disk.path, peers })
    await waitUntil('it goes on', () => again.state === 'downloading')
    await disk.setReadOnly(true)
    source.setLimits({})
    await untilPaused(again, 'ERR_CANNOT_WRITE')
    await disk.setReadOnly(false)
    await completed(again)
    await sameContent(t, again.path!, path)
  })
}
