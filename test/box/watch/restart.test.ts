import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { writeSampleFile } from '../../kit/sample-files.ts'
import { waitUntil } from '../../kit/wait-until.ts'
import { startWatching } from '../../kit/watch.ts'

test('after a restart nothing that has not changed is hashed again, and what changed meanwhile is found', async t => {
  const first = await startWatching(t)
  const { root, home } = first
  for (const name of ['stays.avi', 'moves.avi', 'changes.avi', 'goes.avi', 'zoo/a.jpg', 'zoo/b.jpg'])
    await writeSampleFile(join(root, name), 50_000)
  const before = new Map<string, string>()
  for (const name of ['stays.avi', 'moves.avi', 'changes.avi', 'goes.avi', 'zoo'])
    before.set(name, (await first.seeded(name)).infoHash)
  t.is(first.created(), 5)
  await first.stop()

  await rename(join(root, 'moves.avi'), join(root, 'moved.avi'))
  await writeSampleFile(join(root, 'changes.avi'), 60_000, 'changed')
  await rm(join(root, 'goes.avi'))
  await writeSampleFile(join(root, 'comes.avi'), 50_000)
  const second = await startWatching(t, { root, home })
  await second.seeded('comes.avi')
  const changed = await waitUntil('the changed clip is there', () =>
    second.shelf
      .items()
      .find(item => item.name === 'changes.avi' && item.infoHash !== before.get('changes.avi')),
  )
  await second.holds('stays.avi', 'moves.avi', 'changes.avi', 'comes.avi', 'zoo')
  t.is(second.created(), 2, 'what came and what changed')
  for (const name of ['stays.avi', 'moves.avi', 'zoo'])
    t.is((await second.seeded(name)).infoHash, before.get(name)!)
  t.is(second.watch.sharesAt(join(root, 'moved.avi'))[0]?.item.name, 'moves.avi')
  t.is(changed.state, 'seeding')
  t.deepEqual(second.problems, [])
})

test('nothing in a watched folder is ever written or deleted', async t => {
  const { root, home, seeded, shelf, holds, stop } = await startWatching(t)
  await writeSampleFile(join(root, 'lions.avi'), 50_000)
  await writeSampleFile(join(root, 'zoo/a.jpg'), 50_000)
  const item = await seeded('lions.avi')
  await shelf.remove(await seeded('zoo'), { data: true })
  await shelf.remove(item, { data: true })
  await holds()
  await stop()
  t.deepEqual((await readdir(root, { recursive: true })).sort(), ['lions.avi', 'zoo', 'zoo/a.jpg'])

  const again = await startWatching(t, { root, home })
  await writeSampleFile(join(root, 'tiger.avi'), 50_000)
  await again.seeded('tiger.avi')
  await again.holds('tiger.avi')
  t.is(again.created(), 1, 'what was taken from the shelf does not come back by itself')
})
