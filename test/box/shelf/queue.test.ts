import test from 'ava'
import fc from 'fast-check'
import { waiting } from '../../../src/box/shelf/queue.ts'

const queued = fc.uniqueArray(
  fc.record({
    id: fc.integer({ min: 1, max: 1_000 }),
    place: fc.integer({ min: 1, max: 1_000 }),
    isDone: fc.boolean(),
    isOut: fc.boolean(),
  }),
  { selector: ({ id }) => id, maxLength: 60 },
)
const limits = fc.record({ downloads: fc.nat({ max: 10 }), seeds: fc.nat({ max: 10 }) })

test('no more fetch or seed at a time than may, and never fewer than could', t => {
  fc.assert(
    fc.property(queued, limits, (all, { downloads, seeds }) => {
      const waits = waiting(all, { downloads, seeds })
      for (const [isDone, limit] of [
        [false, downloads],
        [true, seeds],
      ] as const) {
        const inLine = all.filter(one => one.isDone === isDone && !one.isOut)
        const running = inLine.filter(({ id }) => !waits.has(id))
        t.is(running.length, limit === 0 ? inLine.length : Math.min(limit, inLine.length))
      }
    }),
  )
})

test('whoever stands first in the line goes first, and who is out takes no place', t => {
  fc.assert(
    fc.property(queued, limits, (all, settings) => {
      const waits = waiting(all, settings)
      for (const one of all) {
        if (one.isOut) t.false(waits.has(one.id))
        else if (waits.has(one.id)) {
          const behind = all.filter(
            other => !other.isOut && other.isDone === one.isDone && other.place > one.place,
          )
          t.true(behind.every(other => waits.has(other.id)))
        }
      }
    }),
  )
})
