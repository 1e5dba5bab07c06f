import { access, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { BoxClient } from '../../../../src/box/index.ts'
import { startBox } from '../../../kit/box.ts'
import { writeSampleFile } from '../../../kit/sample-files.ts'
import { addressOf, startSwarm } from '../../../kit/swarm.ts'
import { temporaryFolder } from '../../../kit/temp-folder.ts'
import { waitUntil } from '../../../kit/wait-until.ts'

/** A box that has paused transfers of which nobody has anything, and its client. */
async function openWith(t: ExecutionContext, count: number) {
  const folder = await temporaryFolder(t)
  const downloads = join(folder, 'downloads')
  const started = await startBox(t, { settings: `[folders]\ndownloads = "${downloads}"\n` })
  const client = await BoxClient.find(started.home)
  for (let index = 1; index <= count; index++) {
    const infoHash = `99${index.toString(16).padStart(38, '0')}`
    await client.add({ id: `magnet:?xt=urn:btih:${infoHash}&dn=${index}00.avi`, isPaused: true })
  }
  return { ...started, client, folder, downloads }
}

test('many are resumed, paused and removed by one request each', async t => {
  const { client, box } = await openWith(t, 40)
  const ids = box.shelf.items().map(({ id }) => id)
  t.deepEqual(await client.steer({ ids, do: 'resume' }), { done: 40, failed: [], left: 0 })
  t.true(box.shelf.items().every(({ entry }) => !entry.isPaused))
  t.deepEqual(await client.steer({ ids, do: 'pause' }), { done: 40, failed: [], left: 0 })
  t.true(box.shelf.items().every(({ state }) => state === 'paused'))
  const [first, ...others] = ids
  t.deepEqual(await client.steer({ ids: others, do: 'remove' }), { done: 39, failed: [], left: 0 })
  t.deepEqual(
    box.shelf.items().map(({ id }) => id),
    [first],
  )
})

test('what one runs into does not keep the others, and the answer says which it was and why', async t => {
  const { client, box } = await openWith(t, 2)
  const answer = await client.steer({ ids: [1, 7, 2, 2], do: 'resume' })
  t.deepEqual(answer, {
    done: 2,
    failed: [{ id: 7, code: 'ERR_NO_SUCH_TRANSFER', detail: 'There is no transfer 7 any more' }],
    left: 0,
  })
  await waitUntil('both run', () => box.shelf.items().every(({ state }) => state === 'finding'))
})

test('a number that is gone is never taken for the beginning of a name or an info-hash', async t => {
  const { client, box } = await openWith(t, 3)
  t.like(await client.steer({ ids: [100, 99], do: 'remove', data: true }), { done: 0 })
  t.is(box.shelf.items().length, 3)
})

test('files are deleted where that is asked for alone, and those that are shared never', async t => {
  const { client, box, folder, downloads } = await openWith(t, 0)
  const seeder = await startSwarm(t)
  const out = join(folder, 'theirs')
  await mkdir(out)
  for (const name of ['a.avi', 'b.avi']) {
    const { magnetLink } = await seeder.seed(await writeSampleFile(join(out, name), 200_000, name))
    await client.add({ id: magnetLink, peers: [addressOf(seeder)] })
  }
  const shared = await writeSampleFile(join(folder, 'mine.avi'), 100_000, 'mine')
  const { id: share } = await client.share({ paths: [shared] })
  await waitUntil('both are here', () => box.shelf.items().every(({ isDone }) => isDone))
  t.like(await client.steer({ ids: [1], do: 'remove' }), { done: 1 })
  t.like(await client.steer({ ids: [2, share], do: 'remove', data: true }), { done: 2, failed: [], left: 0 })
  await t.notThrowsAsync(access(join(downloads, 'a.avi')))
  await t.throwsAsync(access(join(downloads, 'b.avi')))
  await t.notThrowsAsync(access(shared))
})

test('a check is begun with each that runs', async t => {
  const { client, box, folder } = await openWith(t, 0)
  for (const name of ['a.avi', 'b.avi'])
    await client.share({ paths: [await writeSampleFile(join(folder, name), 100_000, name)] })
  const states: string[] = []
  box.shelf.on('changed', ({ state }) => states.push(state))
  t.like(await client.steer({ ids: [1, 2], do: 'recheck' }), { done: 2, failed: [] })
  await waitUntil(
    'both were checked',
    () =>
      states.filter(state => state === 'checking').length === 2 &&
      box.shelf.items().every(({ state }) => state === 'seeding'),
  )
})

test('no more are taken than are answered in bounded time', async t => {
  const { ask } = await openWith(t, 0)
  const post = (body: unknown) =>
    ask('/api/v1/transfers/steer', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const many = Array.from({ length: 10_001 }, (_, index) => index + 1)
  t.is((await post({ ids: many, do: 'pause' })).status, 400)
  t.is((await post({ ids: [], do: 'pause' })).status, 400)
  t.is((await post({ ids: [1], do: 'explode' })).status, 400)
  t.is((await post({ ids: many.slice(1), do: 'pause' })).status, 200)
})
