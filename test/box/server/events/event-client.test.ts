import test from 'ava'
import { EventClient } from '../../../../src/box/server/events/event-client.ts'
import type { TransferView } from '../../../../src/box/server/transfer-view.ts'

function open() {
  const asked: number[][] = []
  let gone = 0
  const client = new EventClient({
    news: ids => {
      asked.push([...ids])
      return [...ids].map(id => ({ id }) as TransferView)
    },
    onGone: () => gone++,
  })
  const reader = client.stream.getReader()
  const read = async () => new TextDecoder().decode((await reader.read()).value)
  return { client, reader, read, asked, gone: () => gone }
}

test('nothing goes out before the snapshot, which holds all that was noted until then', async t => {
  const { client, read } = open()
  t.is(await read(), 'retry: 2000\n\n')
  client.note(1, 'added')
  client.flush()
  client.stats({ peers: 1 })
  client.greet(() => ({ transfers: [] }))
  t.is(await read(), 'event: snapshot\ndata: {"transfers":[]}\n\n')
  t.is(await read(), 'event: stats\ndata: {"peers":1}\n\n')
})

test('what a slow client has missed it is told once, as it is when it reads', async t => {
  const { client, read, asked } = open()
  await read()
  client.greet(() => ({}))
  for (let round = 0; round < 1_000; round++) {
    client.note(1, 'changed')
    client.note(2, round % 2 ? 'removed' : 'added')
    client.stats({ round })
    client.flush()
  }
  client.note(3, 'done')
  client.flush()
  t.deepEqual(asked, [], 'nothing is made before it is read')
  t.true((await read()).startsWith('event: snapshot'))
  t.is(
    await read(),
    'event: transfers\ndata: {"changed":[{"id":1},{"id":3}],"added":[],"done":[3],"removed":[2]}\n\n',
  )
  t.is(await read(), 'event: stats\ndata: {"round":999}\n\n')
})

test('a client that leaves is told of to whoever keeps it, once', async t => {
  const { client, reader, gone } = open()
  await reader.cancel()
  client.end()
  client.flush()
  client.note(1, 'changed')
  t.is(gone(), 1)
})
