import { appendFile, copyFile, rename, rm, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { completed } from '../kit/completed.ts'
import { loadEngines } from '../kit/engines.ts'
import { sameContent, writeSampleFile } from '../kit/sample-files.ts'
import { addressOf, startSwarm } from '../kit/swarm.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'
import { waitUntil } from '../kit/wait-until.ts'

const clipBytes = 3_000_001

const faults: Record<string, (path: string) => Promise<unknown>> = {
  'is gone': path => rename(path, `${path}.away`),
  'is deleted': path => rm(path),
  'has shrunk': path => truncate(path, 1_000),
  'has grown': path => appendFile(path, 'more'),
  'holds other bytes': async path => {
    await writeFile(path, Buffer.alloc(clipBytes, 7))
    await utimes(path, new Date(), new Date(1_000))
  },
}

for (const { name, factory: engine } of await loadEngines())
  for (const [what, harm] of Object.entries(faults))
    test(`${name}: a source that ${what} is no longer served, and is again once it is back`, async t => {
      const path = await writeSampleFile(join(await temporaryFolder(t), 'clip.avi'), clipBytes)
      const swarm = await startSwarm(t, { engine })
      const clip = await swarm.seed([path])
      // The file itself is set aside, so that what comes back has the very stamp that it had.
      await rename(path, `${path}.kept`)
      await copyFile(`${path}.kept`, path)
      await harm(path)
      const copy = await (await startSwarm(t, { engine })).get(clip.metainfo!, {
        out: await temporaryFolder(t),
        peers: [addressOf(swarm)],
      })
      await waitUntil('the source is missed', () => clip.state === 'missing', { state: () => clip.stats() })
      t.is(clip.stats().reason?.code, 'ERR_SOURCE_CHANGED')
      t.is(copy.stats().haveBytes, 0, 'nothing wrong was taken')
      await rename(`${path}.kept`, path)
      await waitUntil('it is shared again', () => clip.state === 'seeding', { state: () => clip.stats() })
      await completed(copy)
      await sameContent(t, copy.path!, path)
    })
