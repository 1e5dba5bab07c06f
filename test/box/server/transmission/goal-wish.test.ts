import test from 'ava'
import {
  goalAfter,
  ratioGoal,
  readGoalWish,
  seedGoal,
} from '../../../../src/box/server/transmission/goal-wish.ts'
import { Params } from '../../../../src/box/server/transmission/params.ts'
import { RememberedAmounts } from '../../../../src/box/server/transmission/remembered-amounts.ts'
import { RpcError } from '../../../../src/box/server/transmission/rpc-error.ts'

const whose = {}

/** Sets a goal as clients do, one call after the other. */
function setter(goal = ratioGoal) {
  const memory = new RememberedAmounts()
  return (given: object, now: number | undefined, of: object = whose) =>
    goalAfter(readGoalWish(new Params(given), goal)!, goal, { of, now, memory })
}

test('a goal counts where it is said to, and is as much as was said', t => {
  const after = setter()
  t.is(after({ seedRatioLimit: 1.5, seedRatioMode: 1 }, undefined), 1.5)
  t.is(after({ seedRatioLimit: 3 }, 1.5), 3)
  t.is(after({ seedRatioMode: 2 }, 3), 0, 'none')
  t.is(after({ seedRatioMode: 0 }, 0), undefined, 'as the settings have it')
  t.is(after({ seedRatioMode: 1 }, undefined), 3, 'as before')
})

test('how much of a goal may be said before it counts', t => {
  const after = setter(seedGoal)
  t.is(after({ seedIdleLimit: 10 }, undefined), undefined)
  t.is(after({ seedIdleMode: 1 }, undefined), 10)
  t.is(after({ seedIdleMode: 1 }, undefined, {}), 30, 'each has its own, and 30 as in Transmission')
})

test('absurd goals are bounded, and modes that there are not refused', t => {
  t.is(setter()({ seedRatioLimit: -1, seedRatioMode: 1 }, undefined), 0)
  t.is(setter()({ seedRatioLimit: 1e300, seedRatioMode: 1 }, undefined), ratioGoal.most)
  t.throws(() => setter()({ seedRatioMode: 3 }, undefined), { instanceOf: RpcError })
  t.is(readGoalWish(new Params({}), ratioGoal), undefined)
})
