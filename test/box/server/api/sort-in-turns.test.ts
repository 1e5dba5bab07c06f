import test from 'ava'
import fc from 'fast-check'
import { sortInTurns } from '../../../../src/box/server/api/sort-in-turns.ts'

interface Pair {
  readonly key: number
  readonly place: number
}

const byKey = (one: Pair, other: Pair) => one.key - other.key
const pairs = (keys: readonly number[]): Pair[] => keys.map((key, place) => ({ key, place }))

test('it sorts as toSorted does, equals in their order', async t => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 3_500, size: 'max' }),
      async keys => {
        const given = pairs(keys)
        t.deepEqual(await sortInTurns(given, byKey), given.toSorted(byKey))
      },
    ),
    { numRuns: 20 },
  )
})

test('others come to their turn while thousands are sorted', async t => {
  const given = pairs(Array.from({ length: 20_000 }, (_, place) => (place * 7_919) % 20_000))
  let turns = 0
  let isSorted = false
  const count = () => {
    turns++
    if (!isSorted) setImmediate(count)
  }
  setImmediate(count)
  const found = await sortInTurns(given, byKey)
  isSorted = true
  t.deepEqual(found, given.toSorted(byKey))
  t.true(turns >= 20, String(turns))
})
