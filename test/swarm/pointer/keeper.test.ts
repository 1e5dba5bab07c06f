import test from 'ava'
import { generateIdentity } from '../../../src/core/index.ts'
import { PointerKeeper, type SignedPointer, signPointer } from '../../../src/swarm/index.ts'
import { waitUntil } from '../../kit/wait-until.ts'

const identity = generateIdentity()
const pointers = [1, 2, 3].map(seq =>
  signPointer({ infoHash: '0'.repeat(40), seq, salt: `${seq}` }, identity),
) as readonly SignedPointer[]

test('All are put one after the other, at once and then again', async t => {
  const put: string[] = []
  let underWay = 0
  const keeper = new PointerKeeper({
    pointers: async () => pointers,
    publish: async ({ salt }) => {
      t.is(++underWay, 1)
      await new Promise(setImmediate)
      underWay--
      return put.push(salt)
    },
    intervalMs: 10,
  })
  keeper.start()
  keeper.start()
  await waitUntil('there were three rounds', () => put.length >= 9)
  await keeper.stop()
  t.deepEqual(put.slice(0, 9), ['1', '2', '3', '1', '2', '3', '1', '2', '3'])
  const { length } = put
  await keeper.stop()
  keeper.start()
  await new Promise(setImmediate)
  t.is(put.length, length)
})

test('What fails is told, and hinders nothing else', async t => {
  const told: string[] = []
  let rounds = 0
  const keeper = new PointerKeeper({
    pointers: async () => {
      if (++rounds === 1) throw new Error('no database')
      return pointers
    },
    publish: async ({ salt }) => {
      if (salt === '2') throw new Error('no network')
      return 4
    },
    onPublished: ({ salt }, nodes) => told.push(`${salt} to ${nodes}`),
    onError: (error, pointer) => told.push(`${pointer?.salt ?? 'all'}: ${(error as Error).message}`),
    intervalMs: 10,
  })
  t.teardown(() => keeper.stop())
  keeper.start()
  await waitUntil('the second round is over', () => told.length >= 4)
  t.deepEqual(told.slice(0, 4), ['all: no database', '1 to 4', '2: no network', '3 to 4'])
})

test('Stopping gives up the put that is under way, and tells of no error', async t => {
  const begun = Promise.withResolvers<void>()
  const keeper = new PointerKeeper({
    pointers: async () => pointers,
    publish: (_, { signal }) =>
      new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason))
        begun.resolve()
      }),
    onError: () => t.fail(),
  })
  keeper.start()
  await begun.promise
  await keeper.stop()
  t.pass()
})
