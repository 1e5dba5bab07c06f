import type { Params } from './params.ts'
import type { RememberedAmounts } from './remembered-amounts.ts'
import { RpcError } from './rpc-error.ts'

/** What a transfer may be let go at. */
export interface Goal {
  readonly name: 'seed_ratio' | 'seed_idle'
  /** What Transmission has where nobody ever said one. */
  readonly usual: number
  readonly most: number
}

export const ratioGoal: Goal = { name: 'seed_ratio', usual: 2, most: 1_000_000 }
/** In minutes. */
export const seedGoal: Goal = { name: 'seed_idle', usual: 30, most: 10_000_000 }

/** A goal as clients set it: which one counts, and how much. */
export interface GoalWish {
  readonly amount: number | undefined
  readonly mode: number | undefined
}

const [asSettings, own, none] = [0, 1, 2]

/** A goal's mode: the settings' own, the transfer's own, or none at all. */
export function goalMode(goal: number | undefined): number {
  if (goal === undefined) return asSettings
  return goal > 0 ? own : none
}

/**
 * `undefined` where nothing is said of it.
 *
 * @throws {RpcError} where there is no such mode
 */
export function readGoalWish(params: Params, { name }: Goal): GoalWish | undefined {
  const [amount, mode] = [params.number(`${name}_limit`), params.number(`${name}_mode`)]
  if (mode !== undefined && ![asSettings, own, none].includes(mode))
    throw new RpcError('params', `${name}_mode is 0, 1 or 2`)
  return amount === undefined && mode === undefined ? undefined : { amount, mode }
}

/**
 * The goal after a wish: `undefined` as the settings have it, 0 none.
 *
 * @param of whose it is
 * @param now the goal that holds
 */
export function goalAfter(
  wish: GoalWish,
  goal: Goal,
  { of, now, memory }: { of: object; now: number | undefined; memory: RememberedAmounts },
): number | undefined {
  const before = memory.get(of, goal.name) ?? (now || goal.usual)
  const amount = Math.max(0, Math.min(wish.amount ?? before, goal.most))
  memory.set(of, goal.name, amount)
  const mode = wish.mode ?? goalMode(now)
  if (mode === asSettings) return undefined
  return mode === own ? amount : 0
}
