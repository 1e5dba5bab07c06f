import test from 'ava'
import { transferList } from '../../../../src/box/server/api/transfer-list.ts'

const numbers = (count: number) => Array.from({ length: count }, (_, id) => id)

test('a list is the same JSON whether it is written at once or in parts', async t => {
  for (const count of [0, 1, 249, 250, 251, 500, 1_234]) {
    const answer = transferList(7, numbers(count), id => ({ id, name: `"${id}` }))
    t.is(answer.headers.get('content-type'), 'application/json; charset=utf-8')
    const transfers = numbers(count).map(id => ({ id, name: `"${id}` }))
    t.deepEqual(await answer.json(), { total: 7, transfers }, String(count))
  }
})

test('a long list is written as it is read, and no further', async t => {
  let written = 0
  const answer = transferList(20_000, numbers(20_000), id => {
    written++
    return { id }
  })
  const reader = answer.body!.getReader()
  t.is(written, 0)
  for (let parts = 0; parts < 3; parts++) await reader.read()
  t.true(written <= 1_000, String(written))
  await reader.cancel()
  t.true(written <= 1_000)
})

test('others come to their turn while a long list is written', async t => {
  let turns = 0
  let isRead = false
  const answer = transferList(20_000, numbers(20_000), id => ({ id }))
  const count = () => {
    turns++
    if (!isRead) setImmediate(count)
  }
  setImmediate(count)
  await answer.text()
  isRead = true
  t.true(turns >= 20, String(turns))
})
