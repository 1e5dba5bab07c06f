import { join } from 'node:path'
import test from 'ava'
import { BoxClient, type BoxEvent } from '../../../../src/box/index.ts'
import { startBox } from '../../../kit/box.ts'
import { writeSampleFile } from '../../../kit/sample-files.ts'
import { temporaryFolder } from '../../../kit/temp-folder.ts'
import { waitUntil } from '../../../kit/wait-until.ts'

test('whoever listens is told of everything there is, then of what changes, and the box stops all the same', async t => {
  const { box, home } = await startBox(t)
  const client = await BoxClient.find(home)
  const folder = await temporaryFolder(t)
  const first = await client.share({ paths: [await writeSampleFile(join(folder, 'a.avi'), 40_000)] })
  const events: BoxEvent[] = []
  const listening = (async () => {
    for await (const event of client.events()) events.push(event)
  })()
  const snapshot = await waitUntil('the snapshot', () => events.find(({ event }) => event === 'snapshot'))
  t.deepEqual(
    snapshot.event === 'snapshot' && snapshot.data.transfers.map(({ id, name }) => ({ id, name })),
    [{ id: first.id, name: 'a.avi' }],
  )
  t.is(events[0], snapshot)

  const second = await client.share({ paths: [await writeSampleFile(join(folder, 'b.avi'), 40_000)] })
  await client.remove(`${first.id}`)
  const news = () => events.flatMap(one => (one.event === 'transfers' ? [one.data] : []))
  await waitUntil('the news', () => news().some(({ removed }) => removed.includes(first.id)))
  t.true(
    news().some(
      ({ added, changed }) => added.includes(second.id) && changed.some(({ id }) => id === second.id),
    ),
  )
  t.true(news().some(({ done }) => done.includes(second.id)))
  await waitUntil('the rates', () => events.some(({ event }) => event === 'stats'))

  t.is(box.desk.events.clientCount, 1)
  await box.stop()
  await listening
  t.is(box.desk.events.clientCount, 0)
})

test('somebody who only asks whether there are events is no listener', async t => {
  const { box, ask } = await startBox(t)
  const answer = await ask('/api/v1/events', { method: 'HEAD' })
  t.is(answer.headers.get('content-type'), 'text/event-stream')
  t.is(box.desk.events.clientCount, 0)
})

test('the fifty-first listener is refused, and one that leaves makes room', async t => {
  const { box, ask } = await startBox(t)
  const leaving = new AbortController()
  const answers = [await ask('/api/v1/events', { signal: leaving.signal })]
  while (answers.length < 50) answers.push(await ask('/api/v1/events'))
  t.true(answers.every(({ status }) => status === 200))
  const refused = await ask('/api/v1/events')
  t.is(refused.status, 503)
  leaving.abort()
  await waitUntil('one has left', () => box.desk.events.clientCount === 49)
  t.is((await ask('/api/v1/events')).status, 200)
  await box.stop()
  await Promise.allSettled(answers.map(answer => answer.text()))
})
