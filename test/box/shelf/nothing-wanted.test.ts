import { join } from 'node:path'
import test from 'ava'
import { startBox } from '../../kit/box.ts'
import { writeSampleAlbum } from '../../kit/sample-files.ts'
import { addressOf, startSwarm } from '../../kit/swarm.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'
import { waitUntil } from '../../kit/wait-until.ts'

test('a transfer of which nothing is wanted is neither done nor failed, over a restart too, until something is', async t => {
  const swarm = await startSwarm(t)
  const seed = await swarm.seed(await writeSampleAlbum(join(await temporaryFolder(t), 'album')))
  const { bytes, files } = seed.metainfo!
  const nothing = new Map(files.map((_, index) => [index, 0]))
  const folder = await temporaryFolder(t)
  const first = await startBox(t)
  const done: string[] = []
  first.box.shelf.on('done', ({ name }) => done.push(name))
  const item = await first.box.shelf.get(bytes, { origin: 'api', folder })
  await first.box.shelf.change(item, { priorities: nothing })
  await waitUntil('there is nothing to do', () => item.state === 'seeding')
  t.deepEqual(done, [])
  await first.box.stop()

  const { box } = await startBox(t, { home: first.home })
  const again = await waitUntil('it is taken up', () => box.shelf.lookUp(1)?.transfer && box.shelf.lookUp(1))
  await waitUntil('there is nothing to do', () => again.state === 'seeding')
  t.false(again.isDone)
  await box.shelf.change(again, { priorities: new Map([...nothing, [0, 4]]) })
  again.transfer?.addPeer(addressOf(swarm))
  await waitUntil('the one file is here', () => again.isDone)
  t.is(again.transfer?.stats().haveBytes, files[0]!.sizeBytes)
})
