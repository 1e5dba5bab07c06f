import test from 'ava'
import { fewAtOnce } from '../../src/core/few-at-once.ts'

/** Work that ends when the test says so. */
function manual() {
  const begun: number[] = []
  const ends = new Map<number, PromiseWithResolvers<void>>()
  const work = (item: number): Promise<void> => {
    begun.push(item)
    const end = Promise.withResolvers<void>()
    ends.set(item, end)
    return end.promise
  }
  const settled = () => new Promise<void>(resolve => setImmediate(resolve))
  return { begun, ends, work, settled }
}

test('four are under way, and the next begins when one of them ends', async t => {
  const { begun, ends, work, settled } = manual()
  const all = fewAtOnce([1, 2, 3, 4, 5, 6], work)
  t.deepEqual(begun, [1, 2, 3, 4])
  ends.get(3)!.resolve()
  await settled()
  t.deepEqual(begun, [1, 2, 3, 4, 5])
  ends.get(1)!.resolve()
  await settled()
  for (const item of [2, 4, 5, 6]) ends.get(item)!.resolve()
  await all
  t.deepEqual(begun, [1, 2, 3, 4, 5, 6])
})

test('a failure is told once nothing is under way any more, and nothing is begun after it', async t => {
  const { begun, ends, work, settled } = manual()
  let told: unknown
  const all = fewAtOnce([1, 2, 3, 4, 5, 6], work).catch((error: unknown) => {
    told = error
  })
  const [first, second] = [new Error('first'), new Error('second')]
  ends.get(2)!.reject(first)
  await settled()
  ends.get(1)!.reject(second)
  ends.get(3)!.resolve()
  await settled()
  t.deepEqual([begun, told], [[1, 2, 3, 4], undefined])
  ends.get(4)!.resolve()
  await all
  t.is(told, first)
  t.deepEqual(begun, [1, 2, 3, 4])
})

test('work may end at once, and there may be none', async t => {
  const seen: number[] = []
  await fewAtOnce([], () => t.fail())
  await fewAtOnce([1, 2, 3, 4, 5, 6, 7], item => void seen.push(item))
  t.deepEqual(seen, [1, 2, 3, 4, 5, 6, 7])
})
