import { EventEmitter } from 'node:events'
import test from 'ava'
import type { Item, ItemState } from '../../../src/box/shelf/item.ts'
import type { Shelf } from '../../../src/box/shelf/shelf.ts'
import { TransferLog } from '../../../src/box/shelf/transfer-log.ts'

function open() {
  const shelf = new EventEmitter()
  let now = 0
  const log = new TransferLog(shelf as unknown as Shelf, () => now++)
  const item = {
    id: 1,
    entry: { addedAt: -2, doneAt: undefined as number | undefined },
    state: 'starting' as ItemState,
    isDone: false,
    reason: undefined as Error | undefined,
  }
  const all = () => log.of(item as unknown as Item)
  /** Of this run. */
  const entries = () => all().filter(({ at }) => at >= 0)
  return { shelf, item, all, entries, states: () => entries().map(({ what, state }) => `${what} ${state}`) }
}

test('what is complete and only goes its way at a start of the box takes no room', t => {
  const { shelf, item, states } = open()
  item.isDone = true
  for (const state of ['starting', 'checking', 'seeding'] as const)
    shelf.emit('changed', Object.assign(item, { state }))
  t.deepEqual(states(), [])
  shelf.emit('changed', Object.assign(item, { state: 'missing' }))
  shelf.emit('changed', Object.assign(item, { state: 'seeding' }))
  t.deepEqual(states(), ['state missing', 'state seeding'])
})

test('a change that is none in its state is not told of, another reason is', t => {
  const { shelf, item, entries } = open()
  shelf.emit('added', item)
  shelf.emit('changed', Object.assign(item, { state: 'failed', reason: new Error('No room') }))
  shelf.emit('changed', item)
  shelf.emit('changed', Object.assign(item, { reason: new Error('No disk') }))
  t.deepEqual(
    entries().map(({ reason }) => reason),
    [undefined, 'No room', 'No disk'],
  )
})

test('of each the last 200 are kept, and none of one that was removed', t => {
  const { shelf, item, entries } = open()
  for (let round = 0; round < 300; round++)
    shelf.emit('changed', Object.assign(item, { state: round % 2 ? 'downloading' : 'paused' }))
  t.is(entries().length, 200)
  t.is(entries().at(-1)?.at, 299)
  shelf.emit('removed', item)
  t.is(entries().length, 0)
})

test('when it was added and done is told in a later run too, once', t => {
  const { shelf, item, all } = open()
  const told = () => all().map(({ at, what }) => `${at} ${what}`)
  t.deepEqual(told(), ['-2 added'])
  item.entry.doneAt = -1
  shelf.emit('changed', Object.assign(item, { state: 'missing' }))
  t.deepEqual(told(), ['-2 added', '-1 done', '0 state'])
  shelf.emit('added', item)
  shelf.emit('done', item)
  t.deepEqual(told(), ['0 state', '1 added', '2 done'])
})
